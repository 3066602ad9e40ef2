internal import XinglinKit

/// A file of the catalogue, of prices or of local codes that was uploaded or exported, read whole.
struct CatalogueFile {
    struct Line {
        /// The line after the header is 1.
        let number: Int
        /// By the columns' codes.
        let cells: [String: String]
    }

    /// Without empty lines.
    let lines: [Line]

    private static let most: Int64 = 8 * 1024 * 1024

    /// - Throws: `host.invalidParams` for a file that is no table of the catalogue.
    init(_ file: RecordID, columns: [ImportColumn] = CatalogueImport.columns, _ call: Call) throws {
        guard try call.files.info(file).bytes <= Self.most else {
            throw Self.refused("a file of 8 MiB at the most", "不超过 8 MiB 的文件")
        }
        var bytes: [UInt8] = []
        try call.files.read(file) { bytes += $0 }
        let table: DelimitedTable
        do {
            table = try DelimitedTable(parsing: bytes)
        } catch let malformed as DelimitedTable.Malformed {
            throw Self.refused(
                "a comma-separated file in UTF-8: \(malformed.reason)", "UTF-8 编码、各行列数不多于表头的 CSV 文件")
        }
        var codes: [String: String] = [:]
        for column in columns {
            let names = [column.code, column.name.zh, column.name.en].map(Self.normalised)
            guard let name = table.columns.first(where: { names.contains(Self.normalised($0)) }) else {
                guard column.isRequired else { continue }
                throw Self.refused(
                    "every column that is needed: \(column.code) is missing", "全部必需的列，缺 \(column.name.zh)")
            }
            codes[column.code] = name
        }
        self.lines = table.rows.enumerated().compactMap { index, row in
            let cells = codes.mapValues { PlainText.trimmed(row[$0] ?? "") }
            return cells.values.allSatisfy(\.isEmpty) ? nil : Line(number: index + 1, cells: cells)
        }
    }

    private static func refused(_ en: String, _ zh: String) -> Fault {
        Fault.invalid("/fileId", expected: en, zh: zh)
    }

    private static func normalised(_ name: String) -> String {
        String(name.lowercased().filter { !$0.isWhitespace })
    }
}
