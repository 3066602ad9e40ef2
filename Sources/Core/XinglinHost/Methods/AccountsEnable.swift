internal import XinglinKit

/// `accounts.enable`: a disabled account may log in again.
struct AccountsEnable: RPCMethod {
    static let name = "accounts.enable"
    static let summary = "Lets a disabled account log in again."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = AccountReply.schema
    static let reply = AccountReply.schema
    static let examples = Examples<AccountReply, AccountReply>(
        full: (.example, .example), minimal: (.example, .example))

    func handle(_ params: AccountReply, _ call: Call) throws -> AccountReply {
        let id = try Administration(call).account(params.account).principal.accountID
        try call.db.execute("UPDATE host.account SET disabled = false WHERE account_id = \(id)", expecting: .rows(1))
        try call.hosted.changesDirectory = true
        call.note("account", .string(id.description))
        return params
    }
}
