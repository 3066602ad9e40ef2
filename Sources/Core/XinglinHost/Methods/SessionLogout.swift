internal import XinglinKit

/// `session.logout`: ends the session everywhere.
struct SessionLogout: RPCMethod, MethodBeforePasswordChange {
    struct Reply: Codable, Sendable {
        var account: String
    }

    static let name = "session.logout"
    static let summary = "Ends the session on every connection that holds it."
    static let effect = Effect.write
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object()
    static let reply = Schema.object(.required("account", .code(1...64), "The account that was logged out."))
    static let examples = Examples<Empty, Reply>(
        full: (Empty(), Reply(account: "pharmacist.t1")), minimal: (Empty(), Reply(account: "admin")))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let context = try call.hosted
        let session = try context.requireSession()
        try call.db.execute(
            "UPDATE host.session SET ended_at = \(call.now) WHERE token_digest = \(session.tokenDigest)",
            expecting: .rows(1))
        context.changesDirectory = true
        let state = context.state
        context.onCommit { state?.unbind(session) }
        return Reply(account: try call.caller.account)
    }
}
