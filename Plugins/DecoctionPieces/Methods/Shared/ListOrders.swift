internal import XinglinKit

/// `decoction.order.list`
struct ListOrders: RPCMethod {
    struct Params: Codable, Sendable {
        var side: String?
        var state: OrderState?
        var overdue: Bool?
        var lotId: RecordID?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let orders: RowList<OrderEntry>
        var next: String?
    }

    static let name = "decoction.order.list"
    static let summary = "Lists the orders that the acting site placed and those that it is to fill, the newest first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .optional("side", .enumeration(OrderEntry.sides), "Only those placed here, or only those to fill here."),
            .optional("state", .enumeration(OrderState.codes), "Only those in this state."),
            .optional("overdue", .boolean, "true: only those that are in transit for longer than they may be."),
            .optional(
                "lotId", .id,
                "Only those on which something of this lot of the sender went out: where a recalled lot went."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("orders", .array(OrderEntry.schema, 0...500), "The orders of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let filter = OrderStore.Filter(
            side: params.side, state: params.state, isOverdue: params.overdue ?? false, lot: params.lotId)
        let found = try call.db.rows(
            OrderStore.list(
                filter, site: call.site.id, today: call.today,
                before: page.after(0) ?? RecordID(high: .max, low: .max), limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(orders: .json(rows.json(OrderStore.columns)), next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let cursor = Page.cursor(Sample.order.description)
        return Examples(
            full: (
                Params(side: "placed", state: .shipped, overdue: false, lotId: Sample.lot, limit: 1, after: cursor),
                Reply(orders: .elements([OrderEntry.example]), next: cursor)
            ), minimal: (Params(), Reply(orders: .elements([]))))
    }
}
