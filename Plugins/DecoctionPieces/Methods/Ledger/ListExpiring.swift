internal import XinglinKit

/// `decoction.stock.expiring`
struct ListExpiring: RPCMethod {
    struct Params: Codable, Sendable {
        let withinDays: Int
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let lots: RowList<Lot>
        var next: String?
    }

    struct Lot: Codable, Sendable {
        let expiresOn: LocalDate
        let lotId: RecordID
        let pieceCode: String
        let nameZh: String
        let batchNumber: String
        let onHandMg: Int64
        let state: LotState
    }

    static let name = "decoction.stock.expiring"
    static let summary = """
        Lists the lots of which something is left that expire within so many days, those that have expired among them, the \
        first to expire first (PC-03).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [.required("withinDays", .integer(0...1000), "How many days from today.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "lots",
            .array(
                .object(
                    .required("expiresOn", .date, "Last day of its shelf life."),
                    .required("lotId", .id, "The lot."),
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("nameZh", .text(1...20), "Its name."),
                    .required("batchNumber", .text(1...60), "The maker's batch number."),
                    .required("onHandMg", .integer(1...10_000_000_000), "What the site has left, in milligrams."),
                    .required("state", .enumeration(LotState.codes), "Where the lot stands.")),
                0...500), "The lots of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        var start = StockStore.Cursor()
        start.expiresOn = try page.after(0) ?? LocalDate(daysSince1970: 0)
        start.lotID = try page.after(1) ?? start.lotID
        let found = try call.db.rows(
            LedgerQueries.expiring(
                by: call.today.adding(days: params.withinDays), site: call.site.id, after: start,
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (LocalDate, RecordID).self) : nil
        return Reply(
            lots: .json(rows.json(LedgerQueries.expiringColumns)),
            next: last.map { Page.cursor($0.description, $1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let lot = Lot(
            expiresOn: Sample.expiresOn, lotId: Sample.lot, pieceCode: "XLYP0001", nameZh: "麻黄",
            batchNumber: "20260923", onHandMg: 880_000, state: .accepted)
        let cursor = Page.cursor(lot.expiresOn.description, lot.lotId.description)
        return Examples(
            full: (Params(withinDays: 90, limit: 1, after: cursor), Reply(lots: .elements([lot]), next: cursor)),
            minimal: (Params(withinDays: 0), Reply(lots: .elements([]))))
    }
}
