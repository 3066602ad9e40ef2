internal import XinglinKit

/// `decoction.supplier.list`
struct ListSuppliers: RPCMethod {
    struct Params: Codable, Sendable {
        var endingWithinDays: Int?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let suppliers: RowList<SupplierCard>
        var next: String?
    }

    static let name = "decoction.supplier.list"
    static let summary =
        "Lists the site's suppliers in the order in which they were recorded, with how each licence stands today."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .optional(
                "endingWithinDays", .integer(0...3650),
                "Only those in use whose licence ends within so many days, or has ended; all unless told.")
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("suppliers", .array(SupplierCard.schema, 0...500), "The suppliers of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let start = try page.after(0) ?? RecordID(high: 0, low: 0)
        let found = try call.db.rows(
            SupplierStore.list(
                SupplierCard.filter(call, endingWithin: params.endingWithinDays), site: call.site.id, after: start,
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(
            suppliers: .json(rows.json(SupplierStore.columns)), next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(endingWithinDays: 60, limit: 1, after: Sample.lot.description),
                Reply(suppliers: .elements([.example]), next: Sample.supplier.description)
            ),
            minimal: (Params(), Reply(suppliers: .elements([.small]))))
    }
}
