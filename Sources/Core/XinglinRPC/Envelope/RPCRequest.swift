public import XinglinKit

/// One call or notification, as its envelope says; the params are not looked into beyond `_meta`.
public struct RPCRequest: Sendable {
    /// Nil in a notification. A request with `"id": null` is no notification.
    public let id: RequestID?
    public let method: String
    /// The JSON bytes of the params, `{}` where they are absent. Checked to be a JSON object or array.
    public let params: [UInt8]
    public let meta: PeekedMeta
    /// How long the result's JSON may be: the call's share of its line's reply. A write must be refused before its COMMIT
    /// where its reply is longer, for a call that is answered as refused has changed nothing.
    public internal(set) var resultBytes = Int.max

    public init(id: RequestID?, method: String, params: [UInt8] = Array("{}".utf8), meta: PeekedMeta = PeekedMeta()) {
        self.id = id
        self.method = method
        self.params = params
        self.meta = meta
    }
}

/// The id of a request, kept as it was written so that it is echoed to the byte.
public struct RequestID: Sendable, Hashable {
    /// A JSON string, number or null.
    public let json: [UInt8]

    /// Longer ids are refused as invalid requests: they are echoed, and a reply has a limit.
    static let longest = 1024

    public init(json: [UInt8]) {
        self.json = json
    }

    /// `null`, which also stands where a request's id could not be read.
    public static let null = RequestID(json: Array("null".utf8))
}

/// What `params._meta` says.
public struct PeekedMeta: Sendable, Hashable {
    /// The code of the acting site.
    public var site: String?
    public var idempotencyKey: String?
    public var deadlineMs: Int64?
    public var locale: Locale?
    public var traceparent: String?
    /// A JSON pointer to the first member that is unknown or not as required, such as `/_meta/deadlineMs`.
    public var malformed: String?
    /// What is expected at `malformed`.
    public var expected: LocalizedText?

    public init(
        site: String? = nil, idempotencyKey: String? = nil, deadlineMs: Int64? = nil, locale: Locale? = nil,
        traceparent: String? = nil
    ) {
        self.site = site
        self.idempotencyKey = idempotencyKey
        self.deadlineMs = deadlineMs
        self.locale = locale
        self.traceparent = traceparent
    }
}
