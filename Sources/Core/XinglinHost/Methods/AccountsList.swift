internal import XinglinKit

/// `accounts.list`: the accounts that the caller administers.
struct AccountsList: RPCMethod {
    struct Params: Codable, Sendable {
        var site: String?
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var accounts: [Account]
        var next: String?
    }
    struct Account: Codable, Sendable {
        var account: String
        var roles: [RoleReply]
        var disabled: Bool
        var passwordChangeRequired: Bool
        var staffId: String?
        var machine: Bool?
    }

    static let name = "accounts.list"
    static let summary =
        "Lists the accounts that the caller administers: those all of whose roles are at sites in the caller's charge."
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(
        [.optional("site", .code(1...32), "Only accounts with a role at this site.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "accounts",
            .array(
                .object(
                    .required("account", .code(1...64), "The account's name."),
                    .required("roles", .array(RoleReply.schema, 0...1000), "Its roles."),
                    .required("disabled", .boolean, "Whether it may not log in."),
                    .required("passwordChangeRequired", .boolean, "Whether its password must be changed first."),
                    .optional("staffId", .code(1...64), "The staff member it belongs to."),
                    .optional("machine", .boolean, "true for a machine account; absent for a person's.")), 0...500),
            "The accounts."),
        Schema.pageReply)
    private static let example = Account(
        account: "pharmacist.t1", roles: [RoleReply(role: .pharmacist, site: "t1", scope: .site)], disabled: false,
        passwordChangeRequired: true)
    static let examples = Examples<Params, Reply>(
        full: (Params(site: "t1", limit: 1, after: "nurse.t1"), Reply(accounts: [example], next: "pharmacist.t1")),
        minimal: (Params(), Reply(accounts: [example])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let administration = try Administration(call)
        let directory = administration.directory
        let site = try params.site.map { try administration.site($0) }
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let mine = directory.accounts.values.filter { account in
            guard (try? administration.account(account.principal.account)) != nil else { return false }
            return site.map { site in account.principal.grants.contains { directory.reaches($0, site.id) } } ?? true
        }
        let sorted = mine.sorted { $0.principal.account < $1.principal.account }
            .filter { account in page.after.map { account.principal.account > $0[0] } ?? true }
        let shown = sorted.prefix(page.limit)
        return Reply(
            accounts: shown.map { Self.reply($0, directory) },
            next: sorted.count > shown.count ? shown.last.map { Page.cursor($0.principal.account) } : nil)
    }

    private static func reply(_ account: DirectorySnapshot.Account, _ directory: DirectorySnapshot) -> Account {
        Account(
            account: account.principal.account, roles: account.principal.grants.map { RoleReply($0, directory) },
            disabled: account.isDisabled, passwordChangeRequired: account.mustChangePassword,
            staffId: account.principal.staffID, machine: account.isMachine ? true : nil)
    }
}
