internal import XinglinCrypto
internal import XinglinKit

/// `accounts.create`: a new account with a one-time password.
struct AccountsCreate: RPCMethod {
    struct Params: Codable, Sendable {
        var account: String
        var roles: [RoleReply]
        var staffId: String?
    }
    struct Reply: Codable, Sendable {
        var account: String
        var oneTimePassword: String?
    }

    static let name = "accounts.create"
    static let summary = "Creates an account with roles; its one-time password must be changed at the first login."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let lane = Lane.credential
    static let secretReplyMembers = ["oneTimePassword"]
    static let params = Schema.object(
        .required("account", .code(3...64), "The account's name; it never changes."),
        .required("roles", .array(RoleReply.schema, 0...100), "The roles; the caller must administer each site named."),
        .optional("staffId", .code(1...64), "The staff member it belongs to.")
    )
    static let reply = Schema.object(
        .required("account", .code(3...64), "The account's name."),
        .optional(
            "oneTimePassword", .opaque(1...64),
            "To hand over in person. Absent when a repeated call gets its stored reply.")
    )
    static let examples = Examples<Params, Reply>(
        full: (
            Params(
                account: "pharmacist.t1", roles: [RoleReply(role: .pharmacist, site: "t1", scope: .site)],
                staffId: "0198f3a2-0000-7000-8000-000000000001"),
            Reply(account: "pharmacist.t1", oneTimePassword: "k7wm-9qhd-t4xz-3rfn")
        ),
        minimal: (
            Params(account: "nurse.t1", roles: []), Reply(account: "nurse.t1", oneTimePassword: "k7wm-9qhd-t4xz-3rfn")
        ))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let grants = try Administration(call).grants(params.roles)
        let password = try SecureRandom.password()
        let id = call.newID()
        let hash = try PasswordHash.make(password)
        try call.db.batch([
            Statement(
                AccountStore.insert(
                    id, name: params.account, hash: hash, mustChange: true, staffID: params.staffId, now: call.now),
                .rows(1)),
            Statement(AccountStore.insert(grants, for: id), .rows(grants.count)),
        ])
        try call.hosted.changesDirectory = true
        call.note("account", .string(id.description))
        return Reply(account: params.account, oneTimePassword: password)
    }
}
