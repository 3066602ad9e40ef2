internal import XinglinKit

/// `decoction.alias.remove`
struct RemoveAlias: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let nameZh: String
        let reason: String
    }

    typealias Reply = AddAlias.Reply

    static let name = "decoction.alias.remove"
    static let summary =
        "Removes another name of a piece, in the whole county; decoction.piece.get goes on to show it as removed."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object(
        .required("code", .code(1...20), "The piece."), .required("nameZh", .text(1...20), "The alias."),
        .required("reason", .text(1...200), "Why."))
    static let reply = AddAlias.reply
    static let faults = [DecoctionFault.pieceUnknown, CatalogueFault.catalogueOfCounty]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let work = try CatalogueWork(call, reason: params.reason, source: "")
        let name = PlainText.number(params.nameZh)
        try call.db.execute(
            AliasStore.remove([name], of: [params.code], by: work.author), expecting: .rows(1),
            otherwise: HostFault.notFound.fault(["code": .string(params.code), "nameZh": .string(name)]))
        call.note("pieceCode", .string(params.code))
        call.note("alias", .string(name))
        return Reply(code: params.code, nameZh: name)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(code: "XLYP0051", nameZh: "双花", reason: "易与他药混淆"),
            reply: Reply(code: "XLYP0051", nameZh: "双花")
        )
        return Examples(full: example, minimal: example)
    }
}
