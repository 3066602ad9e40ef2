internal import XinglinKit

/// `decoction.stocktake.sheet`
struct CountSheet: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let lots: RowList<Lot>
        var next: String?
    }

    struct Lot: Codable, Sendable {
        let pieceCode: String
        let expiresOn: LocalDate
        let receivedAt: Timestamp
        let lotId: RecordID
        let nameZh: String
        let batchNumber: String
        let status: CountStatus
    }

    static let name = "decoction.stocktake.sheet"
    static let summary = "Lists the lots of a stocktake without what the ledger says of them: the count is blind."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [.required("stocktakeId", .id, "The stocktake.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("lots", .array(Self.lot, 0...500), "The lots of this page."), Schema.pageReply)

    private static let lot = Schema.object(
        .required("pieceCode", .code(1...20), "The piece."),
        .required("expiresOn", .date, "Last day of its shelf life."),
        .required("receivedAt", .timestamp, "When it was received."),
        .required("lotId", .id, "The lot."),
        .required("nameZh", .text(1...20), "The piece's name."),
        .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("status", .enumeration(CountStatus.codes), "Whether it is to be counted, or counted again."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 4)
        let site = try call.site.id
        let subject = try call.db.first(
            StocktakeQueries.subject(params.stocktakeId, site: site), as: (RecordID, StocktakeScope).self)
        guard let (place, scope) = subject else { throw StocktakeStore.unknown(params.stocktakeId) }
        let found = try call.db.rows(
            StocktakeQueries.sheet(
                params.stocktakeId, at: place, scope: scope, site: site, after: StockStore.Cursor(page),
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, LocalDate, Timestamp, RecordID).self) : nil
        return Reply(
            lots: .json(rows.json(StocktakeQueries.sheetColumns)),
            next: last.map { Page.cursor($0, $1.description, $2.description, $3.description) })
    }

    static var examples: Examples<Params, Reply> {
        let lot = Lot(
            pieceCode: "XLYP0001", expiresOn: Sample.expiresOn, receivedAt: Sample.instant, lotId: Sample.lot,
            nameZh: "麻黄", batchNumber: "20260923", status: .recount)
        let cursor = Page.cursor(
            lot.pieceCode, lot.expiresOn.description, lot.receivedAt.description, lot.lotId.description)
        return Examples(
            full: (
                Params(stocktakeId: Sample.stocktake, limit: 1, after: cursor),
                Reply(lots: .elements([lot]), next: cursor)
            ), minimal: (Params(stocktakeId: Sample.stocktake), Reply(lots: .elements([]))))
    }
}
