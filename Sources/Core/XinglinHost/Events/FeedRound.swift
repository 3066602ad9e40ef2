internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// What the feed's thread does each time it is woken.
final class FeedRound: Sendable {
    private struct Memory {
        var judgedVersion: Int64 = -1
        var judgedAt = ContinuousClock.Instant.now
        var keptAt: ContinuousClock.Instant?
    }

    private let feed: EventFeed
    private let services: HostServices
    private let memory = Mutex(Memory())

    private static let page = 200
    /// How many numbers one page covers, however few of them concern the subscriber.
    private static let window: Int64 = 5_000
    /// NOTIFY wakes; this is for when it does not, and for sessions that end.
    private static let pause = Duration.seconds(1)
    private static let pauseWithoutSubscribers = Duration.seconds(30)
    private static let pauseWhileFull = Duration.milliseconds(20)
    private static let pauseOfRetention = Duration.seconds(3600)

    init(feed: EventFeed, services: HostServices) {
        self.feed = feed
        self.services = services
    }

    func run(_ connection: Connection) throws -> Duration {
        try self.keep(connection)
        guard self.feed.count > 0 else { return Self.pauseWithoutSubscribers }
        try self.services.directory.refresh(connection)
        self.judge()
        let hasMore = try self.live(connection)
        var isFull = false
        var isBehind = false
        let waiting = self.feed.state.withLock { state in
            state.subscriptions.values.filter { $0.isActive && !$0.isLive }
        }
        for one in waiting where !self.feed.isStopping {
            if one.unsentBytes > self.feed.settings.subscriberBytes / 4 {
                isFull = true
            } else if try !self.catchUp(one, connection) {
                isBehind = true
            }
        }
        if hasMore || isBehind { return .zero }
        return isFull ? Self.pauseWhileFull : Self.pause
    }

    /// Deletes what is older than is kept, and says that this host's handlers are in use.
    private func keep(_ connection: Connection) throws {
        let now = ContinuousClock.now
        guard self.memory.withLock({ $0.keptAt.map { now - $0 >= Self.pauseOfRetention } ?? true }) else { return }
        try self.services.handlers.register(connection)
        let isDone = try EventRetention(self.services).purge(connection)
        self.memory.withLock { $0.keptAt = isDone ? now : nil }
    }
}

// MARK: - Events as they come

extension FeedRound {
    /// Hands new events to the subscriptions that have caught up.
    /// - Returns: whether there may be more.
    private func live(_ connection: Connection) throws -> Bool {
        guard let position = self.feed.state.withLock({ $0.position }) else { return false }
        let range = try EventRange(connection.query(EventRange.query))
        guard range.last >= position else {
            // A failover has lost what subscribers were told: they must look for themselves.
            self.endAll(EventRefusal.gone(range))
            return false
        }
        guard range.last > position else { return false }
        let end = min(range.last, position + Int64(Self.page))
        let events = try self.read(after: position, through: end, topics: nil, connection)
        self.feed.state.withLock { state in
            for id in state.subscriptions.filter({ $0.value.isLive }).keys {
                guard var one = state.subscriptions[id] else { continue }
                for event in events {
                    one.take(event)
                    guard one.unsentBytes <= self.feed.settings.subscriberBytes else { break }
                }
                let isSlow = one.unsentBytes > self.feed.settings.subscriberBytes
                if !isSlow { one.position = max(one.position, end) }
                state.subscriptions[id] = one
                if isSlow { self.feed.end(one, EventRefusal.subscriberSlow.fault(), &state) }
            }
            if state.position != nil { state.position = end }
        }
        return end < range.last
    }

