internal import Logging
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Some events of one handler, under its lock.
final class HandlerBatch {
    let round: HandlerRound
    let handler: HandlerEntry
    let connection: Connection
    /// What has been done, put off or passed over before.
    let start: Int64
    /// The batch before did not come to its end: perhaps an event kills the host.
    private let isCareful: Bool
    private let giveWayAt = ContinuousClock.now + .seconds(2)
    private var hasRefreshed = false

    static let patience = Duration.seconds(60)
    private static let events = 100
    /// How often an event may be begun, each time after a batch that did not come to its end.
    private static let beginnings = 2
    static let longestWait: Int64 = 600_000

    private var services: HostServices { self.round.services }

    /// Marks the handler as at work.
    init?(_ round: HandlerRound, _ handler: HandlerEntry, _ connection: Connection) throws {
        connection.giveUpAt = .now + Self.patience
        guard
            let (number, isBusy) = try connection.query(HandlerStore.cursor(handler.name))
                .first(as: (Int64, Bool).self)
        else { return nil }
        self.round = round
        self.handler = handler
        self.connection = connection
        self.start = round.handlers.position(of: handler.name, cursor: number, session: connection.identity)
        self.isCareful = isBusy
        if !isBusy { _ = try HandlerStore.light(HandlerStore.busy(handler.name, true), connection) }
    }

    /// It came to its end.
    func end() throws {
        self.connection.giveUpAt = .now + Self.patience
        _ = try HandlerStore.light(HandlerStore.busy(self.handler.name, false), self.connection)
    }

    /// Does what is due and what is new.
    /// - Returns: whether there may be more.
    func run(through last: Int64) throws -> Bool {
        var due: [StoredEvent]
        repeat {
            // One that is done lets the next one of its subject go on at once.
            due = try self.decode(HandlerStore.due(self.handler.name, limit: Self.events))
            for event in due where self.hasTime { try self.retry(event) }
        } while !due.isEmpty && self.hasTime
        let new = try StoredEvent.read(
            after: self.start, through: last, topics: self.handler.topics, limit: Self.events, self.connection)
        let queued: [RecordID] = try self.connection
            .query(HandlerStore.waiting(self.handler.name, new.map(\.subject))).decode()
        var waiting = Set(queued)
        for event in new {
            guard self.hasTime else { return true }
            if waiting.contains(event.subject) {
                try self.write([
                    HandlerStore.queue(self.handler.name, event),
                    HandlerStore.move(self.handler.name, to: event.number),
                ])
            } else if try !self.isWanted(event) {
                // Passed over; the cursor follows with the next event that is not.
            } else if try !self.begin(event) {
                waiting.insert(event.subject)
            }
            self.passed(event.number)
        }
        if new.count < Self.events { self.passed(last) }
        return new.count == Self.events || !due.isEmpty
    }

    private var hasTime: Bool { ContinuousClock.now < self.giveWayAt && !self.round.worker.isStopping }

    private func passed(_ number: Int64) {
        self.round.handlers.passed(number, by: self.handler.name, session: self.connection.identity)
    }

    /// Events of sites where the handler's module is disabled are passed over.
    private func isWanted(_ event: StoredEvent) throws -> Bool {
        guard let site = event.site else { return true }
        if self.services.directory.snapshot.isEnabled(self.handler.module, at: site) { return true }
        // The event may be newer than the directory in memory.
        if !self.hasRefreshed {
            self.connection.giveUpAt = .now + Self.patience
            try self.services.directory.refresh(self.connection)
            self.hasRefreshed = true
        }
        return self.services.directory.snapshot.isEnabled(self.handler.module, at: site)
    }
}

// MARK: - Attempts

extension HandlerBatch {
    /// Tries an event for the first time.
    /// - Returns: whether it is done; otherwise it was put off.
    private func begin(_ event: StoredEvent) throws -> Bool {
        let move = HandlerStore.move(self.handler.name, to: event.number)
        if self.isCareful {
            self.connection.giveUpAt = .now + Self.patience
            let rows = try HandlerStore.light(
                HandlerStore.begin(self.handler.name, careful: event.number), self.connection)
            if let times = try rows.first(as: Int.self), times > Self.beginnings {
                try self.putOff(event, EventRefusal.handlerInterrupted.reason, Trace.make(), isLast: true, move)
                return false
            }
        }
        guard let failure = try self.attempt(event).run(closing: [move]) else { return true }
        try self.putOff(event, failure.reason, failure.trace, isLast: self.services.settings.events.attempts <= 1, move)
        return false
    }

    private func attempt(_ event: StoredEvent) -> HandlerAttempt {
        let worker = self.round.worker
        return HandlerAttempt(self.services, self.handler, event, self.connection) { worker.isStopping }
    }

    private func putOff(
        _ event: StoredEvent, _ reason: String, _ trace: String, isLast: Bool, _ move: SQL
    ) throws {
        let wait = isLast ? nil : Int64(self.services.settings.events.retryMilliseconds)
        let failure = HandlerStore.Failure(reason: reason, trace: trace, attempts: 1, wait: wait)
        try self.write([HandlerStore.put(self.handler.name, event, failure), move])
        self.log(event, reason, trace, attempts: 1, isParked: isLast)
    }

    /// Tries an event again.
    private func retry(_ event: StoredEvent) throws {
        let name = self.handler.name
        let done = HandlerStore.done(name, event.number, event.subject)
        guard try self.isWanted(event) else { return try self.write(done) }
        let settings = self.services.settings.events
        self.connection.giveUpAt = .now + Self.patience
        let begun = try HandlerStore.light(
            HandlerStore.begin(
                name, event.number, firstWait: settings.retryMilliseconds, longestWait: Self.longestWait),
            self.connection)
        guard let (attempts, before) = try begun.first(as: (Int, String?).self) else { return }
        if attempts > settings.attempts {
            let reason = before ?? EventRefusal.handlerInterrupted.reason
            return try self.failed(event, reason, Trace.make(), attempts: attempts, isLast: true)
        }
        guard let failure = try self.attempt(event).run(closing: done) else { return }
        try self.failed(
            event, failure.reason, failure.trace, attempts: attempts, isLast: attempts >= settings.attempts)
    }

    private func failed(
        _ event: StoredEvent, _ reason: String, _ trace: String, attempts: Int, isLast: Bool
    ) throws {
        try self.write([
            HandlerStore.failed(self.handler.name, event.number, reason: reason, trace: trace, isLast: isLast)
        ])
        self.log(event, reason, trace, attempts: attempts, isParked: isLast)
    }

    private func write(_ statements: [SQL]) throws {
        self.connection.giveUpAt = .now + Self.patience
        _ = try self.connection.run((["BEGIN"] + statements + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") })
    }

    private func decode(_ sql: SQL) throws -> [StoredEvent] {
        try self.connection.query(sql).decode(as: StoredEvent.Columns.self).map { StoredEvent($0) }
    }

    private func log(_ event: StoredEvent, _ reason: String, _ trace: String, attempts: Int, isParked: Bool) {
        self.services.log.log(
            level: isParked ? .error : .warning, isParked ? "an event was parked" : "an event was not handled",
            metadata: [
                "handler": .string(self.handler.name), "topic": .string(event.topic),
                "number": .stringConvertible(event.number), "reason": .string(reason),
                "attempts": .stringConvertible(attempts), "trace": .string(trace),
            ])
    }
}
