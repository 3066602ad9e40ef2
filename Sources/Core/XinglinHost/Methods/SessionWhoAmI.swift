internal import XinglinKit

/// `session.whoami`: who this connection speaks for.
struct SessionWhoAmI: RPCMethod, MethodBeforePasswordChange {
    static let name = "session.whoami"
    static let summary = "Says which account this connection is bound to, and what it may do."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object()
    static let reply = SessionReply.schema
    static let examples = Examples<Empty, SessionReply>(
        full: (Empty(), .example), minimal: (Empty(), .example))

    func handle(_ params: Empty, _ call: Call) throws -> SessionReply {
        let context = try call.hosted
        guard let account = context.services.directory.snapshot.accounts[try call.caller.accountID],
            let expiresAt = context.admission.session?.expiresAt ?? context.admission.certificate?.expiresAt
        else { throw HostFault.sessionExpired.fault() }
        return SessionReply(account, token: nil, expiresAt: expiresAt, context.services)
    }
}
