internal import Logging
internal import Synchronization
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Signs a checkpoint over the heads of all chains: after so many rows, after so many minutes, and at a clean stop.
final class CheckpointSigning: SealingStep {
    let name = "checkpoints"
    let batch = 1

    private struct State {
        /// The session for which the rest was read: another host may have signed before it.
        var session: SessionIdentity?
        /// Rows that the last checkpoint does not cover, and how many this host had sealed when they were counted.
        var uncovered = 0
        var sealed = 0
        /// When the last one was signed; nil where there is none.
        var signedAt: ContinuousClock.Instant?
    }
    private let chaining: AuditChaining
    private let key: SigningKey
    private let rows: Int
    private let interval: Duration
    private let log: Logger
    private let state = Mutex(State())

    init(_ chaining: AuditChaining, key: SigningKey, settings: HostSettings.Audit, log: Logger) {
        self.chaining = chaining
        self.key = key
        self.rows = settings.checkpointRows
        self.interval = .seconds(settings.checkpointMinutes * 60)
        self.log = log
    }

    func seal(below horizon: String, on connection: Connection) throws -> Int {
        let uncovered = try self.uncovered(connection)
        let signedAt = self.state.withLock { $0.signedAt }
        let isDue = uncovered >= self.rows || signedAt.map { .now - $0 >= self.interval } ?? true
        if uncovered > 0, isDue { try self.sign(connection) }
        return 0
    }

    func conclude(on connection: Connection) throws {
        if try self.uncovered(connection) > 0 { try self.sign(connection) }
    }

    /// How many sealed rows no checkpoint covers.
    private func uncovered(_ connection: Connection) throws -> Int {
        let sealed = self.chaining.sealed
        let known = self.state.withLock { state in
            state.session == connection.identity ? state.uncovered + sealed - state.sealed : nil
        }
        if let known { return known }
        let row: (Cell<Int64>, Cell<Int64>, Cell<Timestamp>)? = try connection.query(
            """
            SELECT (SELECT coalesce(sum(number), 0)::text FROM host.audit_heads() WHERE number <= \(AuditLink.last)),
                coalesce(max(total), 0), max(at)
            FROM (SELECT total, at FROM host.audit_checkpoint ORDER BY number DESC LIMIT 1) last
            """
        ).first()
        guard let row else { return 0 }
        let uncovered = max(0, (row.0.value ?? .max).clampedDifference(row.1.value ?? 0))
        let age = row.2.value.map { max(0, HostClock.system.now.microseconds - $0.microseconds) }
        self.state.withLock { state in
            state.session = connection.identity
            state.uncovered = Int(min(uncovered, AuditLink.last))
            state.sealed = sealed
            state.signedAt = age.map { .now - .microseconds($0) }
        }
        return Int(min(uncovered, AuditLink.last))
    }

    private func sign(_ connection: Connection) throws {
        let sealed = self.chaining.sealed
        let checkpoint = try AuditCheckpoint.next(connection, key: self.key, now: HostClock.system.now)
        _ = try connection.query(checkpoint.insert)
        self.state.withLock { state in
            state.uncovered = 0
            state.sealed = sealed
            state.signedAt = .now
        }
        self.log.info(
            "a checkpoint was signed",
            metadata: ["number": .stringConvertible(checkpoint.number), "rows": .stringConvertible(checkpoint.total)])
    }
}
