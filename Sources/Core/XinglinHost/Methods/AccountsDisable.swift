internal import XinglinKit

/// What the methods about one account answer.
struct AccountReply: Codable, Sendable {
    var account: String

    static let schema = Schema.object(.required("account", .code(1...64), "The account."))
    static let example = AccountReply(account: "pharmacist.t1")
}

/// `accounts.disable`: the account may no longer log in, and its sessions end.
struct AccountsDisable: RPCMethod {
    static let name = "accounts.disable"
    static let summary = "Disables an account and ends its sessions, on every host within 5 seconds."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = AccountReply.schema
    static let reply = AccountReply.schema
    static let examples = Examples<AccountReply, AccountReply>(
        full: (.example, .example), minimal: (.example, .example))

    func handle(_ params: AccountReply, _ call: Call) throws -> AccountReply {
        let administration = try Administration(call)
        let target = try administration.account(params.account).principal
        let id = target.accountID
        guard id != administration.caller.accountID else {
            throw Fault.invalid("/account", expected: "another account than one's own", zh: "本人以外的账号")
        }
        guard try !target.administersEverySite || Administration.othersEverywhere(than: id, call) > 0 else {
            throw Fault.invalid(
                "/account", expected: "another account: this is the last administrator of every site",
                zh: "另一个账号：这是最后一个全县管理员")
        }
        try call.db.execute(
            "UPDATE host.account SET disabled = true, epoch = epoch + 1 WHERE account_id = \(id)", expecting: .rows(1))
        try call.hosted.changesDirectory = true
        call.note("account", .string(id.description))
        return params
    }
}
