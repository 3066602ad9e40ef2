internal import XinglinCrypto
internal import XinglinKit

/// `session.resume`: binds an open session to this connection.
struct SessionResume: RPCMethod {
    struct Params: Codable, Sendable {
        var token: String
    }

    static let name = "session.resume"
    static let summary = "Binds a session that was opened on another connection to this one."
    static let effect = Effect.read
    static let access = Access.anonymous
    static let scope = Scope.host
    static let params = Schema.object(.required("token", .opaque(1...200), "The token that session.login gave."))
    static let reply = SessionReply.schema
    static let examples = Examples<Params, SessionReply>(
        full: (Params(token: SessionReply.example.token ?? ""), .example),
        minimal: (Params(token: SessionReply.example.token ?? ""), .example))

    func handle(_ params: Params, _ call: Call) throws -> SessionReply {
        let context = try call.hosted
        let services = context.services
        try context.requireNoCertificate()
        let digest = SQLBytes(try SM3.digest(Array(params.token.utf8)))
        let row: (RecordID, Int64, Timestamp, Timestamp)? = try call.db.first(
            """
            SELECT account_id, epoch, expires_at, last_seen_at FROM host.session \
            WHERE token_digest = \(digest) AND ended_at IS NULL
            """)
        guard let (accountID, epoch, expiresAt, lastSeen) = row,
            let account = services.directory.snapshot.accounts[accountID], !account.isDisabled, account.epoch <= epoch
        else { throw HostFault.sessionExpired.fault() }
        // The database has the last use of half a minute ago; a connection on the same token may know better.
        let session = services.housekeeping.seen(
            Session(tokenDigest: digest, accountID: accountID, epoch: epoch, expiresAt: expiresAt, lastUsed: lastSeen))
        guard session.use(at: call.now, idleMinutes: services.settings.session.idleMinutes) else {
            throw HostFault.sessionExpired.fault()
        }
        let state = context.state
        context.onCommit { state?.bind(session) }
        return SessionReply(account, token: params.token, expiresAt: expiresAt, services)
    }
}
