internal import XinglinKit

/// `decoction.piece.add`
struct AddPiece: RPCMethod {
    struct Params: Codable, Sendable {
        let basedOn: String
        let changes: [FieldValue]
        let reason: String
        var source: String?
    }

    struct Reply: Codable, Sendable {
        let code: String
        let incompatiblePairs: Int64
    }

    static let name = "decoction.piece.add"
    static let summary = """
        Adds a processing variant for the whole county: a piece like another one but for what is told. What it is incompatible \
        with follows from its base material at once (RX-05).
        """
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object(
        .required("basedOn", .code(1...20), "The piece that it is like."),
        .required(
            "changes", FieldValue.schema(Self.settable), "In what it differs; nameZh, pinyin and initials at the least."
        ),
        .required("reason", .text(1...200), "Why."),
        .optional("source", .text(1...200), "The standard or decision that it goes back to."))
    static let reply = Schema.object(
        .required("code", .code(8...8), "The new piece; the county's own begin at XLYP9001."),
        .required("incompatiblePairs", .integer(0...Int64.max), "With how many pieces it is incompatible."))
    static let faults = [
        DecoctionFault.pieceUnknown, CatalogueFault.catalogueOfCounty, CatalogueFault.pieceNameTaken,
    ]

    private static let settable = PieceField.all.filter { $0.code != "withdrawnOn" }

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let work = try CatalogueWork(call, reason: params.reason, source: params.source ?? "")
        let base = try work.content(params.basedOn)
        let cells = try FieldValue.cells(params.changes)
        for field in ["nameZh", "pinyin", "initials"] where cells[field] == nil {
            throw Fault.invalid("/changes", expected: "nameZh, pinyin and initials", zh: "须给出名称、拼音和首字母")
        }
        let fresh = try self.fresh(base, call)
        let piece = try FieldValue.apply(params.changes, to: fresh)
        try work.checkFree([piece.values["nameZh"] ?? ""])
        let added = CatalogueStore.Change(code: piece.code, revision: 1, columns: piece.columns)
        let results = try call.db.batch([
            Statement(CatalogueStore.add([added], by: work.author), .rows(1)),
            Statement(IncompatibilityStore.expand),
            Statement(CatalogueStore.pairs(of: piece.code)),
        ])
        work.note(piece.code, 1)
        return Reply(code: piece.code, incompatiblePairs: try results[2].first(as: Int64.self) ?? 0)
    }

    /// The base under the next code of the county, under the same control unless told, and without the base's national codes.
    private func fresh(_ base: PieceContent, _ call: Call) throws -> PieceContent {
        guard let code = try call.db.first(CatalogueStore.nextCode, as: String.self), code.utf8.count == 8 else {
            throw HostFault.conflict.fault()
        }
        var values = base.values
        for field in ["nhsaCode", "gbt31774", "withdrawnOn"] { values[field] = nil }
        return PieceContent(code: code, revision: 0, isCounty: true, values: values)
    }

    static var examples: Examples<Params, Reply> {
        let changes = [
            FieldValue(field: "nameZh", value: "竹沥半夏"), FieldValue(field: "pinyin", value: "zhulibanxia"),
            FieldValue(field: "initials", value: "ZLBX"), FieldValue(field: "processingZh", value: "竹沥制"),
        ]
        let reply = Reply(code: "XLYP9001", incompatiblePairs: 9)
        return Examples(
            full: (
                Params(basedOn: "XLYP0427", changes: changes, reason: "本县中医院临床需要", source: "省中药饮片炮制规范"), reply
            ), minimal: (Params(basedOn: "XLYP0427", changes: changes, reason: "本县中医院临床需要"), reply))
    }
}
