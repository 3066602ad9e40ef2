internal import XinglinKit

/// `decoction.alias.add`
struct AddAlias: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let nameZh: String
        var pinyin: String?
        var initials: String?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let code: String
        let nameZh: String
    }

    static let name = "decoction.alias.add"
    static let summary =
        "Adds another name by which people look for a piece, in the whole county. A name stands for one piece."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object(
        .required("code", .code(1...20), "The piece."),
        .required("nameZh", .text(1...20), "The other name; blanks and full width do not count."),
        .optional(
            "pinyin", .code(1...60), "Its pinyin, toneless and in small letters, ü as v; then with its initials."),
        .optional("initials", .code(1...20), "The first letters of the pinyin, in capitals."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("code", .code(1...20), "The piece."), .required("nameZh", .text(1...20), "The name as it is kept."))
    static let faults = [
        DecoctionFault.pieceUnknown, CatalogueFault.catalogueOfCounty, CatalogueFault.pieceNameTaken,
        PrescriptionFault.pieceWithdrawn,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let work = try CatalogueWork(call, reason: params.reason, source: "")
        guard
            let alias = PieceAlias(
                checked: params.nameZh, pinyin: params.pinyin ?? "", initials: params.initials ?? "")
        else {
            throw Fault.invalid(
                "/pinyin", expected: "a name without / ; and commas, pinyin together with initials",
                zh: "名称不含 / ; 和逗号，拼音与首字母同填")
        }
        _ = try work.content(params.code)
        // A name that may not be prescribed stands for no other piece either.
        let rules = try PharmacyRules.book(on: call.today, call)
        if let material = try rules.names(.withdrawnNames).first(where: { alias.nameZh.contains($0) }) {
            throw PrescriptionFault.pieceWithdrawn.fault(["nameZh": .string(material)])
        }
        try work.checkFree([alias.nameZh])
        // Nor does the name of what other pieces are made of.
        let made = try call.db.query(CatalogueStore.made(of: alias.nameZh), as: String.self)
        guard made.isEmpty || made.contains(params.code) else {
            throw CatalogueFault.pieceNameTaken.fault([
                "nameZh": .string(alias.nameZh), "pieceCodes": .array(made.map { .string($0) }),
            ])
        }
        let new = AliasStore.New(id: call.newID(), code: params.code, alias: alias)
        try call.db.execute(
            AliasStore.add([new], by: work.author), expecting: .rows(1),
            otherwise: CatalogueFault.pieceNameTaken.fault(["nameZh": .string(alias.nameZh)]))
        call.note("pieceCode", .string(params.code))
        call.note("alias", .string(alias.nameZh))
        return Reply(code: params.code, nameZh: alias.nameZh)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(code: "XLYP0051", nameZh: "双花")
        return Examples(
            full: (
                Params(code: "XLYP0051", nameZh: "双花", pinyin: "shuanghua", initials: "SH", reason: "处方常用名"), reply
            ), minimal: (Params(code: "XLYP0051", nameZh: "双花", reason: "处方常用名"), reply))
    }
}
