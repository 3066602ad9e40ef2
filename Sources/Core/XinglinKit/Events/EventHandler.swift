/// Does what follows from events, in a transaction of its own, after they were committed. docs/events.md says what holds.
///
/// An event is handled once by a handler, however often the host dies: its cursor moves in the same transaction. What a handler
/// does outside of the database may happen again.
public protocol EventHandler: Sendable {
    /// `module.nounVerb` or `module.noun.verb`, such as `example.day.count`. It is the name of the cursor: never change it.
    static var name: String { get }
    /// The topics that it handles: its module's own, the host's, or those of a module that the manifest needs or is aware of.
    static var topics: [String] { get }
    /// Where a handler that is new to a database begins. Default `.now`.
    static var start: EventStart { get }

    /// Does the work, under the module's role, at the event's site. There is no caller: `event.account` says who caused it.
    /// A throw undoes it; it is tried again with growing pauses, and then parked until an administrator has it tried anew.
    func handle(_ event: Event, _ call: Call) throws
}

extension EventHandler {
    public static var start: EventStart { .now }
}

/// Where a new handler begins.
public enum EventStart: String, Sendable {
    /// With what happens from its first registration on.
    case now
    /// With the oldest event that is kept.
    case oldest
}

extension Call {
    /// Publishes an event in this transaction: where the call is undone, nothing was published. Only a write may, and only a topic
    /// of the module's own manifest. The event's site is the acting site.
    /// - Parameters:
    ///   - subject: what the event is about: events of one subject reach each handler in their order.
    ///   - body: as the topic's schema wants it; ids, codes and quantities, never personal data.
    public func publish(_ topic: EventTopic, subject: RecordID, _ body: some Encodable) throws {
        try self.context.publish(topic, subject: subject, body)
    }

    /// The same at another site, which the call concerns: who subscribes there gets it, and handlers work there.
    /// - Throws: where the call has not said so by `concern`.
    public func publish(
        _ topic: EventTopic, at site: RecordID, subject: RecordID, _ body: some Encodable
    ) throws {
        try self.context.publish(topic, at: site, subject: subject, body)
    }
}
