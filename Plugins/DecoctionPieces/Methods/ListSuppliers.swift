internal import XinglinKit

/// `decoction.supplier.list`
struct ListSuppliers: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let suppliers: RowList<Supplier>
        var next: String?
    }

    struct Supplier: Codable, Sendable {
        let supplierId: RecordID
        let nameZh: String
        let licence: String
    }

    static let name = "decoction.supplier.list"
    static let summary = "Lists the site's suppliers in the order in which they were recorded."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "suppliers",
            .array(
                .object(
                    .required("supplierId", .id, "The supplier."),
                    .required("nameZh", .text(1...100), "The name on its licence."),
                    .required("licence", .text(1...60), "The number of its licence.")),
                0...500),
            "The suppliers of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let start = try page.after(0) ?? RecordID(high: 0, low: 0)
        let found = try call.db.rows(SupplierStore.list(site: call.site.id, after: start, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(
            suppliers: .json(rows.json(SupplierStore.columns)), next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let supplier = Supplier(supplierId: Sample.supplier, nameZh: "亳州某饮片有限公司", licence: "皖20260001")
        return Examples(
            full: (
                Params(limit: 1, after: Sample.lot.description),
                Reply(suppliers: .elements([supplier]), next: Sample.supplier.description)
            ),
            minimal: (Params(), Reply(suppliers: .elements([]))))
    }
}
