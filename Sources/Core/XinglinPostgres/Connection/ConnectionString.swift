internal import CLibPQ
internal import XinglinKit

/// A libpq URL or `key=value` string, taken apart, so that safe defaults can be added where the operator gave none.
struct ConnectionString {
    private(set) var values: [String: String]
    /// The same as libpq's programs take it from their environment (`PGHOST=…`), where a password is not for all to see.
    private(set) var environment: [String] = []

    /// What is added where it is absent: a dead server must be noticed in seconds, not hours.
    static let defaults = [
        "connect_timeout": "5", "keepalives": "1", "keepalives_idle": "30", "keepalives_interval": "10",
        "keepalives_count": "3", "tcp_user_timeout": "15000", "client_encoding": "UTF8",
    ]

    init(_ text: String) throws(DatabaseError) {
        var reason: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &reason) else {
            PQfreemem(reason)
            // libpq's reason quotes the string, which may hold a password.
            throw DatabaseError(kind: .other, message: "the connection string is not one that libpq understands")
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var environment: [String] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                values[String(cString: keyword)] = String(cString: value)
                if let name = option.pointee.envvar {
                    environment.append("\(String(cString: name))=\(String(cString: value))")
                }
            }
            option += 1
        }
        self.values = values
        self.environment = environment
    }

    /// The same with several hosts: whichever takes writes, and a dead one must not hold up the next.
    static let defaultsOfSeveral = ["target_session_attrs": "read-write", "connect_timeout": "3"]

    /// Whether several servers are named, of which one takes writes.
    var namesSeveral: Bool {
        ["host", "hostaddr"].contains { self.values[$0]?.contains(",") ?? false }
    }

    /// Takes a server whether it takes writes or not.
    mutating func takeAnyServer() {
        self.values["target_session_attrs"] = "any"
    }

    /// Adds what is absent.
    mutating func addDefaults(applicationName: String) {
        if self.namesSeveral { self.values.merge(Self.defaultsOfSeveral) { given, _ in given } }
        self.values.merge(Self.defaults) { given, _ in given }
        if self.values["application_name"] == nil { self.values["application_name"] = applicationName }
    }

    /// Opens a connection; the caller owns it, also where it is bad. Of several servers the one that answered last is asked
    /// first.
    func open() -> OpaquePointer? {
        let memory = LastServer(self.values)
        let raw = Self.open(memory?.reordered(self.values) ?? self.values)
        if let raw, PQstatus(raw) == CONNECTION_OK { memory?.remember(raw) }
        return raw
    }

    private static func open(_ values: [String: String]) -> OpaquePointer? {
        let pairs = Array(values)
        let keywords = ParameterBuffer(pairs.map(\.key))
        let values = ParameterBuffer(pairs.map(\.value))
        return keywords.withPointers { keywords in
            values.withPointers { values in
                withTerminator(keywords, pairs.count) { keywords in
                    withTerminator(values, pairs.count) { values in PQconnectdbParams(keywords, values, 0) }
                }
            }
        }
    }
}

/// libpq reads these lists up to a NULL.
private func withTerminator<Result>(
    _ pointers: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int,
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    let list = Array(UnsafeBufferPointer(start: pointers, count: count)) + [nil]
    return list.withUnsafeBufferPointer { body($0.baseAddress) }
}
