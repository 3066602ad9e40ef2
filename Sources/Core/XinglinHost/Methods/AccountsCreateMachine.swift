internal import XinglinKit

/// `accounts.createMachine`: a new account for a program, with the code by which it gets its certificate.
struct AccountsCreateMachine: RPCMethod {
    static let name = "accounts.createMachine"
    static let summary =
        "Creates a machine account with roles: it has no password, and calls with a client certificate that machine.enrol gives."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let lane = Lane.credential
    static let secretReplyMembers = ["enrolmentCode"]
    static let params = Schema.object(
        .required("account", .code(3...64), "The account's name; it never changes, and its certificates bear it."),
        .required(
            "roles", .array(RoleReply.schema, 0...100),
            "The roles, such as integrator; the caller must administer each site named."),
        .optional("staffId", .code(1...64), "The staff member who answers for it.")
    )
    static let reply = EnrolmentCodeReply.schema
    static let examples = Examples<AccountsCreate.Params, EnrolmentCodeReply>(
        full: (
            AccountsCreate.Params(
                account: "lab.t1", roles: [RoleReply(role: .integrator, site: "t1", scope: .site)],
                staffId: "0198f3a2-0000-7000-8000-000000000001"), .example
        ),
        minimal: (AccountsCreate.Params(account: "lab.t1", roles: []), .example))

    func handle(_ params: AccountsCreate.Params, _ call: Call) throws -> EnrolmentCodeReply {
        let grants = try Administration(call).grants(params.roles)
        let id = call.newID()
        try call.db.batch([
            Statement(
                AccountStore.insertMachine(id, name: params.account, staffID: params.staffId, now: call.now), .rows(1)),
            Statement(AccountStore.insert(grants, for: id), .rows(grants.count)),
        ])
        let code = try EnrolmentCode.make(for: id, call)
        try call.hosted.changesDirectory = true
        call.note("account", .string(id.description))
        return EnrolmentCodeReply(account: params.account, code)
    }
}

/// What the methods that make an enrolment code answer.
struct EnrolmentCodeReply: Codable, Sendable {
    var account: String
    var enrolmentCode: String?
    var expiresAt: Timestamp

    static let schema = Schema.object(
        .required("account", .code(3...64), "The machine account."),
        .optional(
            "enrolmentCode", .opaque(1...64),
            "For machine.enrol, once. Hand it over in person. Absent when a repeated call gets its stored reply."),
        .required("expiresAt", .timestamp, "Until when the code can be used.")
    )
    static let example = EnrolmentCodeReply(
        account: "lab.t1", enrolmentCode: "k7wm-9qhd-t4xz-3rfn",
        expiresAt: Timestamp(microseconds: 1_795_086_400_000_000))

    init(account: String, enrolmentCode: String?, expiresAt: Timestamp) {
        self.account = account
        self.enrolmentCode = enrolmentCode
        self.expiresAt = expiresAt
    }

    init(account: String, _ code: EnrolmentCode) {
        self.init(account: account, enrolmentCode: code.text, expiresAt: code.expiresAt)
    }
}
