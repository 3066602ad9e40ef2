internal import XinglinKit

/// `imports.faults`: what is wrong with which line of an import.
struct ImportsFaults: RPCMethod {
    struct Params: Codable, Sendable {
        var importId: RecordID
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var faults: [Entry]
        var next: String?
    }
    struct Entry: Codable, Sendable {
        var line: Int64
        var stage: ImportStage
        var field: String?
        var columnZh: String?
        var columnEn: String?
        var textZh: String
        var textEn: String
    }

    static let name = "imports.faults"
    static let summary = "Lists what is wrong with an import, line by line, without repeating any value."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object(
        [.required("importId", .id, "An import of the acting site.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "faults",
            .array(
                .object(
                    .required("line", .integer(0...Int64.max), "The line's number; the line after the header is 1."),
                    .required(
                        "stage", .enumeration(ImportStage.allCases.map(\.rawValue)),
                        "check, or apply for a good line that could not be applied after all."),
                    .optional("field", .code(1...64), "The column's code; absent where it is the whole line."),
                    .optional("columnZh", .text(1...100), "The column's Chinese name."),
                    .optional("columnEn", .text(1...100), "The column's English name."),
                    .required("textZh", .opaque(1...2000), "What is wrong, in Chinese."),
                    .required("textEn", .opaque(1...2000), "What is wrong, in English.")), 0...500), "The faults."),
        Schema.pageReply)
    static let examples = Examples<Params, Reply>(
        full: (
            Params(importId: ImportReply.exampleID, limit: 1, after: "3~1"),
            Reply(
                faults: [
                    Entry(
                        line: 7, stage: .check, field: "batchNumber", columnZh: "批号", columnEn: "Batch number",
                        textZh: "必须填写", textEn: "must not be empty")
                ], next: "7~1")
        ),
        minimal: (Params(importId: ImportReply.exampleID), Reply(faults: [])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let (record, kind) = try ImportAccess(call).found(params.importId, call)
        let rows = try call.db.rows(
            ImportStore.faults(
                record.id, after: try page.after(0) ?? -1, try page.after(1) ?? 0, limit: page.limit + 1))
        let (shown, hasMore) = rows.page(limit: page.limit)
        let decoded: [(Int64, Int64, ImportStage, String?, String, String)] = try shown.decode()
        return Reply(
            faults: decoded.map { line, _, stage, field, zh, en in
                let column = kind.columns.first { $0.code == field }
                return Entry(
                    line: line, stage: stage, field: field, columnZh: column?.name.zh, columnEn: column?.name.en,
                    textZh: zh, textEn: en)
            },
            next: hasMore ? decoded.last.map { Page.cursor(String($0.0), String($0.1)) } : nil)
    }
}
