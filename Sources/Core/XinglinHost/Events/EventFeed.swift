internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Pushes events to subscribers. One thread of the host reads each event once and hands it to every subscription that has caught
/// up; the others get what they missed page by page, as fast as they take it.
final class EventFeed: Sendable {
    struct State: Sendable {
        var subscriptions: [RecordID: Subscription] = [:]
        var ofConnection: [UInt64: Int] = [:]
        var ofAccount: [RecordID: Int] = [:]
        /// How many are live.
        var live = 0
        /// Up to where events have been handed to the subscriptions that are live; nil while there is none.
        var position: Int64?
        var isClosed = false
    }

    let state = Mutex(State())
    let settings: HostSettings.Events
    private let worker: BackgroundWorker
    private let listener: Listener

    /// - Parameter woken: is told of NOTIFY too.
    init(
        conninfo: String, settings: HostSettings.Events, log: Logger, woken: @escaping @Sendable () -> Void
    ) {
        self.settings = settings
        let worker = BackgroundWorker(conninfo: conninfo, name: "events", log: log)
        self.worker = worker
        self.listener = Listener(conninfo: conninfo, channel: EventNumbering.channel, log: log) { _, reason in
            if reason == .tick { return }
            worker.wake()
            woken()
        }
    }

    func start(_ services: HostServices) throws {
        let round = FeedRound(feed: self, services: services)
        try self.worker.start { try round.run($0) }
        self.listener.start()
    }

    func stop() {
        self.listener.stop()
        self.worker.stop()
    }

    var isStopping: Bool { self.worker.isStopping }

    /// How many subscriptions there are.
    var count: Int { self.state.withLock { $0.subscriptions.count } }

    /// Takes a subscription in; it gets nothing before `activate`.
    /// - Throws: `host.tooManySubscriptions`, `host.shuttingDown`.
    func add(_ subscription: Subscription) throws(Fault) {
        let refusal: Fault? = self.state.withLock { state in
            if state.isClosed { return HostFault.shuttingDown.fault() }
            let ofConnection = state.ofConnection[subscription.connectionID, default: 0]
            let ofAccount = state.ofAccount[subscription.subscriber.account, default: 0]
            for (count, limit) in [
                (ofConnection, self.settings.subscriptionsPerConnection),
                (ofAccount, self.settings.subscriptionsPerAccount),
            ] where count >= limit {
                return EventRefusal.tooManySubscriptions.fault(["limit": .integer(Int64(limit))])
            }
            state.ofConnection[subscription.connectionID] = ofConnection + 1
            state.ofAccount[subscription.subscriber.account] = ofAccount + 1
            state.subscriptions[subscription.id] = subscription
            subscription.connection?.isListening = true
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Its reply has been given.
    func activate(_ id: RecordID) {
        self.state.withLock { $0.subscriptions[id]?.isActive = true }
        self.worker.wake()
    }

    /// Ends a subscription of that connection.
    /// - Returns: up to where it got its events; nil where the connection has no such subscription.
    func remove(_ id: RecordID, of connection: RPCConnection) -> Int64? {
        self.state.withLock { state in
            guard let found = state.subscriptions[id], found.connectionID == connection.id else { return nil }
            self.drop(id, &state)
            return found.position
        }
    }

    /// The connection is gone.
    func forget(_ connection: RPCConnection) {
        self.state.withLock { state in
            for one in state.subscriptions.values where one.connectionID == connection.id { self.drop(one.id, &state) }
        }
    }

    /// Ends all subscriptions and takes no more.
    func close(_ reason: FaultKind) {
        self.state.withLock { state in
            state.isClosed = true
            for one in state.subscriptions.values { self.end(one, reason.fault(), &state) }
        }
    }

    /// Ends a subscription and tells its client.
    func end(_ subscription: Subscription, _ fault: Fault, _ state: inout State) {
        self.drop(subscription.id, &state)
        subscription.end(fault)
    }

    private func drop(_ id: RecordID, _ state: inout State) {
        guard let gone = state.subscriptions.removeValue(forKey: id) else { return }
        Self.lower(&state.ofConnection, gone.connectionID)
        Self.lower(&state.ofAccount, gone.subscriber.account)
        if state.ofConnection[gone.connectionID] == nil { gone.connection?.isListening = false }
        if gone.isLive { state.live -= 1 }
        if state.live == 0 { state.position = nil }
    }

    private static func lower<Key: Hashable>(_ counts: inout [Key: Int], _ key: Key) {
        let left = counts[key, default: 1] - 1
        counts[key] = left == 0 ? nil : left
    }
}
