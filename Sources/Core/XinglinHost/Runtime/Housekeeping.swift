internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// What happens beside the calls: the directory is kept fresh, sessions' last use is written down, old rows go.
final class Housekeeping: Sendable {
    private struct State {
        var sessions: [SQLBytes: Session] = [:]
        var lastFlush: Timestamp
        var lastPurge: Timestamp
    }
    private let state: Mutex<State>
    private let directory: Directory
    private let keys: KeyWatch?
    private let clock: HostClock
    private let log: Logger

    /// Idempotency keys are honoured for seven days.
    static let keyDays: Int64 = 7
    /// Imports and what was uploaded for them are kept for thirty days.
    static let importDays: Int64 = 30
    private static let flushSeconds: Int64 = 30
    private static let purgeSeconds: Int64 = 3600
    /// Rows deleted at once, so that no delete holds locks for long.
    private static let purgeRows = 5_000

    init(directory: Directory, keys: KeyWatch? = nil, clock: HostClock, log: Logger) {
        self.directory = directory
        self.keys = keys
        self.clock = clock
        self.log = log
        self.state = Mutex(State(lastFlush: HostClock.system.now, lastPurge: Timestamp(microseconds: 0)))
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
            let now = HostClock.system.now
            let (mustFlush, mustPurge) = self.state.withLock { state in
                let due = (
                    Self.isDue(since: state.lastFlush, seconds: Self.flushSeconds, now),
                    Self.isDue(since: state.lastPurge, seconds: Self.purgeSeconds, now)
                )
                if due.0 { state.lastFlush = now }
                if due.1 { state.lastPurge = now }
                return due
            }
            if mustFlush { try self.flush(connection) }
            if mustPurge { try self.purge(connection) }
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

    private func purge(_ connection: Connection) throws {
        let now = self.clock.now
        let oldKeys = now.adding(seconds: -Self.keyDays * 86_400)
        let keys: SQL = """
            DELETE FROM host.idempotency WHERE ctid IN \
            (SELECT ctid FROM host.idempotency WHERE created_at < \(oldKeys) LIMIT \(Self.purgeRows))
            """
        let sessions: SQL = """
            DELETE FROM host.session WHERE token_digest IN \
            (SELECT token_digest FROM host.session WHERE expires_at < \(now) LIMIT \(Self.purgeRows))
            """
        // What is left after this time goes at the next wake: the directory must not grow stale over it.
        let end = ContinuousClock.now + .seconds(2)
        for sql in [keys, sessions] + self.oldImports(now) {
            while try connection.query(sql).affected == Self.purgeRows {
                guard ContinuousClock.now < end else { return self.purgeAgainSoon() }
            }
        }
    }

    /// What was uploaded for imports, and the imports, but those that are being applied.
    private func oldImports(_ now: Timestamp) -> [SQL] {
        let old = now.adding(seconds: -Self.importDays * 86_400)
        return [
            """
            DELETE FROM host.import_chunk WHERE chunk_id IN (SELECT chunk_id FROM host.import_chunk JOIN host.import \
            USING (import_id) WHERE created_at < \(old) AND state <> 'applying' LIMIT \(Self.purgeRows))
            """,
            """
            DELETE FROM host.import_key WHERE (import_id, digest) IN (SELECT import_id, digest FROM host.import_key \
            JOIN host.import USING (import_id) WHERE created_at < \(old) AND state <> 'applying' LIMIT \(Self.purgeRows))
            """,
            """
            DELETE FROM host.import_fault WHERE (import_id, line, ordinal) IN (SELECT import_id, line, ordinal \
            FROM host.import_fault JOIN host.import USING (import_id) \
            WHERE created_at < \(old) AND state <> 'applying' LIMIT \(Self.purgeRows))
            """,
            """
            DELETE FROM host.import WHERE import_id IN (SELECT import_id FROM host.import one WHERE created_at < \(old) \
            AND state <> 'applying' AND NOT EXISTS (SELECT FROM host.import_chunk WHERE import_id = one.import_id) \
            LIMIT \(Self.purgeRows))
            """,
        ]
    }

    private func purgeAgainSoon() {
        self.state.withLock { $0.lastPurge = Timestamp(microseconds: 0) }
    }
}
