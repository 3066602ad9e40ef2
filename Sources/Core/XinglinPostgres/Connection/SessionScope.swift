public import XinglinKit

/// What a connection's session is set to between calls: under which role its statements run, and whose rows they see. Most
/// calls follow one of their own kind, and so need not set it again.
public struct SessionScope: Hashable, Sendable {
    public let role: String
    /// The acting site, where there is one.
    public let site: RecordID?
    public let readable: [RecordID]
    /// `statement_timeout` in milliseconds.
    public let timeout: Int64
    /// Whether transactions are read-only unless they say otherwise: so for calls, but not for the host's own statements.
    private let readOnly: String

    /// The scope of a call.
    public init(role: String, site: RecordID?, readable: [RecordID], timeout: Int64) {
        self.init(role: role, site: site, readable: readable, timeout: timeout, readOnly: "on")
    }

    private init(role: String, site: RecordID?, readable: [RecordID], timeout: Int64, readOnly: String) {
        self.role = role
        self.site = site
        self.readable = readable
        self.timeout = timeout
        self.readOnly = readOnly
    }

    /// How a connection begins: the host's own login, no site, no time limit.
    public static let host = SessionScope(role: "none", site: nil, readable: [], timeout: 0, readOnly: "off")

    /// Sets the session to it; of effect beyond the transaction only where that commits.
    public var setting: SQL {
        """
        SELECT set_config('role', \(self.role), false), set_config('xinglin.site', \(self.siteText), false), \
        set_config('xinglin.readable_sites', \(self.readableText), false), \
        set_config('statement_timeout', \(String(self.timeout)), false), \
        set_config('default_transaction_read_only', \(self.readOnly), false)
        """
    }

    /// The same, for a transaction that has begun without saying that it only reads.
    public var settingForRead: SQL {
        """
        SELECT set_config('transaction_read_only', 'on', true), \
        set_config('role', \(self.role), false), set_config('xinglin.site', \(self.siteText), false), \
        set_config('xinglin.readable_sites', \(self.readableText), false), \
        set_config('statement_timeout', \(String(self.timeout)), false), \
        set_config('default_transaction_read_only', \(self.readOnly), false)
        """
    }

    private var siteText: String { self.site?.description ?? "" }
    private var readableText: String { self.readable.isEmpty ? "" : self.readable.sqlText ?? "" }
}
