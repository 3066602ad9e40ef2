internal import XinglinKit

/// `decoction.stocktake.get`
struct GetStocktake: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let stocktake: RowList<StocktakeCard>
        let differences: RowList<Difference>
        var next: String?
    }

    struct Difference: Codable, Sendable {
        let pieceCode: String
        let lotId: RecordID
        let nameZh: String
        let batchNumber: String
        let status: CountStatus
        let bookMg: Int64
        let countedMg: Int64
        let differenceMg: Int64
        let valueFen: Int64
        let rounds: Int64
        var reason: String?
    }

    static let name = "decoction.stocktake.get"
    static let summary = "Shows a stocktake and, once everything is counted, what differs: the count is blind."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object([.required("stocktakeId", .id, "The stocktake.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("stocktake", .array(StocktakeCard.schema, 1...1), "The stocktake."),
        .required(
            "differences", .array(Self.difference, 0...500), "What differs, of this page; nothing while it is counted."),
        Schema.pageReply)
    private static let difference = Schema.object(
        .required("pieceCode", .code(1...20), "The piece."),
        .required("lotId", .id, "The lot."),
        .required("nameZh", .text(1...20), "The piece's name."),
        .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("status", .enumeration(CountStatus.codes), "Whether its counts settle it."),
        .required("bookMg", .integer(0...Int64.max), "What the ledger said when it was counted, in milligrams."),
        .required("countedMg", .integer(0...Int64.max), "What was found."),
        .required("differenceMg", .integer(Int64.min...Int64.max), "Too much, or where negative too little."),
        .required("valueFen", .integer(Int64.min...Int64.max), "The same at cost (PC-04)."),
        .required("rounds", .integer(1...1_000_000), "How often it was counted."),
        .optional("reason", .text(1...200), "Why it differs."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let after = (try page.after(0) ?? "", try page.after(1) ?? RecordID(high: 0, low: 0))
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(
                StocktakeQueries.one(params.stocktakeId, site: site), .rows(1),
                otherwise: StocktakeStore.unknown(params.stocktakeId)),
            Statement(
                StocktakeQueries.differences(params.stocktakeId, site: site, after: after, limit: page.limit + 1)),
        ])
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, RecordID).self) : nil
        return Reply(
            stocktake: .json(results[0].json(StocktakeQueries.columns)),
            differences: .json(rows.json(StocktakeQueries.differenceColumns)),
            next: last.map { Page.cursor($0, $1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let difference = Difference(
            pieceCode: "XLYP0001", lotId: Sample.lot, nameZh: "麻黄", batchNumber: "20260923", status: .counted,
            bookMg: 5_000_000, countedMg: 4_500_000, differenceMg: -500_000, valueFen: -3400, rounds: 2,
            reason: "虫蛀，已销毁未记账")
        let cursor = Page.cursor(difference.pieceCode, difference.lotId.description)
        return Examples(
            full: (
                Params(stocktakeId: Sample.stocktake, limit: 1, after: cursor),
                Reply(stocktake: .elements([.reversed]), differences: .elements([difference]), next: cursor)
            ),
            minimal: (
                Params(stocktakeId: Sample.stocktake), Reply(stocktake: .elements([.begun]), differences: .elements([]))
            ))
    }
}
