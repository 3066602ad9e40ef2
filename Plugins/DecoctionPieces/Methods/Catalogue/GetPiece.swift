internal import XinglinKit

/// `decoction.piece.get`
struct GetPiece: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        var asOf: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let code: String
        let revision: Int
        let validFrom: LocalDate
        let fields: [Value]
        let aliases: RowList<Alias>
    }

    struct Value: Codable, Sendable {
        let field: String
        let fieldZh: String
        let value: String
    }

    struct Alias: Codable, Sendable {
        let nameZh: String
        var pinyin: String?
        var initials: String?
        var reason: String?
        let addedAt: Timestamp
        let addedBy: RecordID
        var removedAt: Timestamp?
        var removedBy: RecordID?
        var removedReason: String?
    }

    static let name = "decoction.piece.get"
    static let summary = """
        What the catalogue says of a piece now, or said on a day: so a lot and a prescription keep the meaning of their day.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object(
        .required("code", .code(1...20), "The piece."),
        .optional("asOf", .date, "As it was at the end of that day; now unless told."))
    static let reply = Schema.object(
        .required("code", .code(1...20), "The piece."),
        .required("revision", .integer(1...Int64.max), "Which of its versions it is."),
        .required("validFrom", .date, "From which day that version holds."),
        .required(
            "fields",
            .array(
                .object(
                    .required("field", .code(1...40), "Which field."),
                    .required("fieldZh", .text(1...40), "Its name in Chinese."),
                    .required("value", .opaque(0...1000), "Its value as the catalogue's file writes it.")),
                0...40), "The fields that have a value, in the order of the catalogue's file."),
        .required("aliases", .array(Self.alias, 0...500), "Its other names, those that were removed among them."))
    static let faults = [DecoctionFault.pieceUnknown]

    private static let alias = Schema.object(
        .required("nameZh", .text(1...20), "The name."),
        .optional("pinyin", .code(1...60), "Its pinyin."),
        .optional("initials", .code(1...20), "The first letters of the pinyin."),
        .optional("reason", .text(1...200), "Why it was added."),
        .required("addedAt", .timestamp, "When it was added."),
        .required("addedBy", .id, "The account that added it."),
        .optional("removedAt", .timestamp, "When it was removed."),
        .optional("removedBy", .id, "The account that removed it."),
        .optional("removedReason", .text(1...200), "Why it was removed."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let results = try call.db.batch([
            Statement(RevisionStore.content(of: params.code, on: params.asOf)),
            Statement(AliasStore.list(of: params.code)),
        ])
        let rows = try results[0].decode(as: (Int, LocalDate, String, String).self)
        guard let (revision, validFrom, _, _) = rows.first else { throw DecoctionFault.unknown([params.code]) }
        let values = Dictionary(rows.map { ($0.2, $0.3) }) { first, _ in first }
        let fields = PieceField.all.compactMap { field in
            values[field.column].map { Value(field: field.code, fieldZh: field.name.zh, value: field.cell($0)) }
        }
        return Reply(
            code: params.code, revision: revision, validFrom: validFrom, fields: fields,
            aliases: .json(results[1].json(AliasStore.columns)))
    }

    static var examples: Examples<Params, Reply> {
        let alias = Alias(
            nameZh: "双花", pinyin: "shuanghua", initials: "SH", reason: "处方常用名", addedAt: Sample.instant,
            addedBy: Sample.account, removedAt: Sample.instant, removedBy: Sample.account, removedReason: "不再使用")
        let day = Sample.instant.localDate
        return Examples(
            full: (
                Params(code: "XLYP0051", asOf: day),
                Reply(
                    code: "XLYP0051", revision: 2, validFrom: day,
                    fields: [Value(field: "storageClass", fieldZh: "贮藏类别", value: "易虫蛀")],
                    aliases: .elements([alias]))
            ),
            minimal: (
                Params(code: "XLYP0051"),
                Reply(code: "XLYP0051", revision: 1, validFrom: day, fields: [], aliases: .elements([]))
            ))
    }
}
