/// The result of one statement, read from the driver's own memory.
public struct Rows {
    private let source: any RowSource
    private let range: Range<Int>

    public init(_ source: any RowSource) {
        self.source = source
        self.range = 0..<source.rowCount
    }

    private init(_ source: any RowSource, _ range: Range<Int>) {
        self.source = source
        self.range = range
    }

    public var count: Int { self.range.count }
    public var isEmpty: Bool { self.range.isEmpty }
    /// How many rows an INSERT, UPDATE or DELETE changed (or a SELECT returned).
    public var affected: Int { self.source.affectedRows }

    /// Decodes every row, column by column in order.
    /// - Throws: `DatabaseError` where a column is missing or holds another type.
    public func decode<each Column: SQLDecodable>(
        as type: (repeat each Column).Type = (repeat each Column).self
    ) throws -> [(repeat each Column)] {
        try self.range.map { try self.decodeRow($0, as: type) }
    }

    /// Decodes the first row, or gives nil where there is none.
    public func first<each Column: SQLDecodable>(
        as type: (repeat each Column).Type = (repeat each Column).self
    ) throws -> (repeat each Column)? {
        guard !self.range.isEmpty else { return nil }
        let row: (repeat each Column) = try self.decodeRow(self.range.lowerBound, as: type)
        return .some(row)
    }

    private func decodeRow<each Column: SQLDecodable>(
        _ row: Int, as type: (repeat each Column).Type
    ) throws -> (repeat each Column) {
        var column = 0
        func next<Value: SQLDecodable>(_ type: Value.Type) throws -> Value {
            defer { column += 1 }
            guard column < self.source.columnCount else { throw DatabaseError.decoding("column \(column) is missing") }
            return try self.source.withCell(row: row, column: column) { try Value.decode(cell: $0) }
        }
        return (repeat try next((each Column).self))
    }

    /// Every cell as PostgreSQL's text, for statements whose columns are known only when they run.
    public var text: [[String?]] {
        self.range.map { row in
            (0..<self.source.columnCount).map { column in
                self.source.withCell(row: row, column: column) { $0.map { String(decoding: $0, as: UTF8.self) } }
            }
        }
    }

    /// The first rows up to the limit; ask the database for one more than the limit and `hasMore` tells of the next page.
    public func page(limit: Int) -> (rows: Rows, hasMore: Bool) {
        let end = Swift.min(self.range.upperBound, self.range.lowerBound + limit)
        return (Rows(self.source, self.range.lowerBound..<end), self.range.upperBound > end)
    }

    /// The last row alone, for the cursor of the next page.
    public var last: Rows {
        self.range.isEmpty ? self : Rows(self.source, (self.range.upperBound - 1)..<self.range.upperBound)
    }

    /// Writes the rows as a JSON array of objects, straight from the driver's memory. NULL leaves the member out.
    public func json(_ columns: [JSONColumn]) -> [UInt8] {
        var writer = JSONWriter(reserving: self.range.count * columns.count * 24 + 2)
        let names = columns.map { column -> [UInt8] in
            var name = JSONWriter(reserving: column.name.utf8.count + 3)
            name.name(column.name, first: true)
            return name.bytes
        }
        writer.raw("[")
        for row in self.range {
            writer.raw(row == self.range.lowerBound ? "{" : ",{")
            var isFirst = true
            for (index, column) in columns.enumerated() {
                self.source.withCell(row: row, column: index) { cell in
                    guard let cell else { return }
                    if !isFirst { writer.raw(",") }
                    isFirst = false
                    writer.raw(names[index])
                    column.kind.write(cell, to: &writer)
                }
            }
            writer.raw("}")
        }
        writer.raw("]")
        return writer.bytes
    }
}

/// A driver's result.
public protocol RowSource: AnyObject {
    var rowCount: Int { get }
    var columnCount: Int { get }
    var affectedRows: Int { get }
    /// The cell's text, or nil for NULL; the bytes live only as long as the closure.
    func withCell<Value>(row: Int, column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Value) rethrows -> Value
}

/// How a column of a result is written as a member of a JSON object.
public struct JSONColumn: Sendable {
    public let name: String
    public let kind: Kind

    public enum Kind: Sendable {
        case string
        /// An integer column, written as a JSON number.
        case integer
        case boolean
        /// A `timestamptz`, written as RFC 3339.
        case timestamp
        /// A `jsonb` column, written as it stands. Not `json`: that keeps line breaks, and a line of the wire must have none.
        case json

        func write(_ cell: UnsafeRawBufferPointer, to writer: inout JSONWriter) {
            switch self {
            case .string: writer.string(utf8: cell)
            case .integer, .json: writer.raw(cell)
            case .boolean: writer.bool(cell.first == 0x74)
            case .timestamp:
                let text = String(decoding: cell, as: UTF8.self)
                writer.string(Timestamp(text)?.description ?? text)
            }
        }
    }

    public init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    public static func string(_ name: String) -> JSONColumn { JSONColumn(name, .string) }
    public static func integer(_ name: String) -> JSONColumn { JSONColumn(name, .integer) }
    public static func boolean(_ name: String) -> JSONColumn { JSONColumn(name, .boolean) }
    public static func timestamp(_ name: String) -> JSONColumn { JSONColumn(name, .timestamp) }
    /// A `jsonb` column, written as it stands.
    public static func json(_ name: String) -> JSONColumn { JSONColumn(name, .json) }
}
