internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// Reads the figures of the database every few seconds, on a thread and a connection of its own: however often somebody asks
/// for metrics, the database is asked no more often.
final class DatabaseReader: Sendable {
    private struct State {
        var values: [Int: [DatabaseGauge.Value]] = [:]
        var pending: [String] = []
        /// The tables that the database lacks.
        var missing: Set<String> = []
        var readAt: ContinuousClock.Instant?
        var took = Duration.zero
        var round = 0
        var startedAt: ContinuousClock.Instant?
    }

    /// What was read last, while it is fresh.
    struct Reading {
        let values: [DatabaseGauge.Value]
        /// Migrations that the database lacks.
        let pending: [String]
        let took: Duration
    }

    private static let pause = Duration.seconds(5)
    /// How long a reading counts.
    private static let freshness = Duration.seconds(15)
    /// How long a statement may take.
    private static let patience = Duration.seconds(10)

    private let worker: BackgroundWorker
    private let setup: DatabaseSetup
    private let registry: Registry
    private let clock: HostClock
    private let state = Mutex(State())

    init(conninfo: String, setup: DatabaseSetup, registry: Registry, clock: HostClock, log: Logger) {
        self.worker = BackgroundWorker(conninfo: conninfo, name: "figures", log: log)
        self.setup = setup
        self.registry = registry
        self.clock = clock
    }

    func start() throws {
        self.state.withLock { $0.startedAt = .now }
        try self.worker.start { try self.round($0) }
    }

    func stop() {
        self.worker.stop()
    }

    /// What was read last; nil where that is too long ago.
    var reading: Reading? {
        self.state.withLock { state in
            guard let readAt = state.readAt, ContinuousClock.now - readAt < Self.freshness else { return nil }
            return Reading(
                values: state.values.keys.sorted().flatMap { state.values[$0] ?? [] }, pending: state.pending,
                took: state.took)
        }
    }

    /// Whether the database should have answered by now and has not.
    var isOverdue: Bool {
        self.state.withLock { state in
            guard let since = state.readAt ?? state.startedAt else { return false }
            return ContinuousClock.now - since >= Self.freshness
        }
    }

    private func round(_ connection: Connection) throws -> Duration {
        let began = ContinuousClock.now
        let round = self.state.withLock { $0.round }
        if round % Self.roundsPerSchemaCheck == 0 { try self.checkSchema(connection) }
        let missing = self.state.withLock { $0.missing }
        for (place, gauge) in DatabaseGauge.all.enumerated() where round % gauge.every == 0 {
            guard missing.isDisjoint(with: gauge.tables) else { continue }
            connection.giveUpAt = .now + Self.patience
            let values = try gauge.read(connection, self.clock.now, self.registry)
            self.state.withLock { $0.values[place] = values }
        }
        let now = ContinuousClock.now
        self.state.withLock {
            $0.readAt = now
            $0.took = now - began
            $0.round += 1
        }
        return Self.pause
    }

    private static let roundsPerSchemaCheck = 12

    private func checkSchema(_ connection: Connection) throws {
        let pending = try self.pending(connection)
        let tables = Array(Set(DatabaseGauge.all.flatMap(\.tables)))
        connection.giveUpAt = .now + Self.patience
        let missing = try connection.query(
            "SELECT name FROM unnest(\(tables)::text[]) AS wanted (name) WHERE to_regclass(name) IS NULL"
        ).decode(as: String.self)
        self.state.withLock {
            $0.pending = pending
            $0.missing = Set(missing)
        }
    }

    private func pending(_ connection: Connection) throws -> [String] {
        connection.giveUpAt = .now + Self.patience
        do {
            return try self.setup.pending(connection, self.registry)
        } catch is MigrationError {
            // A newer host has migrated meanwhile. Migrations expand before they contract, so that this one goes on.
            return []
        }
    }
}
