internal import XinglinKit

/// `decoction.location.create`
struct CreateLocation: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let nameZh: String
        let kind: LocationKind
        var pieceCode: String?
    }

    struct Reply: Codable, Sendable {
        let locationId: RecordID
    }

    static let name = "decoction.location.create"
    static let summary = """
        Adds a place beside the main store: a drawer for one piece (PC-03), a toxic cupboard (8.2), a box for outreach.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("code", .code(1...20), "What its label says, unique in the site."),
        .required("nameZh", .text(1...60), "Its name."),
        .required("kind", .enumeration(LocationKind.codes), "What it is."),
        .optional("pieceCode", .code(1...20), "The one piece of a drawer, no toxic one; of drawers alone, and of each.")
    )
    static let reply = Schema.object(.required("locationId", .id, "The new place."))
    static let faults = [
        LedgerFault.locationExists, DecoctionFault.pieceUnknown, LedgerFault.locationUnsuitable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard (params.kind == .drawer) == (params.pieceCode != nil) else {
            throw Fault.invalid("/pieceCode", expected: "a piece for a drawer, none for others", zh: "药斗须填饮片编码，其他位置不填")
        }
        let act = try LotStore.Act(call)
        if let piece = params.pieceCode {
            try call.db.execute(
                PieceStore.known([piece]), expecting: .rows(1), otherwise: DecoctionFault.unknown([piece]))
        }
        let place = LocationStore.NewLocation(
            id: call.newID(), code: params.code, nameZh: PlainText.trimmed(params.nameZh), kind: params.kind,
            pieceCode: params.pieceCode)
        guard try call.db.execute(LocationStore.create(place, act)) == 1 else {
            let known = try call.db.first(LocationStore.find(code: params.code, site: act.site), as: RecordID.self)
            guard let known else {
                throw LedgerFault.locationUnsuitable.fault([
                    "pieceCode": params.pieceCode.map { .string($0) } ?? .null, "why": "toxicCupboardOnly",
                ])
            }
            throw LedgerFault.locationExists.fault(["locationId": .string(known.description)])
        }
        call.note("locationId", .string(place.id.description))
        return Reply(locationId: place.id)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(locationId: Sample.location)
        return Examples(
            full: (Params(code: "A-01", nameZh: "麻黄药斗", kind: .drawer, pieceCode: "XLYP0001"), reply),
            minimal: (Params(code: "DX-1", nameZh: "毒性药品柜", kind: .toxicCupboard), reply))
    }
}
