internal import XinglinKit

/// `decoction.stocktake.list`
struct ListStocktakes: RPCMethod {
    struct Params: Codable, Sendable {
        var state: StocktakeState?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let stocktakes: RowList<StocktakeCard>
        var next: String?
    }

    static let name = "decoction.stocktake.list"
    static let summary = "Lists the site's stocktakes, the latest first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [.optional("state", .enumeration(StocktakeState.codes), "Only those that stand here.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("stocktakes", .array(StocktakeCard.schema, 0...500), "The stocktakes of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last = try page.after(0) ?? RecordID(high: .max, low: .max)
        let found = try call.db.rows(
            StocktakeQueries.list(state: params.state, site: call.site.id, before: last, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let next = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(
            stocktakes: .json(rows.json(StocktakeQueries.columns)), next: next.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let cursor = Page.cursor(Sample.stocktake.description)
        return Examples(
            full: (
                Params(state: .reversed, limit: 1, after: cursor),
                Reply(stocktakes: .elements([.reversed]), next: cursor)
            ), minimal: (Params(), Reply(stocktakes: .elements([]))))
    }
}
