internal import XinglinCrypto
internal import XinglinKit
internal import XinglinRPC

/// `session.login`: opens a session and binds it to the connection.
struct SessionLogin: RPCMethod {
    struct Params: Codable, Sendable {
        var account: String
        var password: String
    }

    static let name = "session.login"
    static let summary = "Opens a session for an account and binds it to this connection."
    static let effect = Effect.write
    static let access = Access.anonymous
    static let scope = Scope.host
    static let lane = Lane.credential
    static let params = Schema.object(
        .required("account", .code(1...64), "The account's name."),
        .required("password", .opaque(1...200), "The password.")
    )
    static let reply = SessionReply.schema
    static let examples = Examples<Params, SessionReply>(
        full: (Params(account: "pharmacist.t1", password: "three plain words 42"), .example),
        minimal: (Params(account: "admin", password: "three plain words 42"), .example))

    func handle(_ params: Params, _ call: Call) throws -> SessionReply {
        let context = try call.hosted
        let services = context.services
        try context.requireNoCertificate()
        let address = context.connection.network
        // Guessing is slowed by the machine's clock, whatever time the demonstration stands at.
        let attempt = try LoginAttempt(services.limiter, params.account, address, HostClock.system.now)
        let row: (RecordID, String, Bool, Int64)?
        let isRight: Bool
        do {
            row = try call.db.first(
                """
                SELECT account_id, password_hash, disabled OR is_machine, epoch FROM host.account \
                WHERE account = \(params.account)
                """)
            context.auditedAccount = row?.0
            // An unknown account costs the same time as a known one.
            isRight = try PasswordHash.verify(params.password, against: row?.1 ?? PasswordHash.dummy)
        } catch {
            attempt.abandon()
            throw error
        }
        guard let (accountID, _, isBarred, epoch) = row, isRight, !isBarred else {
            throw HostFault.badCredentials.fault()
        }
        attempt.succeed()
        return try self.open(accountID, epoch, context, call)
    }

    private func open(
        _ accountID: RecordID, _ epoch: Int64, _ context: HostCallContext, _ call: Call
    ) throws -> SessionReply {
        let services = context.services
        // On this host the directory may be some seconds behind the account that was read.
        guard let account = services.directory.snapshot.accounts[accountID], account.epoch == epoch else {
            throw HostFault.busy.fault()
        }
        let token = try SecureRandom.token()
        let session = Session(
            tokenDigest: SQLBytes(try SM3.digest(Array(token.utf8))), accountID: accountID, epoch: epoch,
            expiresAt: call.now.adding(seconds: Int64(services.settings.session.lifetimeMinutes) * 60),
            lastUsed: call.now)
        try call.db.execute(
            """
            INSERT INTO host.session (token_digest, account_id, epoch, created_at, expires_at, last_seen_at) \
            SELECT \(session.tokenDigest)::bytea, account_id, epoch, \(call.now), \(session.expiresAt), \(call.now) \
            FROM host.account WHERE account_id = \(accountID) AND epoch = \(epoch) AND NOT disabled FOR SHARE
            """, expecting: .rows(1), otherwise: HostFault.badCredentials.fault())
        let state = context.state
        context.onCommit {
            let shared = services.housekeeping.seen(session)
            state?.bind(shared)
        }
        return SessionReply(account, token: token, expiresAt: session.expiresAt, services)
    }
}
