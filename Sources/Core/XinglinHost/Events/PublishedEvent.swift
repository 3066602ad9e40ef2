internal import XinglinKit
internal import XinglinRPC

/// An event that a call has published, on its way into the outbox.
struct PublishedEvent {
    let id: RecordID
    let topic: String
    let site: RecordID?
    let subject: RecordID
    let at: Timestamp
    let account: RecordID?
    let trace: String
    /// Canonical JSON.
    let body: String

    /// The body as it is kept.
    /// - Throws: `EventRefused` where it is not as its topic says.
    static func body(_ value: some Encodable, of topic: EventTopic) throws -> String {
        let tree = try JSONCodec.tree(of: value)
        if let violation = topic.body.violations(in: tree).first {
            throw EventRefused(topic: topic.name, why: "\(violation.pointer) expected \(violation.expected)")
        }
        let text = tree.canonicalText
        guard text.utf8.count <= EventTopic.longestBody else {
            throw EventRefused(topic: topic.name, why: "the body has more than \(EventTopic.longestBody) bytes")
        }
        return text
    }

    /// One statement for all of them, in their order. It goes last before COMMIT: `seq` must be taken after every lock.
    static func insert(_ events: [PublishedEvent]) -> SQL {
        if events.count == 1, let one = events.first {
            return """
                INSERT INTO host.outbox (event_id, topic, site_id, subject, at, account_id, trace, body) \
                VALUES (\(one.id), \(one.topic), \(one.site), \(one.subject), \(one.at), \(one.account), \(one.trace), \
                \(one.body))
                """
        }
        return """
            INSERT INTO host.outbox (event_id, topic, site_id, subject, at, account_id, trace, body) \
            SELECT event_id, topic, site_id, subject, at, account_id, trace, body \
            FROM unnest(\(events.map(\.id))::uuid[], \(events.map(\.topic))::text[], \(events.map(\.site))::uuid[], \
            \(events.map(\.subject))::uuid[], \(events.map(\.at))::timestamptz[], \(events.map(\.account))::uuid[], \
            \(events.map(\.trace))::text[], \(events.map(\.body))::text[]) \
            WITH ORDINALITY AS given (event_id, topic, site_id, subject, at, account_id, trace, body, place) ORDER BY place
            """
    }
}

/// A module published what it may not: a fault of the program, not of the caller.
struct EventRefused: Error, CustomStringConvertible {
    let topic: String
    let why: String
    var description: String { "the event \(self.topic) cannot be published: \(self.why)" }
}
