/// SQL text with its bound values. Interpolated values become parameters (`\(id)` → `$1`); they are never pasted into the text.
///
///     let sql: SQL = "SELECT name FROM example.note WHERE note_id = \(id)"
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The text with `$1`, `$2`, ….
    public let text: String
    /// The values, in order, in PostgreSQL's text format; nil is NULL.
    public let values: [String?]

    public init(stringLiteral value: String) {
        self.text = value
        self.values = []
    }

    public init(stringInterpolation: StringInterpolation) {
        self.text = stringInterpolation.text
        self.values = stringInterpolation.values
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""
        fileprivate var values: [String?] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            self.text.reserveCapacity(literalCapacity + interpolationCount * 3)
            self.values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) {
            self.text += literal
        }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some SQLBindable) {
            self.bind(value.sqlText)
        }

        /// Binds a value or NULL.
        public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            // A closure and no key path: making the key path cost a ninth of an insert's processor time.
            self.bind(value.flatMap { $0.sqlText })
        }

        private mutating func bind(_ text: String?) {
            self.values.append(text)
            self.text.append("$")
            self.text.append(String(self.values.count))
        }

        /// Pastes text known when the program is compiled: a column list shared by several statements.
        public mutating func appendInterpolation(literal: StaticString) {
            self.text += literal.description
        }
    }
}

/// A value that can be bound to a parameter.
public protocol SQLBindable {
    /// PostgreSQL's text format, or nil for NULL.
    var sqlText: String? { get }
}

extension String: SQLBindable { public var sqlText: String? { self } }
extension Bool: SQLBindable { public var sqlText: String? { self ? "t" : "f" } }
extension Int: SQLBindable { public var sqlText: String? { String(self) } }
extension Int64: SQLBindable { public var sqlText: String? { String(self) } }
extension RecordID: SQLBindable { public var sqlText: String? { self.description } }
extension LocalDate: SQLBindable { public var sqlText: String? { self.description } }
extension Timestamp: SQLBindable { public var sqlText: String? { self.description } }
extension Optional: SQLBindable where Wrapped: SQLBindable { public var sqlText: String? { self?.sqlText ?? nil } }
extension SQLBindable where Self: RawRepresentable, RawValue == String {
    public var sqlText: String? { self.rawValue }
}

/// Bytes bind as `bytea`.
public struct SQLBytes: SQLBindable, Sendable, Hashable {
    public let bytes: [UInt8]
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public var sqlText: String? {
        let hex = Array("0123456789abcdef".utf8)
        var text: [UInt8] = [0x5C, 0x78]
        text.reserveCapacity(2 + self.bytes.count * 2)
        for byte in self.bytes {
            text.append(hex[Int(byte >> 4)])
            text.append(hex[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// An array binds as a PostgreSQL array, for `= ANY(\(ids))` and `unnest`.
extension Array: SQLBindable where Element: SQLBindable {
    public var sqlText: String? {
        var text = "{"
        for (index, element) in self.enumerated() {
            if index > 0 { text += "," }
            guard let value = element.sqlText else {
                text += "NULL"
                continue
            }
            text += "\""
            for character in value.unicodeScalars {
                if character == "\"" || character == "\\" { text += "\\" }
                text.unicodeScalars.append(character)
            }
            text += "\""
        }
        return text + "}"
    }
}
