/// A value that a column can be read as.
public protocol SQLDecodable {
    /// Reads a cell in PostgreSQL's text format; nil is NULL.
    static func decode(cell: UnsafeRawBufferPointer?) throws -> Self
}

/// A column's type that is read from non-NULL text.
public protocol SQLTextDecodable: SQLDecodable {
    init?(sqlText: String)
}

extension SQLTextDecodable {
    public static func decode(cell: UnsafeRawBufferPointer?) throws -> Self {
        guard let cell else { throw DatabaseError.decoding("NULL where \(Self.self) is expected") }
        guard let value = Self(sqlText: String(decoding: cell, as: UTF8.self)) else {
            throw DatabaseError.decoding("a column does not hold \(Self.self)")
        }
        return value
    }
}

extension String: SQLTextDecodable { public init?(sqlText: String) { self = sqlText } }
extension Int: SQLTextDecodable { public init?(sqlText: String) { self.init(sqlText) } }
extension Int64: SQLTextDecodable { public init?(sqlText: String) { self.init(sqlText) } }
extension RecordID: SQLTextDecodable { public init?(sqlText: String) { self.init(sqlText) } }
extension LocalDate: SQLTextDecodable { public init?(sqlText: String) { self.init(sqlText) } }
extension Timestamp: SQLTextDecodable { public init?(sqlText: String) { self.init(sqlText) } }
extension Bool: SQLTextDecodable {
    public init?(sqlText: String) {
        guard sqlText == "t" || sqlText == "f" else { return nil }
        self = sqlText == "t"
    }
}

extension SQLBytes: SQLTextDecodable {
    public init?(sqlText: String) {
        let digits = Array(sqlText.utf8)
        guard digits.starts(with: [0x5C, 0x78]), digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2 - 1)
        for index in stride(from: 2, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.init(bytes)
    }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    public static func decode(cell: UnsafeRawBufferPointer?) throws -> Wrapped? {
        guard cell != nil else { return nil }
        return try Wrapped.decode(cell: cell)
    }
}

extension SQLTextDecodable where Self: RawRepresentable, RawValue == String {
    public init?(sqlText: String) { self.init(rawValue: sqlText) }
}
