internal import XinglinKit

/// `decoction.stocktake.approve`
struct ApproveStocktake: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
        let reason: String
        var lots: [LotReason]?
        var lossReason: String?
    }

    struct LotReason: Codable, Sendable {
        let lotId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let documentId: RecordID
        let differences: Int64
        let lossFen: Int64
        let gainFen: Int64
        let losses: [LossGroup]
    }

    static let name = "decoction.stocktake.approve"
    static let summary = """
        Books the differences of a stocktake with their reasons: a reason for each lot beyond the tolerance, and one for a loss \
        above its limit (8.2: 1 %, of volatile pieces 2 %, by value).
        """
    static let effect = Effect.write
    static let access = Access.roles([.reviewer, .siteAdmin])
    static let params = Schema.object(
        .required("stocktakeId", .id, "A stocktake that awaits approval."),
        .required("reason", .text(1...200), "Why the differences within the tolerance are as they are."),
        .optional(
            "lots",
            .array(
                .object(
                    .required("lotId", .id, "A lot that differs."), .required("reason", .text(1...200), "Why.")),
                1...500), "The reasons of lots beyond the tolerance; of others, if there is more to say."),
        .optional("lossReason", .text(1...200), "Why more was lost than the limit allows."))
    static let reply = Schema.object(
        .required("documentId", .id, "The document of the movements."),
        .required("differences", .integer(1...Int64.max), "How many lots differed."),
        .required("lossFen", .integer(0...Int64.max), "What was too little, at cost."),
        .required("gainFen", .integer(0...Int64.max), "What was too much, at cost."),
        .required("losses", .array(Self.loss, 0...2), "What was lost since the stocktake before, beside its limit."))
    static let faults = [
        StocktakeFault.stateConflict, StocktakeFault.approverCounted, StocktakeFault.outdated,
        StocktakeFault.surplusBeyondReceipt, StocktakeFault.reasonMissing, LedgerFault.locationClosed,
        GuardFault.countBelowReserved,
    ]

    private static let loss = Schema.object(
        .required("volatile", .boolean, "Whether it is that of volatile pieces."),
        .required("lossFen", .integer(0...Int64.max), "Shortages and disposals, at cost."),
        .required("baseFen", .integer(0...Int64.max), "What was issued and what is left, at cost."),
        .optional(
            "lossBasisPoints", .integer(0...Int64.max),
            "The loss in hundredths of a per cent; absent where nothing was issued and nothing is left (D0)."),
        .required("limitBasisPoints", .integer(0...Int64.max), "What is allowed."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let held = try StocktakeStore.hold(params.stocktakeId, call)
        try held.require(.awaitingApproval)
        let (document, act) = (call.newID(), try LotStore.Act(call))
        let rules = try StocktakeRules(call)
        let approval = StocktakeDecision(
            held: held, act: act, rules: rules, reason: PlainText.trimmed(params.reason),
            reasons: Dictionary(
                (params.lots ?? []).map { ($0.lotId, PlainText.trimmed($0.reason)) }, uniquingKeysWith: { $1 }),
            lossReason: params.lossReason.map(PlainText.trimmed) ?? "")
        let differences = try approval.judge(call)
        let losses = try approval.book(document, call)
        guard
            let (lossFen, gainFen) = try call.db.first(
                StocktakeApproval.approve(
                    held.id, document: document, reason: approval.reason, lossReason: approval.lossReason, act),
                as: (Int64, Int64).self)
        else { throw HostFault.conflict.fault() }
        call.note("stocktakeId", .string(held.id.description))
        call.note("documentId", .string(document.description))
        try call.publish(
            StocktakeTopic.approved, subject: held.id,
            StocktakeTopic.Approved(
                stocktakeId: held.id, documentId: document, differences: differences, lossFen: lossFen,
                gainFen: gainFen))
        return Reply(
            documentId: document, differences: Int64(differences), lossFen: lossFen, gainFen: gainFen, losses: losses)
    }

    static var examples: Examples<Params, Reply> {
        let group = LossGroup(volatile: false, lossFen: 3400, baseFen: 2_713_600, limitBasisPoints: 100)
        let reply = Reply(documentId: Sample.document, differences: 2, lossFen: 3400, gainFen: 0, losses: [group])
        return Examples(
            full: (
                Params(
                    stocktakeId: Sample.stocktake, reason: "称量误差",
                    lots: [LotReason(lotId: Sample.lot, reason: "虫蛀，已销毁未记账")], lossReason: "梅雨季受潮"),
                reply
            ),
            minimal: (Params(stocktakeId: Sample.stocktake, reason: "称量误差"), reply))
    }
}
