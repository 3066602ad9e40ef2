internal import XinglinKit

/// `decoction.localCode.set`
struct SetLocalCode: RPCMethod {
    struct Params: Codable, Sendable {
        let pieceCode: String
        var localCode: String?
    }

    typealias Reply = Params

    static let name = "decoction.localCode.set"
    static let summary =
        "Records what the site's own system (HIS) calls a piece, or that it has no name for it any more."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let params = Schema.object(Self.fields)
    static let reply = Schema.object(Self.fields)
    static let faults = [DecoctionFault.pieceUnknown, CatalogueFault.localCodeTaken]

    private static let fields: [Schema.Field] = [
        .required("pieceCode", .code(1...20), "The piece."),
        .optional("localCode", .text(1...40), "Its code there; blanks and full width do not count. Absent for none."),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let local = params.localCode.map(PlainText.number)
        try call.db.batch([
            Statement(
                PieceStore.known([params.pieceCode]), .rows(1), otherwise: DecoctionFault.unknown([params.pieceCode])),
            Statement(LocalCodeStore.end(params.pieceCode, act)),
        ])
        if let local {
            if let owner = try call.db.first(LocalCodeStore.owner(of: local, site: act.site), as: String.self) {
                throw CatalogueFault.localCodeTaken.fault(["localCode": .string(local), "pieceCode": .string(owner)])
            }
            try call.db.execute(
                LocalCodeStore.set(call.newID(), local, of: params.pieceCode, act), expecting: .rows(1))
        }
        call.note("pieceCode", .string(params.pieceCode))
        call.note("localCode", local.map { .string($0) } ?? .null)
        return Reply(pieceCode: params.pieceCode, localCode: local)
    }

    static var examples: Examples<Params, Reply> {
        let full = Params(pieceCode: "XLYP0001", localCode: "ZY000123")
        return Examples(full: (full, full), minimal: (Params(pieceCode: "XLYP0001"), Params(pieceCode: "XLYP0001")))
    }
}