    /// Sends one page of what a subscription has missed.
    /// - Returns: whether it has caught up.
    private func catchUp(_ one: Subscription, _ connection: Connection) throws -> Bool {
        connection.giveUpAt = .now + HandlerBatch.patience
        let range = try EventRange(connection.query(EventRange.query))
        guard one.position + 1 >= range.oldest, one.position <= range.last else {
            self.feed.state.withLock { self.feed.end(one, EventRefusal.gone(range), &$0) }
            return true
        }
        var end = min(range.last, one.position + Self.window)
        let events =
            end > one.position
            ? try self.read(after: one.position, through: end, topics: Array(one.reach.keys), connection) : []
        if events.count == Self.page, let last = events.last { end = last.number }
        return self.feed.state.withLock { state in
            guard var current = state.subscriptions[one.id] else { return true }
            for event in events { current.take(event) }
            current.position = max(current.position, end)
            // Where the live ones are behind it, it passes over what it has had.
            current.isLive = end == range.last && end >= state.position ?? end
            state.subscriptions[one.id] = current
            guard current.isLive else { return false }
            state.live += 1
            if state.position == nil { state.position = end }
            return true
        }
    }

    /// The events, as of a directory that is no older than they are.
    private func read(
        after number: Int64, through last: Int64, topics: [String]?, _ connection: Connection
    ) throws -> [NotifiedEvent] {
        let wanted =
            topics
            ?? self.feed.state.withLock { state in
                Array(Set(state.subscriptions.values.lazy.filter(\.isLive).flatMap(\.reach.keys)))
            }
        let events = try StoredEvent.read(
            after: number, through: last, topics: wanted, limit: Self.page, connection)
        try self.services.directory.refresh(connection)
        self.judge()
        let directory = self.services.directory.snapshot
        return events.map { NotifiedEvent($0, directory) }
    }

    private func endAll(_ fault: Fault) {
        self.feed.state.withLock { state in
            for one in state.subscriptions.values { self.feed.end(one, fault, &state) }
        }
    }
}

// MARK: - Who may still have them

extension FeedRound {
    /// Ends the subscriptions whose session is over or that have lost something, and lets the others see what they have gained.
    /// Looks where the directory has changed, and every second for the sake of time.
    private func judge() {
        let directory = self.services.directory.snapshot
        let now = ContinuousClock.now
        let isDue = self.memory.withLock { memory in
            guard memory.judgedVersion != directory.version || now - memory.judgedAt >= Self.pause else { return false }
            (memory.judgedVersion, memory.judgedAt) = (directory.version, now)
            return true
        }
        guard isDue else { return }
        var reaches: [String: TopicReach] = [:]
        self.feed.state.withLock { state in
            for (id, one) in state.subscriptions {
                if one.connection == nil || (!one.isActive && now - one.since > .seconds(120)) {
                    self.feed.end(one, HostFault.shuttingDown.fault(), &state)
                } else if let fault = self.judge(one, directory, &reaches, &state.subscriptions[id]) {
                    self.feed.end(one, fault, &state)
                }
            }
        }
    }

    private func judge(
        _ one: Subscription, _ directory: DirectorySnapshot, _ reaches: inout [String: TopicReach],
        _ stored: inout Subscription?
    ) -> Fault? {
        let principal: Principal
        do throws(Fault) {
            principal = try one.subscriber.principal(
                in: directory, now: self.services.clock.now, idleMinutes: self.services.settings.session.idleMinutes)
        } catch {
            return Fault(error.kind)
        }
        for (topic, before) in one.reach {
            guard let entry = self.services.registry.topics[topic] else { continue }
            let key = "\(principal.accountID) \(topic)"
            let reach = reaches[key] ?? TopicReach(entry, of: principal, in: directory)
            reaches[key] = reach
            if let lost = reach.lost(from: before) {
                let isDisabled = !lost.isEmpty && lost.allSatisfy { !directory.isEnabled(entry.module, at: $0) }
                return isDisabled ? HostFault.moduleDisabled.fault(["module": .string(entry.module)])
                    : HostFault.forbidden.fault(["topic": .string(topic)])
            }
            stored?.reach[topic] = reach
        }
        return nil
    }
}
