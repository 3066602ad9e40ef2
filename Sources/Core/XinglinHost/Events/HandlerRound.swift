internal import Logging
internal import XinglinKit
internal import XinglinPostgres

/// One look of a thread for what handlers have to do.
struct HandlerRound: Sendable {
    let services: HostServices
    let handlers: EventHandlers
    let worker: BackgroundWorker

    /// NOTIFY wakes; this is for when it does not.
    private static let pause = Duration.seconds(1)
    private static let pauseWhileHeld = Duration.milliseconds(200)
    /// How many numbers one look covers.
    private static let window: Int64 = 5_000

    func run(_ connection: Connection) throws -> Duration {
        let results = try connection.run(
            [EventRange.query, HandlerStore.states(self.handlers.handlers.map(\.name))].map {
                PipelineItem(sql: $0, role: "")
            })
        let last = try EventRange(results[0]).last
        let states: [(String, Int64, Bool, Int64?)] = try results[1].decode()
        var pause = Self.pause
        // Two threads begin at different places, so that they do not meet at every handler.
        for (name, cursor, isDue, wait) in states.shuffled() {
            guard !self.worker.isStopping, let handler = self.handlers.handlers.first(where: { $0.name == name }) else {
                continue
            }
            let outcome = try self.look(handler, cursor: cursor, isDue: isDue, last: last, connection)
            if outcome == .more { pause = .zero }
            if outcome == .held { pause = min(pause, Self.pauseWhileHeld) }
            if let wait { pause = min(pause, .milliseconds(max(wait, 10))) }
        }
        return pause
    }

    private enum Outcome {
        case nothing
        case more
        case held
    }

    private func look(
        _ handler: HandlerEntry, cursor: Int64, isDue: Bool, last: Int64, _ connection: Connection
    ) throws -> Outcome {
        let session = connection.identity
        var position = self.handlers.position(of: handler.name, cursor: cursor, session: session)
        var found = false
        while position < last, !found, !self.worker.isStopping {
            let end = min(last, position + Self.window)
            found = try !connection.query(HandlerStore.next(handler.topics, after: position, through: end)).isEmpty
            if !found {
                position = end
                self.handlers.passed(end, by: handler.name, session: session)
            }
        }
        guard found || isDue else {
            try self.note(position, of: handler, cursor: cursor, connection)
            return .nothing
        }
        let isMine = try connection.query(HandlerStore.lock(handler.name)).first(as: Bool.self) ?? false
        guard isMine else { return .held }
        let outcome = Result { try self.work(handler, last: last, connection) }
        // A broken connection has let go of it by itself.
        if !connection.isBroken, connection.isIdle {
            connection.giveUpAt = .now + HandlerBatch.patience
            _ = try connection.query(HandlerStore.unlock(handler.name))
        }
        return try outcome.get() ? .more : .nothing
    }

    /// Moves the cursor over events that are no concern of the handler, now and then: so that none of them is looked at anew
    /// after a restart, and none is kept for it. It needs no lock: nothing of the handler's own lies below, and a cursor never
    /// goes back.
    private func note(
        _ position: Int64, of handler: HandlerEntry, cursor: Int64, _ connection: Connection
    ) throws {
        guard position > cursor, self.handlers.mayNote(handler.name) else { return }
        connection.giveUpAt = .now + HandlerBatch.patience
        _ = try HandlerStore.light(HandlerStore.move(handler.name, to: position), connection)
    }

    private func work(_ handler: HandlerEntry, last: Int64, _ connection: Connection) throws -> Bool {
        guard let batch = try HandlerBatch(self, handler, connection) else { return false }
        let hasMore = try batch.run(through: min(last, batch.start + Self.window))
        try batch.end()
        return hasMore || batch.start + Self.window < last
    }
}
