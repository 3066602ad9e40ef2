internal import XinglinKit

/// An order as lists and `decoction.order.get` show it, to either side.
struct OrderEntry: Codable, Sendable {
    let orderId: RecordID
    let side: String
    let siteCode: String
    let siteNameZh: String
    let supplierCode: String
    let supplierNameZh: String
    var note: String?
    var refusal: String?
    let placedAt: Timestamp
    var decidedAt: Timestamp?
    var shippedAt: Timestamp?
    var documentId: RecordID?
    var dueOn: LocalDate?
    var ruleVersion: String?
    var receivedAt: Timestamp?
    let inTransitMg: Int64
    let openClaims: Int64
    let state: OrderState
    let stateZh: String
    let overdue: Bool

    static let sides = ["placed", "toFill"]

    static let schema = Schema.object(
        .required("orderId", .id, "The order."),
        .required("side", .enumeration(Self.sides), "placed by the acting site, or toFill by it."),
        .required("siteCode", .text(1...60), "Who ordered."),
        .required("siteNameZh", .text(1...200), "The same by name, as on that day."),
        .required("supplierCode", .text(1...60), "Who supplies."),
        .required("supplierNameZh", .text(1...200), "The same by name, as on that day."),
        .optional("note", .text(1...200), "For the supplier."),
        .optional("refusal", .text(1...200), "Why it was refused or cancelled."),
        .required("placedAt", .timestamp, "When it was placed."),
        .optional("decidedAt", .timestamp, "When it was accepted, refused or cancelled."),
        .optional("shippedAt", .timestamp, "When it left."),
        .optional("documentId", .id, "The sender's document of movements."),
        .optional("dueOn", .date, "By when it has to arrive (rule SHARED shipmentDueDays)."),
        .optional("ruleVersion", .text(1...20), "The version of that rule."),
        .optional("receivedAt", .timestamp, "When it was counted last."),
        .required("inTransitMg", .integer(0...Int64.max), "What of it is in transit."),
        .required("openClaims", .integer(0...Int64.max), "Claims that the supplier has not settled."),
        .required("state", .enumeration(OrderState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("overdue", .boolean, "Whether it is in transit behind dueOn."))

    static let example = OrderEntry(
        orderId: Sample.order, side: "placed", siteCode: "township-01", siteNameZh: "一号镇卫生院",
        supplierCode: "county-01", supplierNameZh: "县中医院", note: "周五前送达", refusal: "本月缺货",
        placedAt: Sample.instant, decidedAt: Sample.instant, shippedAt: Sample.instant, documentId: Sample.document,
        dueOn: Sample.instant.localDate.adding(days: 3), ruleVersion: "1.0", receivedAt: Sample.instant,
        inTransitMg: 2_000_000, openClaims: 0, state: .shipped, stateZh: OrderState.shipped.labelZh, overdue: false)
}
