internal import XinglinKit

/// `decoction.location.contents`
struct LocationContents: RPCMethod {
    struct Params: Codable, Sendable {
        var locationId: RecordID?
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
        let onHandMg: Int64
        let state: LotState
    }

    static let name = "decoction.location.contents"
    static let summary = "Lists what lies at a place, by piece and then in the order of issue (PC-03)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [.optional("locationId", .id, "The place; the main store unless told.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("lots", .array(Self.lot, 0...500), "The lots of this page."), Schema.pageReply)

    private static let lot = Schema.object(
        .required("pieceCode", .code(1...20), "The piece."),
        .required("expiresOn", .date, "Last day of its shelf life."),
        .required("receivedAt", .timestamp, "When it was received."),
        .required("lotId", .id, "The lot."),
        .required("nameZh", .text(1...20), "The piece's name."),
        .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("onHandMg", .integer(1...10_000_000_000), "What of it lies here, in milligrams."),
        .required("state", .enumeration(LotState.codes), "Where the lot stands."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 4)
        let site = try call.site.id
        let start = try StockStore.Cursor(page)
        if let place = params.locationId { try LocationStore.require(place, call) }
        let found = try call.db.rows(
            LocationStore.contents(
                of: params.locationId ?? site, site: site, after: start, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, LocalDate, Timestamp, RecordID).self) : nil
        return Reply(
            lots: .json(rows.json(LocationStore.contentColumns)),
            next: last.map { Page.cursor($0, $1.description, $2.description, $3.description) })
    }

    static var examples: Examples<Params, Reply> {
        let lot = Lot(
            pieceCode: "XLYP0001", expiresOn: Sample.expiresOn, receivedAt: Sample.instant, lotId: Sample.lot,
            nameZh: "麻黄", batchNumber: "20260923", onHandMg: 500_000, state: .accepted)
        let cursor = Page.cursor(
            lot.pieceCode, lot.expiresOn.description, lot.receivedAt.description, lot.lotId.description)
        return Examples(
            full: (
                Params(locationId: Sample.location, limit: 1, after: cursor),
                Reply(lots: .elements([lot]), next: cursor)
            ), minimal: (Params(), Reply(lots: .elements([]))))
    }
}

extension StockStore.Cursor {
    /// Behind the last lot of the page before.
    /// - Throws: `host.invalidParams` for an `after` that no page gave.
    init(_ page: Page) throws {
        self.init()
        guard page.after != nil else { return }
        self.pieceCode = try page.after(0) ?? self.pieceCode
        self.expiresOn = try page.after(1) ?? self.expiresOn
        self.receivedAt = try page.after(2) ?? self.receivedAt
        self.lotID = try page.after(3) ?? self.lotID
    }
}
