internal import XinglinKit

/// `exports.kinds`: what can be exported at a site.
struct ExportsKinds: RPCMethod {
    struct Reply: Codable, Sendable { var kinds: [Kind] }
    struct Kind: Codable, Sendable {
        var kind: String
        var nameZh: String
        var nameEn: String
        var columns: [Column]
        var params: [String]
        var personal: Bool
    }
    struct Column: Codable, Sendable {
        var code: String
        var nameZh: String
        var nameEn: String
    }

    static let name = "exports.kinds"
    static let summary = "Lists the kinds of files that the caller may have made at the site, with their columns."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object()
    static let reply = Schema.object(
        .required(
            "kinds",
            .array(
                .object(
                    .required("kind", .code(1...64), "The kind, for exports.begin."),
                    .required("nameZh", .text(1...200), "What one line is, in Chinese."),
                    .required("nameEn", .text(1...200), "What one line is, in English."),
                    .required(
                        "columns",
                        .array(
                            .object(
                                .required("code", .code(1...64), "The column's code."),
                                .required("nameZh", .text(1...100), "Its Chinese name."),
                                .required("nameEn", .text(1...100), "Its English name.")), 1...500),
                        "The columns, in order."),
                    .required("params", .array(.code(1...64), 0...100), "The params that exports.begin takes for it."),
                    .required("personal", .boolean, "Whether it shows personal data: it is audited with its basis.")),
                0...500), "The kinds."))
    private static let example = Kind(
        kind: "decoction.stock", nameZh: "库存", nameEn: "Stock",
        columns: [Column(code: "pieceCode", nameZh: "饮片代码", nameEn: "Piece code")], params: [], personal: false)
    static let examples = Examples<Empty, Reply>(
        full: (Empty(), Reply(kinds: [example])), minimal: (Empty(), Reply(kinds: [])))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        Reply(
            kinds: try ExportAccess(call).kinds.map { kind in
                var names: [String] = []
                if case .object(let fields) = kind.params { names = fields.map(\.name) }
                return Kind(
                    kind: kind.name, nameZh: kind.summary.zh, nameEn: kind.summary.en,
                    columns: kind.columns.map { Column(code: $0.code, nameZh: $0.name.zh, nameEn: $0.name.en) },
                    params: names, personal: kind.basis != nil)
            })
    }
}
