internal import XinglinKit

/// `decoction.order.refuse`
struct RefuseOrder: RPCMethod {
    struct Params: Codable, Sendable {
        let orderId: RecordID
        let reason: String
    }

    typealias Reply = OrderMoved

    static let name = "decoction.order.refuse"
    static let summary = "Refuses an order to the acting site, also one that it had accepted and cannot ship."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(OrderStep.id, .required("reason", .text(1...200), "Why; who ordered sees it."))
    static let reply = OrderMoved.schema
    static let faults = [SharedFault.orderStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let sql = try OrderStore.refuse(params.orderId, reason: PlainText.trimmed(params.reason), LotStore.Act(call))
        guard try call.db.execute(sql) == 1 else {
            throw try OrderStep.refusal(of: params.orderId, placedHere: false, call)
        }
        return try OrderStep.done(params.orderId, .refused, call)
    }

    static var examples: Examples<Params, Reply> {
        let example = (params: Params(orderId: Sample.order, reason: "本月缺货"), reply: OrderMoved(Sample.order, .refused))
        return Examples(full: example, minimal: example)
    }
}
