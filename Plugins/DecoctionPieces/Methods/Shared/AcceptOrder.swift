internal import XinglinKit

/// `decoction.order.accept`
struct AcceptOrder: RPCMethod {
    struct Params: Codable, Sendable {
        let orderId: RecordID
    }

    typealias Reply = OrderMoved

    static let name = "decoction.order.accept"
    static let summary = "Accepts an order to the acting site: it will be shipped."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(OrderStep.id)
    static let reply = OrderMoved.schema
    static let faults = [SharedFault.orderStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let sql = try OrderStore.accept(params.orderId, LotStore.Act(call))
        guard try call.db.execute(sql) == 1 else {
            throw try OrderStep.refusal(of: params.orderId, placedHere: false, call)
        }
        return try OrderStep.done(params.orderId, .accepted, call)
    }

    static var examples: Examples<Params, Reply> {
        let example = (params: Params(orderId: Sample.order), reply: OrderMoved(Sample.order, .accepted))
        return Examples(full: example, minimal: example)
    }
}
