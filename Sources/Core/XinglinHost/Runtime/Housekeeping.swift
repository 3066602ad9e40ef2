internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// What happens beside the calls: the directory is kept fresh, sessions' last use is written down. Old rows go by `HostJobs`.
final class Housekeeping: Sendable {
    private struct State {
        var sessions: [SQLBytes: Session] = [:]
        var lastFlush: Timestamp
    }
    private let state: Mutex<State>
    private let directory: Directory
    private let keys: KeyWatch?
    private let mode: DatabaseMode
    private let clock: HostClock
    private let log: Logger

    /// How long a statement that writes may take; those that keep the directory fresh have less.
    private static let patience = Duration.seconds(90)
    private static let flushSeconds: Int64 = 30

    init(directory: Directory, keys: KeyWatch? = nil, mode: DatabaseMode, clock: HostClock, log: Logger) {
        self.directory = directory
        self.keys = keys
        self.mode = mode
        self.clock = clock
        self.log = log
        self.state = Mutex(State(lastFlush: HostClock.system.now))
    }

    /// A session is bound to a connection; its last use is written down from now on.
    /// - Returns: the session to bind. Connections with one token share it, so that none finds it idle while another uses it.
    func seen(_ session: Session) -> Session {
        self.state.withLock { state in
            if let known = state.sessions[session.tokenDigest], known.epoch == session.epoch {
                known.wasUsed(at: session.lastUsedAt)
                return known
            }
            state.sessions[session.tokenDigest] = session
            return session
        }
    }

    /// Runs on the watcher's thread: after NOTIFY, after each reconnect, and every few seconds.
    func wake(_ connection: Connection) {
        do {
            try self.directory.refresh(connection)
            try self.keys?.refresh(connection)
            // The results of these statements brought the news.
            self.mode.update(connection)
            if self.mode.refusesWrites { return }
            connection.giveUpAt = .now + Self.patience
            let now = HostClock.system.now
            let mustFlush = self.state.withLock { state in
                guard Self.isDue(since: state.lastFlush, seconds: Self.flushSeconds, now) else { return false }
                state.lastFlush = now
                return true
            }
            if mustFlush { try self.flush(connection) }
        } catch {
            self.log.warning("housekeeping failed", metadata: ["error": .string(String(describing: error))])
        }
    }

    /// Whether that long has passed, or the clock was set back.
    private static func isDue(since last: Timestamp, seconds: Int64, _ now: Timestamp) -> Bool {
        now < last || now >= last.adding(seconds: seconds)
    }

    private func flush(_ connection: Connection) throws {
        let now = self.clock.now
        let sessions = self.state.withLock { state in
            state.sessions = state.sessions.filter { $0.value.expiresAt > now }
            return Array(state.sessions.values)
        }
        if sessions.isEmpty { return }
        _ = try connection.query(
            """
            UPDATE host.session SET last_seen_at = used.at \
            FROM unnest(\(sessions.map(\.tokenDigest))::bytea[], \(sessions.map(\.lastUsedAt))::timestamptz[]) AS used (token, at) \
            WHERE token_digest = used.token AND last_seen_at < used.at
            """)
        // Other hosts write down what they see too.
        let seen: [(SQLBytes, Timestamp)] = try connection.query(
            "SELECT token_digest, last_seen_at FROM host.session WHERE token_digest = ANY (\(sessions.map(\.tokenDigest))::bytea[])"
        ).decode()
        let byToken = Dictionary(uniqueKeysWithValues: sessions.map { ($0.tokenDigest, $0) })
        for (token, at) in seen { byToken[token]?.wasUsed(at: at) }
    }
}
