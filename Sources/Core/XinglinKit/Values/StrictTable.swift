/// A data file whose header and number of fields are as declared; whatever is not refuses the whole file with its line.
public struct StrictTable: Sendable {
    public let name: String
    public let rows: [StrictRow]

    /// Reads a file without quoted fields.
    /// - Throws: `DataFileRefused`.
    public init(parsing file: [UInt8], name: String, columns: [String]) throws {
        try Self.checkFieldCounts(of: file, columns.count, name)
        let table = try DelimitedTable(parsing: file)
        guard table.columns == columns else {
            throw DataFileRefused(file: name, line: 1, problem: "the columns are not as expected")
        }
        self.name = name
        self.rows = table.rows.enumerated().map { StrictRow(file: name, number: $0.offset + 2, cells: $0.element) }
    }

    /// The reader of tables fills short lines and cuts long ones, so fields are counted here. No field of these files is quoted.
    private static func checkFieldCounts(of file: [UInt8], _ fields: Int, _ name: String) throws(DataFileRefused) {
        var lines = file.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            guard !line.contains(0x22), line.count(where: { $0 == 0x2C }) == fields - 1 else {
                throw DataFileRefused(file: name, line: index + 1, problem: "not \(fields) fields")
            }
        }
    }
}

/// A line of a data file.
public struct StrictRow: Sendable {
    public let file: String
    /// Counted from 1, the header included.
    public let number: Int
    private let cells: [String: String]

    init(file: String, number: Int, cells: [String: String]) {
        self.file = file
        self.number = number
        self.cells = cells
    }

    /// Text that must be there.
    public func text(_ column: String) throws(DataFileRefused) -> String {
        guard let text = self.cells[column], !text.isEmpty else { throw self.refused(column) }
        return text
    }

    /// Text that may be empty.
    public func optionalText(_ column: String) -> String { self.cells[column] ?? "" }

    /// Names between semicolons; none where the cell is empty.
    public func names(_ column: String) throws(DataFileRefused) -> [String] {
        let text = self.optionalText(column)
        guard !text.isEmpty else { return [] }
        let names = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy({ !$0.isEmpty }), Set(names).count == names.count else { throw self.refused(column) }
        return names
    }

    /// A code of a closed set.
    public func code<Code: RawRepresentable>(_ column: String) throws(DataFileRefused) -> Code
    where Code.RawValue == String {
        guard let code = Code(rawValue: self.optionalText(column)) else { throw self.refused(column) }
        return code
    }

    /// The fault of a cell of this line.
    public func refused(_ column: String) -> DataFileRefused {
        DataFileRefused(file: self.file, line: self.number, problem: "\(column) is not as expected")
    }
}

/// Why a data file is not loaded.
public struct DataFileRefused: Error, Equatable, CustomStringConvertible {
    public let file: String
    /// Counted from 1, the header included.
    public let line: Int
    public let problem: String

    /// A refusal of that line.
    public init(file: String, line: Int, problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    public var description: String { "\(self.file), line \(self.line): \(self.problem)" }
}
