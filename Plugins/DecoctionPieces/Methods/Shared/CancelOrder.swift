internal import XinglinKit

/// `decoction.order.cancel`
struct CancelOrder: RPCMethod {
    struct Params: Codable, Sendable {
        let orderId: RecordID
        let reason: String
    }

    typealias Reply = OrderMoved

    static let name = "decoction.order.cancel"
    static let summary = "Takes back an order of the acting site that the supplier has not decided on."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(OrderStep.id, .required("reason", .text(1...200), "Why."))
    static let reply = OrderMoved.schema
    static let faults = [SharedFault.orderStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let sql = try OrderStore.cancel(params.orderId, reason: PlainText.trimmed(params.reason), LotStore.Act(call))
        guard try call.db.execute(sql) == 1 else {
            throw try OrderStep.refusal(of: params.orderId, placedHere: true, call)
        }
        return try OrderStep.done(params.orderId, .cancelled, call)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(orderId: Sample.order, reason: "改向其他供应商采购"), reply: OrderMoved(Sample.order, .cancelled)
        )
        return Examples(full: example, minimal: example)
    }
}
