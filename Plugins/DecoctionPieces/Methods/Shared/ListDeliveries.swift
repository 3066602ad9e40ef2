internal import XinglinKit

/// `decoction.delivery.list`
struct ListDeliveries: RPCMethod {
    struct Params: Codable, Sendable {
        var state: DeliveryState?
        var late: Bool?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let deliveries: [Delivery]
        var next: String?
    }

    struct Delivery: Codable, Sendable {
        let deliveryId: RecordID
        var prescriptionId: RecordID?
        var documentId: RecordID?
        let villageZh: String
        let carrier: String
        let state: DeliveryState
        let stateZh: String
        let dueOn: LocalDate
        let late: Bool
        let ruleVersion: String
        let createdAt: Timestamp
        var receivedBy: String?
        var relation: ReceiverRelation?
        var relationZh: String?
        var receivedAt: Timestamp?
        var signatureFileId: RecordID?
        var returnReason: String?
        var closedAt: Timestamp?
    }

    static let name = "decoction.delivery.list"
    static let summary = "Lists the deliveries of the acting site, the newest first; those that are late where asked."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .nurse, .doctor])
    static let params = Schema.object(
        [
            .optional("state", .enumeration(DeliveryState.codes), "Only those in this state."),
            .optional("late", .boolean, "true: only those on the way behind their day."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("deliveries", .array(Self.delivery, 0...500), "The deliveries of this page."), Schema.pageReply)

    private static let delivery = Schema.object(
        .required("deliveryId", .id, "The delivery."),
        .optional("prescriptionId", .id, "What is delivered."), .optional("documentId", .id, "What is delivered."),
        .required("villageZh", .text(1...100), "Where to."), .required("carrier", .text(1...60), "Who brings it."),
        .required("state", .enumeration(DeliveryState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("dueOn", .date, "By when it has to be handed over."),
        .required("late", .boolean, "Whether it is on the way behind that day."),
        .required("ruleVersion", .text(1...20), "The version of the rule SHARED."),
        .required("createdAt", .timestamp, "When it set out."),
        .optional("receivedBy", .text(1...60), "Who signed."),
        .optional("relation", .enumeration(ReceiverRelation.codes), "What that person is to the patient."),
        .optional("relationZh", .text(1...20), "The same in Chinese."),
        .optional("receivedAt", .timestamp, "When they signed."),
        .optional("signatureFileId", .id, "The picture of the signature."),
        .optional("returnReason", .text(1...200), "Why it came back."),
        .optional("closedAt", .timestamp, "When its end was recorded."))

    private typealias Columns = (
        RecordID, RecordID?, RecordID?, RecordID?, SQLBytes, SQLBytes, DeliveryState, LocalDate, Bool, String,
        Timestamp,
        SQLBytes?, ReceiverRelation?, Timestamp?, RecordID?, SQLBytes?, Timestamp?
    )

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            DeliveryStore.list(
                state: params.state, lateOnly: params.late ?? false, site: call.site.id, today: call.today,
                before: page.after(0) ?? RecordID(high: .max, low: .max), limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let shown = try rows.decode(as: Columns.self)
        call.recordAccess(basis: "treatment", subjects: Array(Set(shown.compactMap(\.3))).sorted())
        return Reply(
            deliveries: try shown.map { try Self.opened($0, call) },
            next: hasMore ? shown.last.map { Page.cursor($0.0.description) } : nil)
    }

    private static func opened(_ row: Columns, _ call: Call) throws -> Delivery {
        Delivery(
            deliveryId: row.0, prescriptionId: row.1, documentId: row.2,
            villageZh: try call.open(row.4, of: DeliveryColumns.village, row: row.0),
            carrier: try call.open(row.5, of: DeliveryColumns.carrier, row: row.0), state: row.6,
            stateZh: row.6.labelZh, dueOn: row.7, late: row.8, ruleVersion: row.9, createdAt: row.10,
            receivedBy: try row.11.map { try call.open($0, of: DeliveryColumns.receivedBy, row: row.0) },
            relation: row.12, relationZh: row.12?.labelZh, receivedAt: row.13, signatureFileId: row.14,
            returnReason: try row.15.map { try call.open($0, of: DeliveryColumns.returnReason, row: row.0) },
            closedAt: row.16)
    }

    static var examples: Examples<Params, Reply> {
        let delivery = Delivery(
            deliveryId: Sample.delivery, prescriptionId: Sample.prescription, documentId: Sample.document,
            villageZh: "示例村", carrier: "配送员", state: .handedOver, stateZh: DeliveryState.handedOver.labelZh,
            dueOn: Sample.instant.localDate, late: false, ruleVersion: "1.0", createdAt: Sample.instant,
            receivedBy: "签收人", relation: .family, relationZh: ReceiverRelation.family.labelZh,
            receivedAt: Sample.instant, signatureFileId: Sample.file, returnReason: "家中无人", closedAt: Sample.instant)
        let cursor = Page.cursor(Sample.delivery.description)
        return Examples(
            full: (
                Params(state: .handedOver, late: false, limit: 1, after: cursor),
                Reply(deliveries: [delivery], next: cursor)
            ), minimal: (Params(), Reply(deliveries: [])))
    }
}
