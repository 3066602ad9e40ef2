internal import SwiftCSV

/// A comma-separated file with a header line (RFC 4180), read whole.
public struct DelimitedTable: Sendable {
    /// The header's names, in order.
    public let columns: [String]
    /// The lines as members by column name.
    public let rows: [[String: String]]

    /// - Throws: a description of the fault where quoting is broken or a line has more fields than the header.
    ///   Fields that a line lacks at its end are empty.
    public init(parsing bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Malformed(reason: "the file is not UTF-8")
        }
        let body = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        let table: CSV<Enumerated>
        do {
            table = try CSV<Enumerated>(string: body, delimiter: .comma, loadColumns: false)
        } catch {
            throw Malformed(reason: "the quoting of the file is broken")
        }
        guard Set(table.header).count == table.header.count else {
            throw Malformed(reason: "a column stands twice in the header")
        }
        self.columns = table.header
        let header = table.header
        self.rows = try table.rows.enumerated().map { index, cells in
            // The parser has made every line as long as the longest one.
            guard cells.dropFirst(header.count).allSatisfy(\.isEmpty) else {
                throw Malformed(reason: "line \(index + 1) behind the header has more fields than the header")
            }
            return Dictionary(
                uniqueKeysWithValues: header.enumerated().map { ($1, $0 < cells.count ? cells[$0] : "") })
        }
    }

    /// Why a file could not be read.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        public let reason: String
        public var description: String { self.reason }
    }
}
