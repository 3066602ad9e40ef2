internal import XinglinKit

/// `imports.faultsFile`: what is wrong with an import, as a file.
struct ImportsFaultsFile: RPCMethod {
    struct Reply: Codable, Sendable {
        var fileId: RecordID
        var faults: Int64
    }

    static let name = "imports.faultsFile"
    static let summary = """
        Makes a CSV file of what is wrong with an import, line by line in the caller's language, without repeating any value.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let lane = Lane.batch
    static let params = ImportParams.schema
    static let reply = Schema.object(
        .required("fileId", .id, "The file; it belongs to the caller. See files.read."),
        .required("faults", .integer(0...Int64.max), "How many faults it lists."))
    static let faults = [FileRefusal.quota]
    private static let example = Reply(fileId: FileReply.exampleID, faults: 2)
    static let examples = Examples<ImportParams, Reply>(full: (.example, example), minimal: (.example, example))
    private static let portion = 1000

    func handle(_ params: ImportParams, _ call: Call) throws -> Reply {
        let (record, kind) = try ImportAccess(call).found(params.importId, call)
        var count: Int64 = 0
        let file = try call.files.create(
            name: Self.name(of: record), mediaType: "text/csv; charset=utf-8"
        ) { writer in
            try writer.write(CSVText.byteOrderMark + CSVText.line(Self.header[call.locale] ?? []))
            var last: (Int64, Int64) = (-1, 0)
            while true {
                let rows: [(Int64, Int64, ImportStage, String?, String, String)] = try call.db.query(
                    ImportStore.faults(record.id, after: last.0, last.1, limit: Self.portion))
                guard let end = rows.last else { break }
                try writer.write(rows.map { Self.line($0, kind, call.locale) }.joined())
                count += Int64(rows.count)
                last = (end.0, end.1)
            }
        }
        call.note("importId", .string(record.id.description))
        return Reply(fileId: file.id, faults: count)
    }

    private static func name(of record: ImportRecord) -> String {
        let stem = record.name.hasSuffix(".csv") ? String(record.name.dropLast(4)) : record.name
        return String(stem.prefix(180)) + "-faults.csv"
    }

    private static let header: [Locale: [String?]] = [
        .zh: ["行", "列", "列代码", "错误", "发现于"], .en: ["line", "column", "code", "fault", "found by"],
    ]

    private static func line(
        _ row: (Int64, Int64, ImportStage, String?, String, String), _ kind: ImportKind, _ locale: Locale
    ) -> String {
        let column = kind.columns.first { $0.code == row.3 }
        let text = LocalizedText(zh: row.4, en: row.5)
        let stage: LocalizedText = row.2 == .check ? .init(zh: "检查", en: "check") : .init(zh: "导入", en: "apply")
        return CSVText.line([String(row.0), column?.name[locale], row.3, text[locale], stage[locale]])
    }
}
