internal import XinglinKit

/// `decoction.stocktake.cancel`
struct CancelStocktake: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let state: StocktakeState
    }

    static let name = "decoction.stocktake.cancel"
    static let summary = "Gives a stocktake up: nothing is booked, and its counts stay to be seen."
    static let effect = Effect.write
    static let access = Access.roles([.reviewer, .siteAdmin])
    static let params = Schema.object(
        .required("stocktakeId", .id, "A stocktake that is not over."), .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(.required("state", .enumeration(StocktakeState.codes), "Where it stands."))
    static let faults = [StocktakeFault.stateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let held = try StocktakeStore.hold(params.stocktakeId, call)
        try held.require(.counting, .awaitingApproval)
        try call.db.execute(
            StocktakeStore.cancel(held.id, reason: PlainText.trimmed(params.reason), LotStore.Act(call)),
            expecting: .rows(1))
        call.note("stocktakeId", .string(held.id.description))
        return Reply(state: .cancelled)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(stocktakeId: Sample.stocktake, reason: "停电，改日重盘"), reply: Reply(state: .cancelled)
        )
        return Examples(full: example, minimal: example)
    }
}
