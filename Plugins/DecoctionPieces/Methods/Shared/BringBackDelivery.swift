internal import XinglinKit

/// `decoction.delivery.bringBack`
struct BringBackDelivery: RPCMethod {
    struct Params: Codable, Sendable {
        let deliveryId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let deliveryId: RecordID
        let state: DeliveryState
    }

    static let name = "decoction.delivery.bringBack"
    static let summary = "Ends a delivery that nobody took; it can be delivered again."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .nurse, .doctor])
    static let params = Schema.object(
        DeliveryStep.id, .required("reason", .text(1...200), "Why. It is kept encrypted."))
    static let reply = Schema.object(DeliveryStep.id, DeliveryStep.state)
    static let faults = [SharedFault.deliveryStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = params.deliveryId
        let reason = try call.seal(PlainText.trimmed(params.reason), for: DeliveryColumns.returnReason, row: id)
        guard try call.db.execute(DeliveryStore.bringBack(id, reason: reason, LotStore.Act(call))) == 1 else {
            throw try DeliveryStep.refusal(of: id, call)
        }
        try DeliveryStep.done(id, .broughtBack, call)
        return Reply(deliveryId: id, state: .broughtBack)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(deliveryId: Sample.delivery, reason: "家中无人"),
            reply: Reply(deliveryId: Sample.delivery, state: .broughtBack)
        )
        return Examples(full: example, minimal: example)
    }
}
