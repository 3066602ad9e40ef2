internal import XinglinKit

/// `decoction.piece.revise`
struct RevisePiece: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let changes: [FieldValue]
        let reason: String
        var source: String?
    }

    struct Reply: Codable, Sendable {
        let code: String
        let revision: Int
        let changes: [FieldChange]
    }

    static let name = "decoction.piece.revise"
    static let summary = """
        Changes fields of a piece for the whole county, as its next version; the former one stays readable. Name and base \
        material tell what it is and never change: another name is an alias, another piece is added.
        """
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object([.required("code", .code(1...20), "The piece.")] + Self.fields)
    static let reply = Schema.object(
        .required("code", .code(1...20), "The piece."),
        .required("revision", .integer(1...Int64.max), "Its version now."),
        .required(
            "changes", .array(.object(FieldChange.fields), 0...30), "What has changed; nothing where all was so before."
        ))
    static let faults = [DecoctionFault.pieceUnknown, CatalogueFault.catalogueOfCounty]

    private static let revisable = PieceField.all.filter { !$0.isIdentity && $0.code != "withdrawnOn" }
    private static let fields: [Schema.Field] = [
        .required("changes", FieldValue.schema(Self.revisable), "The fields with their new values."),
        .required("reason", .text(1...200), "Why."),
        .optional("source", .text(1...200), "The standard or decision that it goes back to."),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let work = try CatalogueWork(call, reason: params.reason, source: params.source ?? "")
        let old = try work.content(params.code)
        let changes = try work.change(old, to: FieldValue.apply(params.changes, to: old))
        return Reply(
            code: params.code, revision: old.revision + (changes.isEmpty ? 0 : 1),
            changes: changes.map { FieldChange($0) })
    }

    static var examples: Examples<Params, Reply> {
        let changes = [FieldValue(field: "storageClass", value: "mould")]
        return Examples(
            full: (
                Params(code: "XLYP0001", changes: changes, reason: "梅雨季多发霉变", source: "县药事管理与药物治疗学委员会决议"),
                Reply(code: "XLYP0001", revision: 2, changes: [.example])
            ),
            minimal: (
                Params(code: "XLYP0001", changes: changes, reason: "梅雨季多发霉变"),
                Reply(code: "XLYP0001", revision: 2, changes: [])
            ))
    }
}
