/// The shape of a method's params or reply. It validates every request at the edge, documents each field, and is
/// written as JSON Schema into the OpenRPC document.
public indirect enum Schema: Sendable {
    case object([Field])
    case array(Schema, ClosedRange<Int>)
    /// Text without control characters, of so many Unicode scalars after trimming; never only blanks.
    case text(ClosedRange<Int>)
    /// Text of so many scalars in which anything but NUL may stand: a password, a token, a base64 chunk.
    case opaque(ClosedRange<Int>)
    /// Text all of whose characters are in the set, such as a code (`[A-Za-z0-9]`).
    case code(ClosedRange<Int>)
    case integer(ClosedRange<Int64>)
    case boolean
    case enumeration([String])
    /// A UUID.
    case id
    /// `YYYY-MM-DD`.
    case date
    /// RFC 3339 with offset.
    case timestamp
    /// Any JSON value.
    case any

    /// An object of these fields and no others.
    public static func object(_ fields: Field...) -> Schema { .object(fields) }

    /// One property of an object.
    public struct Field: Sendable {
        public let name: String
        public let schema: Schema
        public let isRequired: Bool
        /// The documentation of the field: meaning, unit, rule.
        public let description: String

        /// A property that must be there.
        public static func required(_ name: String, _ schema: Schema, _ description: String) -> Field {
            Field(name: name, schema: schema, isRequired: true, description: description)
        }

        /// A property that may be absent or null.
        public static func optional(_ name: String, _ schema: Schema, _ description: String) -> Field {
            Field(name: name, schema: schema, isRequired: false, description: description)
        }
    }

    /// The two params that every list takes.
    public static let pageParams: [Field] = [
        .optional("limit", .integer(1...500), "How many entries at the most; 100 unless told."),
        .optional("after", .opaque(1...500), "The `next` of the page before."),
    ]

    /// The member that every list's reply carries.
    public static let pageReply: Field = .optional(
        "next", .opaque(1...500), "Give it as `after` for the next page; absent on the last.")
}
