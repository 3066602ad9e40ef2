internal import XinglinKit

/// `decoction.stocktake.recount`
struct RecountLots: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
        let lotIds: [RecordID]
    }

    struct Reply: Codable, Sendable {
        let state: StocktakeState
    }

    static let name = "decoction.stocktake.recount"
    static let summary =
        "Sends lots of a stocktake back to be counted anew; the former counts stay to be seen and hold no more."
    static let effect = Effect.write
    static let access = Access.roles([.reviewer, .siteAdmin])
    static let params = Schema.object(
        .required("stocktakeId", .id, "A stocktake that awaits approval."),
        .required("lotIds", .array(.id, 1...500), "Lots that were counted."))
    static let reply = Schema.object(.required("state", .enumeration(StocktakeState.codes), "Where it stands."))
    static let faults = [StocktakeFault.stateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let held = try StocktakeStore.hold(params.stocktakeId, call)
        try held.require(.awaitingApproval)
        let site = try call.site.id
        let lots = Array(Set(params.lotIds))
        let unknown = Fault.invalid("/lotIds", expected: "lots that were counted", zh: "本次盘点已清点的批次")
        try call.db.batch([
            Statement(StocktakeStore.reopen(lots, in: held.id, site: site), .rows(lots.count), otherwise: unknown),
            Statement(StocktakeStore.countAgain(held.id, site: site), .rows(1)),
        ])
        call.note("stocktakeId", .string(held.id.description))
        return Reply(state: .counting)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(stocktakeId: Sample.stocktake, lotIds: [Sample.lot]), reply: Reply(state: .counting)
        )
        return Examples(full: example, minimal: example)
    }
}
