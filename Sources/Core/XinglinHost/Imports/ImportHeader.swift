internal import XinglinKit

/// The first line of an import's file: which column stands where.
enum ImportHeader {
    /// The codes of the columns in the file's order. Columns may be named by code or by either name.
    /// - Throws: `host.importFileMalformed`. A name that is unknown is told by its place only: a file without a header shows its
    ///   first person there.
    static func columns(of header: String, _ delimiter: FieldDelimiter, _ kind: ImportKind) throws -> [String] {
        let records = try ImportText.records(header, firstLine: 0, delimiter)
        guard records.count == 1, let record = records.first, !record.hasStrayQuote else {
            throw ImportRefusal.malformed(
                line: 0,
                .init(zh: "header 须是文件的第一行，且只有一行", en: "header must be the first line of the file, and one line"))
        }
        var byName: [String: String] = [:]
        for column in kind.columns {
            for name in [column.code, column.name.zh, column.name.en] { byName[Self.normalised(name)] = column.code }
        }
        var codes: [String] = []
        for (index, name) in record.fields.enumerated() {
            guard let code = byName[Self.normalised(name)] else { throw Self.unknown(index + 1, kind) }
            guard !codes.contains(code) else {
                throw ImportRefusal.malformed(
                    line: 0,
                    .init(zh: "表头第 \(index + 1) 列与前面的列重复", en: "column \(index + 1) of the header stands there twice"))
            }
            codes.append(code)
        }
        let missing = kind.columns.filter { $0.isRequired && !codes.contains($0.code) }
        guard missing.isEmpty else {
            throw ImportRefusal.malformed(
                line: 0,
                .init(
                    zh: "表头缺少必需的列：" + missing.map(\.name.zh).joined(separator: "、"),
                    en: "the header lacks required columns: " + missing.map(\.code).joined(separator: ", ")))
        }
        return codes
    }

    /// Names are compared without blanks and whatever their case.
    static func normalised(_ name: String) -> String {
        String(name.lowercased().filter { !$0.isWhitespace })
    }

    private static func unknown(_ place: Int, _ kind: ImportKind) -> Fault {
        ImportRefusal.malformed(
            line: 0,
            .init(
                zh: "不认识表头第 \(place) 列；可用的列：" + kind.columns.map(\.name.zh).joined(separator: "、"),
                en: "column \(place) of the header is not known; the columns are: "
                    + kind.columns.map(\.code).joined(separator: ", ")))
    }
}
