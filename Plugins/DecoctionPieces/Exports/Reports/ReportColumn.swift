internal import XinglinKit

/// A column of a report's file: which column of the statement it shows, and how.
struct ReportColumn {
    let column: ExportColumn
    let index: Int
    let cell: Cell

    /// How a value is written.
    enum Cell {
        case plain
        /// What a person typed: it must not become a formula in a spreadsheet.
        case typed
        /// Milligrams, written in grams.
        case grams
        /// Fen, written in yuan.
        case yuan
        /// `t` and `f`, as 1 and 0, so that the column adds up.
        case flag
    }

    init(_ code: String, _ zh: String, _ en: String, _ index: Int, _ cell: Cell = .plain) {
        self.column = ExportColumn(code, .init(zh: zh, en: en))
        self.index = index
        self.cell = cell
    }

    /// The lines of a file.
    static func lines(_ rows: Rows, _ columns: [ReportColumn]) -> [[String?]] {
        rows.text.map { row in columns.map { row[$0.index].map($0.cell.written) } }
    }
}

extension ReportColumn.Cell {
    func written(_ text: String) -> String {
        switch self {
        case .plain: text
        case .typed: SpreadsheetText.harmless(text)
        case .grams: Int64(text).map { SpreadsheetText.decimal($0, decimals: 3) } ?? text
        case .yuan: Int64(text).map { SpreadsheetText.decimal($0, decimals: 2) } ?? text
        case .flag: text == "t" ? "1" : "0"
        }
    }
}

extension ReportPeriod {
    /// What an export of days takes.
    static let exportParams = Schema.object(Self.fields)
    /// What an export of a day takes.
    static let dayExportParams = Schema.object(Self.asOfField)

    /// Reads `exportParams`, which the host has validated.
    static func days(_ params: JSONValue, _ call: Call) throws -> ReportPeriod {
        try ReportPeriod(from: Self.date(params["from"]), to: Self.date(params["to"]), today: call.today)
    }

    /// Reads `dayExportParams`.
    static func day(_ params: JSONValue, _ call: Call) throws -> ReportPeriod {
        try ReportPeriod(asOf: Self.date(params["asOf"]), today: call.today)
    }

    private static func date(_ value: JSONValue?) -> LocalDate? {
        value?.stringValue.flatMap { LocalDate($0) }
    }
}
