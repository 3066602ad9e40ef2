internal import XinglinKit
internal import XinglinRPC

/// One subscription of a connection.
struct Subscription: Sendable {
    let id: RecordID
    let connectionID: UInt64
    /// The connection has the subscription, not the other way round.
    private(set) weak var connection: RPCConnection?
    let subscriber: Subscriber
    let since: ContinuousClock.Instant
    /// What it gets, by topic.
    var reach: [String: TopicReach]
    /// Every event up to this one was sent or is none of its own.
    var position: Int64
    /// Whether its reply has been given: notifications must not come before.
    var isActive = false
    /// Whether it has caught up, and gets events as they come.
    var isLive = false

    init(
        _ id: RecordID, _ connection: RPCConnection, _ subscriber: Subscriber, reach: [String: TopicReach],
        after position: Int64
    ) {
        self.id = id
        self.connectionID = connection.id
        self.connection = connection
        self.subscriber = subscriber
        self.since = .now
        self.reach = reach
        self.position = position
    }

    var unsentBytes: Int { self.connection?.path?.unsentBytes ?? 0 }

    /// Sends the event where it is one of the subscription's.
    mutating func take(_ event: NotifiedEvent) {
        guard event.number > self.position else { return }
        self.position = event.number
        guard self.reach[event.topic]?.includes(event.site) == true else { return }
        var writer = JSONWriter(reserving: event.json.count + 160)
        writer.raw(#"{"jsonrpc":"2.0","method":"events.notify","params":{"subscriptionId":"#)
        writer.string(self.id.description)
        writer.raw(",")
        writer.raw(event.json)
        writer.raw("}}\n")
        self.connection?.path?.push(writer.bytes)
    }

    /// Says that nothing more will come, and why.
    func end(_ fault: Fault) {
        var writer = JSONWriter()
        writer.raw(#"{"jsonrpc":"2.0","method":"events.ended","params":"#)
        var members: [String: JSONValue] = [
            "subscriptionId": .string(self.id.description), "reason": .string(fault.kind.reason),
            "after": .integer(self.position),
        ]
        if let details = fault.details { members["details"] = details }
        writer.value(.object(members))
        writer.raw("}\n")
        self.connection?.path?.push(writer.bytes)
    }
}

/// An event as subscribers get it: what is the same for all of them is written once.
struct NotifiedEvent: Sendable {
    let number: Int64
    let topic: String
    let site: RecordID?
    /// The members behind the subscription's id.
    let json: [UInt8]

    init(_ event: StoredEvent, _ directory: DirectorySnapshot) {
        self.number = event.number
        self.topic = event.topic
        self.site = event.site
        var writer = JSONWriter(reserving: event.body.utf8.count + 160)
        writer.raw(#""seq":"#)
        writer.integer(event.number)
        writer.raw(#","topic":"#)
        writer.string(event.topic)
        writer.raw(#","at":"#)
        writer.string(event.at.description)
        if let site = event.site {
            writer.raw(#","site":"#)
            writer.string(directory.sitesByID[site]?.code ?? "")
        }
        writer.raw(#","body":"#)
        writer.raw(Array(event.body.utf8))
        self.json = writer.bytes
    }
}
