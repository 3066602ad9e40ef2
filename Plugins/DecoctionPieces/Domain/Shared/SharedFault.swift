internal import XinglinKit

/// The reasons about orders between sites, shipments, claims and deliveries: 1180 to 1189.
enum SharedFault {
    static let pharmacyUnknown = FaultKind(
        "decoction.pharmacyUnknown", code: 1180,
        message: .init(zh: "没有该机构代码的共享中药房，或其已停止接单", en: "No shared pharmacy of this code takes orders"),
        hint: .init(
            zh: "用 decoction.pharmacy.list 查看可下单的共享中药房",
            en: "See the ones that take orders with decoction.pharmacy.list"))
    static let orderStateConflict = FaultKind(
        "decoction.orderStateConflict", code: 1181,
        message: .init(zh: "订单当前状态不允许此操作", en: "The order is in a state that does not allow this"),
        hint: .init(
            zh: "details 给出当前状态；下单后由共享中药房接单、发货，再由下单机构收货",
            en: "details gives its state: the supplier accepts and ships what was placed, and who ordered receives it"))
    static let shippedMoreThanOrdered = FaultKind(
        "decoction.shippedMoreThanOrdered", code: 1182,
        message: .init(
            zh: "发货量超过订购量，或发货的饮片不在订单内", en: "More is shipped than was ordered, or a piece that was not ordered"),
        hint: .init(
            zh: "details 列出饮片及其订购量；多出的部分另下订单",
            en: "details lists the pieces with what was ordered; what is more takes another order"))
    static let receivedMoreThanShipped = FaultKind(
        "decoction.receivedMoreThanShipped", code: 1183,
        message: .init(zh: "收货量超过在途量，或该批次不在途", en: "More is received than is in transit, or of a lot that is not"),
        hint: .init(
            zh: "details 列出批次及其在途量；多出的实物请与发货方核对，另开单据",
            en:
                "details lists the lots with what is in transit; settle with the sender on another document what is more"
        ))
    static let shipmentNotCounted = FaultKind(
        "decoction.shipmentNotCounted", code: 1184,
        message: .init(zh: "尚有在途批次没有清点", en: "Lots in transit were not counted"),
        hint: .init(
            zh: "details 列出未清点的批次；每个在途批次都要填写实收量，未到货填 0",
            en: "details lists them: say of every lot what arrived, and 0 where nothing did"))
    static let claimSettled = FaultKind(
        "decoction.claimSettled", code: 1185,
        message: .init(zh: "该短缺索赔已处理", en: "The claim was settled already"),
        hint: .init(zh: "用 decoction.claim.list 查看处理结果", en: "See how with decoction.claim.list"))
    static let shipmentNotReversible = FaultKind(
        "decoction.shipmentNotReversible", code: 1186,
        message: .init(zh: "机构间调拨的单据不能冲正", en: "A document between two sites cannot be taken back"),
        hint: .init(
            zh: "未到货的用 decoction.claim.settle 处理；已到货的由收货方拒收后退回或销毁",
            en:
                "What did not arrive is settled with decoction.claim.settle; the receiver rejects, returns or disposes of what did"
        ))
    static let deliveryStateConflict = FaultKind(
        "decoction.deliveryStateConflict", code: 1187,
        message: .init(zh: "该配送单已签收或已退回", en: "The delivery was handed over or brought back already"),
        hint: .init(zh: "details 给出当前状态；再次配送请另建配送单", en: "details gives its state; deliver again with another one"))
    static let notDeliverable = FaultKind(
        "decoction.notDeliverable", code: 1188,
        message: .init(
            zh: "该处方尚未调剂完成，或该单据不是出库单", en: "The prescription is not dispensed, or the document issues nothing"),
        hint: .init(
            zh: "处方须已调剂；按单据配送的须为本机构的出库单，处方调剂（dispensing）按 prescriptionId 配送，已冲正（reversed）的不能配送",
            en:
                "Deliver a dispensed prescription by its prescriptionId, or a document with which the site issued stock and that was not taken back; details.why: dispensing, reversed"
        ))
    static let deliveryExists = FaultKind(
        "decoction.deliveryExists", code: 1189,
        message: .init(zh: "已在配送或已签收", en: "It is on its way or was handed over already"),
        hint: .init(
            zh: "用 decoction.delivery.list 查看；退回后才能再次配送或冲正",
            en: "See it with decoction.delivery.list; it is delivered again, or taken back, after it was brought back"))

    static let all = [
        pharmacyUnknown, orderStateConflict, shippedMoreThanOrdered, receivedMoreThanShipped, shipmentNotCounted,
        claimSettled, shipmentNotReversible, deliveryStateConflict, notDeliverable, deliveryExists,
    ]

    static let constraints = [
        "delivery_prescription_once": deliveryExists, "delivery_document_once": deliveryExists,
    ]

    /// The refusal of a step that the order's state does not allow.
    static func conflict(_ order: RecordID, _ state: OrderState) -> Fault {
        Self.orderStateConflict.fault([
            "orderId": .string(order.description), "state": .string(state.rawValue),
        ])
    }
}
