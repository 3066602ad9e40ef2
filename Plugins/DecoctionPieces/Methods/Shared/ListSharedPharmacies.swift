internal import XinglinKit

/// `decoction.pharmacy.list`
struct ListSharedPharmacies: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let pharmacies: RowList<Pharmacy>
        var next: String?
    }

    struct Pharmacy: Codable, Sendable {
        let code: String
        let nameZh: String
        let licence: String
        let takesOrders: Bool
    }

    static let name = "decoction.pharmacy.list"
    static let summary = "Lists the shared pharmacies of the county by code."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "pharmacies",
            .array(
                .object(
                    .required("code", .text(1...60), "The site's code, by which one orders."),
                    .required("nameZh", .text(1...200), "The site's name."),
                    .required("licence", .text(1...60), "The number of its licence."),
                    .required("takesOrders", .boolean, "Whether it takes orders now.")),
                0...500), "The pharmacies of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(OrderStore.pharmacies(after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(pharmacies: .json(rows.json(OrderStore.pharmacyColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let pharmacy = Pharmacy(code: "county-01", nameZh: "县中医院", licence: "京20260001", takesOrders: true)
        return Examples(
            full: (
                Params(limit: 1, after: "county-00"), Reply(pharmacies: .elements([pharmacy]), next: "county-01")
            ), minimal: (Params(), Reply(pharmacies: .elements([]))))
    }
}
