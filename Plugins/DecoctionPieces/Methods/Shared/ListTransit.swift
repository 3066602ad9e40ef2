internal import XinglinKit

/// `decoction.transit.list`
struct ListTransit: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let transit: RowList<Travelling>
        var next: String?
    }

    struct Travelling: Codable, Sendable {
        let orderId: RecordID
        let lotId: RecordID
        let pieceCode: String
        let nameZh: String
        let batchNumber: String
        let expiresOn: LocalDate
        let inTransitMg: Int64
        let direction: String
        let siteCode: String
        let supplierCode: String
        let shippedAt: Timestamp
        let dueOn: LocalDate
        let overdue: Bool
    }

    static let name = "decoction.transit.list"
    static let summary =
        "Lists what is in transit to and from the acting site, by order and lot; it is on nobody's shelf."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("transit", .array(Self.travelling, 0...500), "What travels, of this page."), Schema.pageReply)

    private static let travelling = Schema.object(
        .required("orderId", .id, "The order."), .required("lotId", .id, "The sender's lot."),
        .required("pieceCode", .code(1...20), "The piece."), .required("nameZh", .text(1...40), "Its name."),
        .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("expiresOn", .date, "Last day of its shelf life."),
        .required("inTransitMg", .integer(OrderStep.quantity), "How much, in milligrams."),
        .required("direction", .enumeration(["coming", "going"]), "To the acting site, or from it."),
        .required("siteCode", .text(1...60), "Who ordered it."),
        .required("supplierCode", .text(1...60), "Who sent it."),
        .required("shippedAt", .timestamp, "When it left."), .required("dueOn", .date, "By when it has to arrive."),
        .required("overdue", .boolean, "Whether that day is over."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let none = RecordID(high: 0, low: 0)
        let found = try call.db.rows(
            ShippingStore.transit(
                site: call.site.id, today: call.today, after: (page.after(0) ?? none, page.after(1) ?? none),
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (RecordID, RecordID).self) : nil
        return Reply(
            transit: .json(rows.json(ShippingStore.transitColumns)),
            next: last.map { Page.cursor($0.0.description, $0.1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let travelling = Travelling(
            orderId: Sample.order, lotId: Sample.lot, pieceCode: "XLYP0001", nameZh: "麻黄", batchNumber: "20260923",
            expiresOn: Sample.expiresOn, inTransitMg: 2_000_000, direction: "coming", siteCode: "township-01",
            supplierCode: "county-01", shippedAt: Sample.instant, dueOn: Sample.instant.localDate.adding(days: 3),
            overdue: false)
        let cursor = Page.cursor(Sample.order.description, Sample.lot.description)
        return Examples(
            full: (Params(limit: 1, after: cursor), Reply(transit: .elements([travelling]), next: cursor)),
            minimal: (Params(), Reply(transit: .elements([]))))
    }
}
