internal import Glibc
internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// Numbers and chains what has been committed. One host of several does it at a time: the one whose connection holds the
/// advisory lock. No business transaction ever waits for it.
final class Sealer: Sendable {
    private struct State {
        /// The session through which this host holds the lock.
        var leader: SessionIdentity?
        /// When the last whole round ended.
        var lastRound: Timestamp?
        var failures = StepFailures()
    }

    private let worker: BackgroundWorker
    private let steps: [any SealingStep]
    private let log: Logger
    private let state = Mutex(State())

    /// The advisory lock of the one sealer: "xlseal".
    static let lock: Int64 = 0x786C_7365_616C
    /// How long a statement may take.
    private static let patience = Duration.seconds(60)
    /// How long a stop waits for what is sealed last; a database that does not answer must not hold it up.
    private static let patienceAtStop = Duration.seconds(10)
    /// How long of that for transactions that hold rows up.
    private static let patienceForOthers = Duration.seconds(3)
    private static let patienceForNews = Duration.seconds(10)
    private static let pause = Duration.milliseconds(200)
    /// How long until a host that does not lead looks whether it may.
    private static let pauseOfOthers = Duration.seconds(1)

    init(conninfo: String, steps: [any SealingStep], log: Logger) {
        self.worker = BackgroundWorker(conninfo: conninfo, name: "sealer", log: log)
        self.steps = steps
        self.log = log
    }

    func start() throws {
        try self.worker.start { try self.round($0) }
    }

    /// Seals what is there once more, and stops.
    func stop() {
        self.worker.finish(atMost: Self.patienceAtStop)
        self.worker.stop()
    }

    /// Something was committed that waits for a number.
    func wake() {
        self.worker.wake()
    }

    /// Whether this host, of several, is the one that seals.
    var leads: Bool { self.state.withLock { $0.leader != nil } }

    /// When this host last ended a round; nil where it never led.
    var lastRound: Timestamp? { self.state.withLock { $0.lastRound } }

    var stepNames: [String] { self.steps.map(\.name) }

    /// The names of the steps that fail now, on the host that seals.
    var failing: Set<String> { self.state.withLock { $0.leader == nil ? [] : $0.failures.names } }

    private func round(_ connection: Connection) throws -> Duration {
        // A server that hangs is noticed soon: another may have taken its place.
        connection.giveUpAt = .now + Self.patienceForNews
        guard try self.isLeader(connection) else { return Self.pauseOfOthers }
        try self.takeTurns(connection)
        if self.worker.isFinishing { try self.conclude(connection) }
        self.state.withLock { $0.lastRound = HostClock.system.now }
        return Self.pause
    }

    /// Runs the steps until none has a whole turn's work left.
    private func takeTurns(_ connection: Connection) throws {
        var isMore = true
        while isMore, !self.worker.isStopping {
            isMore = false
            // In turns: what one step has left to do must not hold the others up.
            for step in self.steps where self.state.withLock({ $0.failures.isDue(step.name) }) {
                // Asked anew each time: what ended meanwhile need not wait for the next round.
                let horizon = try connection.query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
                    .first(as: String.self)
                guard let horizon else { return }
                connection.giveUpAt = .now + Self.patience
                try self.attempt(step, connection) {
                    if try step.seal(below: horizon, on: connection) >= step.batch { isMore = true }
                }
                connection.giveUpAt = .now + Self.patienceForNews
            }
        }
    }

    /// Runs a part of a step. What it stumbles over in the database must not hold up the other steps: they go on, unless the
    /// connection itself is gone.
    private func attempt(_ step: any SealingStep, _ connection: Connection, _ body: () throws -> Void) throws {
        do {
            try body()
            self.state.withLock { $0.failures.succeeded(step.name) }
        } catch {
            guard !connection.isBroken, !self.worker.isStopping else { throw error }
            if !connection.isIdle { try connection.script("ROLLBACK") }
            guard self.state.withLock({ $0.failures.failed(step.name) }) else { return }
            let text = (error as? DatabaseError).map { "\($0): \($0.message)" } ?? String(describing: type(of: error))
            self.log.error(
                "a step of the sealer failed and is tried again",
                metadata: ["step": .string(step.name), "error": .string(text)])
        }
    }

    /// The last round before a stop: waits a moment for what other transactions hold up.
    private func conclude(_ connection: Connection) throws {
        let end = ContinuousClock.now + Self.patienceForOthers
        while self.steps.contains(where: \.isHeldUp), ContinuousClock.now < end, !self.worker.isStopping {
            usleep(20_000)
            try self.takeTurns(connection)
        }
        for step in self.steps {
            try self.attempt(step, connection) { try step.conclude(on: connection) }
        }
    }

    private func isLeader(_ connection: Connection) throws -> Bool {
        let session = connection.identity
        if self.state.withLock({ $0.leader == session }) { return true }
        // A lock of a session: it goes with its connection, and whoever seals next does so on what this one committed.
        let isMine = try connection.query("SELECT pg_try_advisory_lock(\(Self.lock))").first(as: Bool.self) ?? false
        self.state.withLock { $0.leader = isMine ? session : nil }
        if isMine { self.log.info("this host seals", metadata: ["backend": .stringConvertible(session.backend)]) }
        return isMine
    }
}
