internal import XinglinKit

/// `decoction.stocktake.reverse`
struct ReverseStocktake: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let state: StocktakeState
        let documentId: RecordID
        let movements: Int64
    }

    static let name = "decoction.stocktake.reverse"
    static let summary = """
        Takes the differences of an approved stocktake back, each by a movement that names it, booked today; the stocktake then counts as \
        none. Who has counted does not do it (8.2).
        """
    static let effect = Effect.write
    static let access = Access.roles([.reviewer, .siteAdmin])
    static let params = Schema.object(
        .required("stocktakeId", .id, "An approved stocktake that has booked differences."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("state", .enumeration(StocktakeState.codes), "reversed."),
        .required("documentId", .id, "The document that takes its document back."),
        .required("movements", .integer(1...Int64.max), "How many movements it has."))
    static let faults = [
        StocktakeFault.stateConflict, StocktakeFault.approverCounted, LedgerFault.alreadyReversed, LedgerFault.movedOn,
        LedgerFault.locationClosed, LedgerFault.periodClosed, DecoctionFault.insufficientStock,
        DispensingFault.stockReserved,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let held = try StocktakeStore.hold(params.stocktakeId, call)
        try held.require(.approved)
        let act = try LotStore.Act(call)
        let counters = try ActorStore.actors(call.db.rows(ActorStore.counts(of: held.id, site: act.site)))
        guard try !Persons.isCaller(amongst: counters, call) else { throw StocktakeFault.approverCounted.fault() }
        let booked = try call.db.first(StocktakeReversal.document(of: held.id, site: act.site), as: RecordID?.self)
        guard let booked, let document = booked else {
            throw Fault.invalid(
                "/stocktakeId", expected: "a stocktake that has booked differences", zh: "有差异入账的盘点")
        }
        let reversal = call.newID()
        let movements = try call.db.execute(
            TransferStore.reverse(document, by: reversal, reason: PlainText.trimmed(params.reason), act))
        guard movements > 0 else { throw try ReverseDocument.refusal(of: document, call) }
        try call.db.execute(StocktakeReversal.mark(held.id, by: reversal, act), expecting: .rows(1))
        call.note("stocktakeId", .string(held.id.description))
        call.note("documentId", .string(reversal.description))
        call.note("reverses", .string(document.description))
        try call.publish(
            StocktakeTopic.reversed, subject: held.id,
            StocktakeTopic.Reversed(stocktakeId: held.id, documentId: reversal))
        return Reply(state: .reversed, documentId: reversal, movements: Int64(movements))
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(stocktakeId: Sample.stocktake, reason: "清点时漏看一袋"),
            reply: Reply(state: .reversed, documentId: Sample.document, movements: 2)
        )
        return Examples(full: example, minimal: example)
    }
}
