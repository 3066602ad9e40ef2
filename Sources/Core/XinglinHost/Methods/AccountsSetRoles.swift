internal import XinglinKit

/// `accounts.setRoles`: replaces an account's roles.
struct AccountsSetRoles: RPCMethod {
    struct Params: Codable, Sendable {
        var account: String
        var roles: [RoleReply]
    }
    struct Reply: Codable, Sendable {
        var account: String
        var roles: [RoleReply]
    }

    static let name = "accounts.setRoles"
    static let summary = "Replaces the roles of an account. It holds on every host within 5 seconds."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(
        .required("account", .code(1...64), "The account."),
        .required("roles", .array(RoleReply.schema, 0...100), "All its roles from now on.")
    )
    static let reply = Schema.object(
        .required("account", .code(1...64), "The account."),
        .required("roles", .array(RoleReply.schema, 0...100), "Its roles.")
    )
    static let examples = Examples<Params, Reply>(
        full: (
            Params(account: "pharmacist.t1", roles: [RoleReply(role: .reviewer, site: "t1", scope: .site)]),
            Reply(account: "pharmacist.t1", roles: [RoleReply(role: .reviewer, site: "t1", scope: .site)])
        ),
        minimal: (Params(account: "pharmacist.t1", roles: []), Reply(account: "pharmacist.t1", roles: [])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let administration = try Administration(call)
        let account = try administration.account(params.account)
        let grants = try administration.grants(params.roles)
        let id = account.principal.accountID
        let isLeaving =
            account.principal.administersEverySite && !grants.contains { $0.role == .siteAdmin && $0.siteID == nil }
        guard try !isLeaving || Administration.othersEverywhere(than: id, call) > 0 else {
            throw Fault.invalid(
                "/roles", expected: "siteAdmin at '*': this is the last administrator of every site",
                zh: "保留 '*' 的 siteAdmin：这是最后一个全县管理员")
        }
        try call.db.batch([
            Statement("DELETE FROM host.role_grant WHERE account_id = \(id)"),
            Statement(AccountStore.insert(grants, for: id), .rows(grants.count)),
        ])
        try call.hosted.changesDirectory = true
        call.note("account", .string(id.description))
        return Reply(account: params.account, roles: params.roles)
    }
}
