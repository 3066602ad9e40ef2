internal import XinglinKit

/// `imports.kinds`: what the caller may import at the site, and how its files look.
struct ImportsKinds: RPCMethod {
    struct Reply: Codable, Sendable {
        var kinds: [Kind]
    }
    struct Kind: Codable, Sendable {
        var kind: String
        var module: String
        var summaryZh: String
        var summaryEn: String
        var headerZh: String
        var headerEn: String
        var columns: [Column]
    }
    struct Column: Codable, Sendable {
        var code: String
        var nameZh: String
        var nameEn: String
        var required: Bool
        var descriptionZh: String
        var descriptionEn: String
    }

    static let name = "imports.kinds"
    static let summary = "Lists what the caller may import from CSV files at the site, with the columns of each."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object()
    private static let column = Schema.object(
        .required("code", .code(1...64), "The column's code; a header may hold it, or either name."),
        .required("nameZh", .text(1...100), "The column's Chinese name."),
        .required("nameEn", .text(1...100), "The column's English name."),
        .required("required", .boolean, "Whether the file must have the column."),
        .required("descriptionZh", .opaque(0...500), "What may stand there, in Chinese."),
        .required("descriptionEn", .opaque(0...500), "What may stand there, in English."))
    static let reply = Schema.object(
        .required(
            "kinds",
            .array(
                .object(
                    .required("kind", .code(1...64), "The kind, for imports.begin."),
                    .required("module", .code(1...32), "The module it imports into."),
                    .required("summaryZh", .text(1...500), "What one line is, in Chinese."),
                    .required("summaryEn", .text(1...500), "What one line is, in English."),
                    .required("headerZh", .opaque(1...4000), "A first line to start a file from, in Chinese."),
                    .required("headerEn", .opaque(1...4000), "The same with the columns' codes."),
                    .required("columns", .array(column, 1...200), "The columns.")), 0...200), "The kinds."))
    static let examples = Examples<Empty, Reply>(
        full: (
            Empty(),
            Reply(kinds: [
                Kind(
                    kind: "decoction.openingStock", module: "decoction", summaryZh: "期初库存", summaryEn: "Opening stock",
                    headerZh: "饮片代码,批号", headerEn: "pieceCode,batchNumber",
                    columns: [
                        Column(
                            code: "pieceCode", nameZh: "饮片代码", nameEn: "Piece code", required: true,
                            descriptionZh: "饮片目录中的代码，如 XLYP0001",
                            descriptionEn: "A code of the catalogue, such as XLYP0001")
                    ])
            ])
        ), minimal: (Empty(), Reply(kinds: [])))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        Reply(
            kinds: try ImportAccess(call).kinds.map { kind in
                Kind(
                    kind: kind.name, module: kind.module, summaryZh: kind.summary.zh, summaryEn: kind.summary.en,
                    headerZh: kind.columns.map(\.name.zh).joined(separator: ","),
                    headerEn: kind.columns.map(\.code).joined(separator: ","),
                    columns: kind.columns.map { column in
                        Column(
                            code: column.code, nameZh: column.name.zh, nameEn: column.name.en,
                            required: column.isRequired, descriptionZh: column.description.zh,
                            descriptionEn: column.description.en)
                    })
            })
    }
}
