internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// Has the modules' handlers do what follows from events: on threads and connections of their own, each handler on one host of
/// several at a time.
final class EventHandlers: Sendable {
    private struct State {
        /// Up to where a handler is known to have nothing to do; ahead of its cursor where the events were no concern of it.
        var positions: [String: Int64] = [:]
        /// The sessions whose look at the events the positions come from.
        var sessions: Set<SessionIdentity> = []
        /// When a handler's cursor was last moved over events that were no concern of it.
        var noted: [String: ContinuousClock.Instant] = [:]
    }

    let handlers: [HandlerEntry]
    private let workers: [BackgroundWorker]
    private let state = Mutex(State())
    /// A handler that takes long must not keep all others waiting.
    private static let threads = 2
    /// How often a cursor is moved at the most where there was nothing to do.
    private static let notePause = Duration.seconds(2)

    init(_ handlers: [HandlerEntry], conninfo: String, log: Logger) {
        self.handlers = handlers.sorted { $0.name < $1.name }
        self.workers = (handlers.isEmpty ? 0..<0 : 0..<Self.threads).map { _ in
            BackgroundWorker(conninfo: conninfo, name: "handlers", log: log)
        }
    }

    /// Notes handlers that are new to the database, which says where each begins, and starts the threads.
    func start(_ services: HostServices, _ connection: Connection) throws {
        try self.register(connection)
        for worker in self.workers {
            let round = HandlerRound(services: services, handlers: self, worker: worker)
            try worker.start { try round.run($0) }
        }
    }

    func stop() {
        for worker in self.workers { worker.stop() }
    }

    /// There may be something to do.
    func wake() {
        for worker in self.workers { worker.wake() }
    }

    /// Says that the handlers are in use, so that no event goes that they have not passed.
    func register(_ connection: Connection) throws {
        guard !self.handlers.isEmpty else { return }
        _ = try connection.query(
            """
            INSERT INTO host.event_cursor (handler, number, seen_at) \
            SELECT given.name, CASE WHEN from_start THEN 0 ELSE last END, now() \
            FROM unnest(\(self.handlers.map(\.name))::text[], \(self.handlers.map { $0.start == .oldest })::bool[]) \
            AS given (name, from_start), host.numbering WHERE numbering.name = 'event' \
            ON CONFLICT (handler) DO UPDATE SET seen_at = excluded.seen_at
            """)
    }

    /// Where a handler may go on, given its cursor as a connection has just read it.
    func position(of handler: String, cursor: Int64, session: SessionIdentity) -> Int64 {
        self.state.withLock { state in
            // After a failover the database may have fewer events than were seen before.
            if state.sessions.insert(session).inserted { state.positions = [:] }
            return max(cursor, state.positions[handler] ?? 0)
        }
    }

    /// Whether it is time to move a cursor for which there was nothing to do.
    func mayNote(_ handler: String) -> Bool {
        self.state.withLock { state in
            if let last = state.noted[handler], ContinuousClock.now - last < Self.notePause { return false }
            state.noted[handler] = .now
            return true
        }
    }

    func passed(_ number: Int64, by handler: String, session: SessionIdentity) {
        self.state.withLock { state in
            guard state.sessions.contains(session) else { return }
            state.positions[handler] = max(number, state.positions[handler] ?? 0)
        }
    }
}
