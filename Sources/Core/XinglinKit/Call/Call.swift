/// What a method knows of the call it answers, and what it may use. It lives as long as `handle` and is never kept.
public struct Call {
    /// Who calls; nil only in methods whose access is `.anonymous`.
    public let principal: Principal?
    private let actingSite: Site?
    public let now: Timestamp
    public let locale: Locale
    /// The id under which the call stands in the log and the audit.
    public let trace: String
    /// The database, under the module's role, inside the call's transaction.
    public let db: Database
    /// A logger that carries the trace. Never log personal data.
    public let log: Logger
    /// The host's side of the call, for the host's own methods.
    package let context: any CallContext

    public init(
        principal: Principal?, site: Site?, now: Timestamp, locale: Locale, trace: String, db: Database, log: Logger,
        context: any CallContext
    ) {
        self.principal = principal
        self.actingSite = site
        self.now = now
        self.locale = locale
        self.trace = trace
        self.db = db
        self.log = log
        self.context = context
    }

    /// The acting site.
    /// - Throws: `host.siteRequired` in a method whose scope is `.host`.
    public var site: Site {
        get throws {
            guard let site = self.actingSite else { throw HostFault.siteRequired.fault() }
            return site
        }
    }

    /// The caller.
    /// - Throws: `host.unauthenticated` in an anonymous call.
    public var caller: Principal {
        get throws {
            guard let principal = self.principal else { throw HostFault.unauthenticated.fault() }
            return principal
        }
    }

    /// Today in Asia/Shanghai.
    public var today: LocalDate { self.now.localDate }

    /// A new identifier.
    public func newID() -> RecordID { RecordID.make(at: self.now) }

    /// Adds a fact to the call's audit row: ids and codes, never personal data.
    public func note(_ name: String, _ value: JSONValue) {
        self.context.note(name, value)
    }

    /// Says that what this write does is as much another site's: its audit row stands there too, and `publish(_:at:subject:_:)` may name
    /// that site. For documents of two sites.
    /// - Parameter subjects: whose data it concerns there. The row at the other site names them alone, whatever `recordAccess` was told of:
    ///   people of the acting site are none of the other's business.
    public func concern(_ site: RecordID, subjects: [RecordID] = []) {
        self.context.concern(site, subjects: subjects)
    }

    /// Calls another module's method inside this transaction. The manifest's `uses` must name it. A fault rolls back what the
    /// other method did, and is thrown here: catch it to go on without.
    public func module<Params: Encodable, Reply: Decodable>(
        _ method: String, _ params: Params, as reply: Reply.Type = Reply.self
    ) throws -> Reply {
        try self.context.callModule(method, params, as: reply)
    }
}

/// The host's side of a call.
public protocol CallContext: AnyObject {
    func note(_ name: String, _ value: JSONValue)
    func publish<Body: Encodable>(_ topic: EventTopic, subject: RecordID, _ body: Body) throws
    func concern(_ site: RecordID, subjects: [RecordID])
    func publish<Body: Encodable>(_ topic: EventTopic, at site: RecordID?, subject: RecordID, _ body: Body) throws
    func recordAccess(basis: String, subjects: [RecordID])
    func seal(_ plain: [UInt8], for column: SealedColumn, row: RecordID) throws -> [UInt8]
    func open(_ sealed: [UInt8], of column: SealedColumn, row: RecordID) throws -> [UInt8]
    func blindIndex(_ text: String, of column: SealedColumn) throws -> [UInt8]
    func callModule<Params: Encodable, Reply: Decodable>(
        _ method: String, _ params: Params, as reply: Reply.Type
    ) throws -> Reply
    /// The host's side of `files`.
    var fileHost: any FileHost { get throws }
}
