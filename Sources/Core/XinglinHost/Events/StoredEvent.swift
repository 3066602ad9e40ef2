internal import XinglinKit
internal import XinglinPostgres

/// A numbered event as its table has it.
struct StoredEvent: Sendable {
    typealias Columns = (Int64, RecordID, String, RecordID?, RecordID, Timestamp, RecordID?, String, String)

    let number: Int64
    let id: RecordID
    let topic: String
    let site: RecordID?
    let subject: RecordID
    let at: Timestamp
    let account: RecordID?
    let trace: String
    let body: String

    init(_ row: Columns) {
        (self.number, self.id, self.topic, self.site, self.subject) = (row.0, row.1, row.2, row.3, row.4)
        (self.at, self.account, self.trace, self.body) = (row.5, row.6, row.7, row.8)
    }

    /// The event as a handler gets it.
    var event: Event {
        Event(
            number: self.number, id: self.id, topic: self.topic, site: self.site, subject: self.subject, at: self.at,
            account: self.account, trace: self.trace, body: JSONEventBody(text: self.body))
    }

    /// The events of a range of numbers, in order.
    static func read(
        after number: Int64, through last: Int64, topics: [String], limit: Int, _ connection: Connection
    ) throws -> [StoredEvent] {
        try connection.query(
            """
            SELECT number, event_id, topic, site_id, subject, at, account_id, trace, body FROM host.event \
            WHERE number > \(number) AND number <= \(last) AND topic = ANY (\(topics)) ORDER BY number LIMIT \(limit)
            """
        ).decode(as: Columns.self).map { StoredEvent($0) }
    }
}

/// The numbers that there are.
struct EventRange: Sendable {
    /// The oldest event that is kept; one above `last` where none is.
    let oldest: Int64
    /// The last number given.
    let last: Int64

    static let query: SQL = """
        SELECT coalesce((SELECT min(number) FROM host.event), last + 1), last FROM host.numbering WHERE name = 'event'
        """

    init(_ rows: Rows) throws {
        guard let (oldest, last) = try rows.first(as: (Int64, Int64).self) else {
            throw DatabaseError(kind: .decoding, message: "the numbering of events is missing")
        }
        self.oldest = oldest
        self.last = last
    }
}
