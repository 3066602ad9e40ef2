internal import XinglinKit

/// `accounts.enrolmentCode`: a new code for a machine whose certificate is lost, revoked or expired, or that has a stand-in.
struct AccountsEnrolmentCode: RPCMethod {
    static let name = "accounts.enrolmentCode"
    static let summary = "Makes a new one-time enrolment code for a machine account; an earlier one no longer works."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let lane = Lane.credential
    static let secretReplyMembers = ["enrolmentCode"]
    static let params = AccountReply.schema
    static let reply = EnrolmentCodeReply.schema
    static let examples = Examples<AccountReply, EnrolmentCodeReply>(
        full: (AccountReply(account: "lab.t1"), .example), minimal: (AccountReply(account: "lab.t1"), .example))

    func handle(_ params: AccountReply, _ call: Call) throws -> EnrolmentCodeReply {
        let id = try Administration(call).machine(params.account)
        let code = try EnrolmentCode.make(for: id, call)
        call.note("account", .string(id.description))
        return EnrolmentCodeReply(account: params.account, code)
    }
}
