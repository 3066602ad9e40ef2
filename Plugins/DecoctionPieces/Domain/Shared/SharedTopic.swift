internal import XinglinKit

/// What has happened to orders between sites, claims and deliveries; at the site that acted.
enum SharedTopic {
    struct OrderMoved: Codable, Sendable {
        let orderId: RecordID
        let state: OrderState
    }
    struct ClaimMoved: Codable, Sendable {
        let claimId: RecordID
        let orderId: RecordID
        let state: ClaimState
    }
    struct DeliveryMoved: Codable, Sendable {
        let deliveryId: RecordID
        let state: DeliveryState
    }

    private static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .integrator])

    static let orderMoved = EventTopic(
        "decoction.order.moved", .init(zh: "共享中药房订单有进展", en: "An order to a shared pharmacy has moved on"),
        access: Self.access,
        body: .object(
            .required("orderId", .id, "The order; the event's subject."),
            .required("state", .enumeration(OrderState.codes), "Where it stands now.")),
        example: OrderMoved(orderId: Sample.order, state: .shipped))
    static let claimMoved = EventTopic(
        "decoction.claim.moved", .init(zh: "短缺索赔已提出或已处理", en: "A claim was opened or settled"),
        access: Self.access,
        body: .object(
            .required("claimId", .id, "The claim; the event's subject."),
            .required("orderId", .id, "The order."),
            .required("state", .enumeration(ClaimState.codes), "Where it stands now.")),
        example: ClaimMoved(claimId: Sample.claim, orderId: Sample.order, state: .open))
    static let deliveryMoved = EventTopic(
        "decoction.delivery.moved",
        .init(zh: "配送已出发、已签收或已退回", en: "A delivery set out, was handed over or brought back"),
        access: Self.access,
        body: .object(
            .required("deliveryId", .id, "The delivery; the event's subject."),
            .required("state", .enumeration(DeliveryState.codes), "Where it stands now.")),
        example: DeliveryMoved(deliveryId: Sample.delivery, state: .handedOver))

    static let all = [orderMoved, claimMoved, deliveryMoved]
}
