internal import XinglinCrypto
internal import XinglinKit

/// `accounts.resetPassword`: a new one-time password for someone who forgot theirs.
struct AccountsResetPassword: RPCMethod {
    static let name = "accounts.resetPassword"
    static let summary = "Gives an account a new one-time password and ends its sessions."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let lane = Lane.credential
    static let secretReplyMembers = ["oneTimePassword"]
    static let params = AccountReply.schema
    static let reply = AccountsCreate.reply
    static let examples = Examples<AccountReply, AccountsCreate.Reply>(
        full: (.example, .init(account: "pharmacist.t1", oneTimePassword: "k7wm-9qhd-t4xz-3rfn")),
        minimal: (.example, .init(account: "pharmacist.t1", oneTimePassword: "k7wm-9qhd-t4xz-3rfn")))

    func handle(_ params: AccountReply, _ call: Call) throws -> AccountsCreate.Reply {
        let id = try Administration(call).person(params.account)
        let password = try SecureRandom.password()
        let hash = try PasswordHash.make(password)
        try call.db.execute(
            """
            UPDATE host.account SET password_hash = \(hash), must_change = true, epoch = epoch + 1 WHERE account_id = \(id)
            """, expecting: .rows(1))
        try call.hosted.changesDirectory = true
        call.note("account", .string(id.description))
        return AccountsCreate.Reply(account: params.account, oneTimePassword: password)
    }
}
