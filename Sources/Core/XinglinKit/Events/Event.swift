/// Something that has happened, as a handler gets it.
public struct Event: Sendable {
    /// Its place in the order of all events: without gaps, no effect before its cause, never changed.
    public let number: Int64
    public let id: RecordID
    public let topic: String
    /// Where it happened; nil where that is no site.
    public let site: RecordID?
    /// What it is about. Events of one subject reach a handler in their order.
    public let subject: RecordID
    public let at: Timestamp
    /// Who caused it; nil where that was the host itself or a handler.
    public let account: RecordID?
    /// The trace of the call that published it.
    public let trace: String
    private let body: any EventBody

    public init(
        number: Int64, id: RecordID, topic: String, site: RecordID?, subject: RecordID, at: Timestamp,
        account: RecordID?, trace: String, body: any EventBody
    ) {
        self.number = number
        self.id = id
        self.topic = topic
        self.site = site
        self.subject = subject
        self.at = at
        self.account = account
        self.trace = trace
        self.body = body
    }

    /// Reads the body as the handler's own type; members that the type does not name are passed over, so that a publisher may
    /// add some.
    /// - Throws: `DecodingError`.
    public func decode<Body: Decodable>(_ type: Body.Type = Body.self) throws -> Body {
        try self.body.decode(type)
    }
}

/// The host's side of an event's body.
public protocol EventBody: Sendable {
    func decode<Body: Decodable>(_ type: Body.Type) throws -> Body
}
