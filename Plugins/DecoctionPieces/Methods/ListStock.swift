internal import XinglinKit

/// `decoction.stock.list`
struct ListStock: RPCMethod {
    struct Params: Codable, Sendable {
        var pieceCode: String?
        var onHandOnly: Bool?
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
        let supplierId: RecordID
        let producedOn: LocalDate
        let onHandMg: Int64
        let placedMg: Int64
        let reservedMg: Int64
        var spec: String?
        var origin: String?
        var maker: String?
        var certificateNumber: String?
        let state: LotState
        let stateZh: String
    }

    static let name = "decoction.stock.list"
    static let summary = "Lists the site's lots with what is on hand, by piece and then in the order of issue (PC-03)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object(
        [
            .optional("pieceCode", .code(1...20), "Only the lots of this piece."),
            .optional("onHandOnly", .boolean, "Without the lots that are used up."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("lots", .array(Self.lot, 0...500), "The lots of this page."), Schema.pageReply)

    private static let lot = Schema.object(
        [
            .required("pieceCode", .code(1...20), "The piece."),
            .required("expiresOn", .date, "Last day of its shelf life."),
            .required("receivedAt", .timestamp, "When it was received."),
            .required("lotId", .id, "The lot."),
            .required("nameZh", .text(1...20), "The piece's name."),
            .required("batchNumber", .text(1...60), "The maker's batch number."),
            .required("supplierId", .id, "Who delivered it."),
            .required("producedOn", .date, "Date of production."),
            .required("onHandMg", .integer(0...10_000_000_000), "What the site has left, in milligrams."),
            .required(
                "placedMg", .integer(0...10_000_000_000),
                "What of it lies elsewhere than in the main store, in drawers and boxes."),
            .required(
                "reservedMg", .integer(0...10_000_000_000),
                "What of it is reserved for approved prescriptions, wherever it lies (RX-13)."),
            .required("state", .enumeration(LotState.codes), "Only accepted lots that have not expired are issued."),
            .required("stateZh", .text(1...20), "The same in Chinese."),
        ] + BatchPapers.fields)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 4)
        let start = try StockStore.Cursor(page)
        let (rows, hasMore) = try call.db.rows(Self.sql(params, call.site.id, start, page.limit + 1))
            .page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, LocalDate, Timestamp, RecordID).self) : nil
        return Reply(
            lots: .json(rows.json(StockStore.columns)),
            next: last.map { Page.cursor($0, $1.description, $2.description, $3.description) })
    }

    private static func sql(_ params: Params, _ site: RecordID, _ start: StockStore.Cursor, _ limit: Int) -> SQL {
        let onHandOnly = params.onHandOnly ?? false
        guard let piece = params.pieceCode else {
            return StockStore.list(site: site, onHandOnly: onHandOnly, after: start, limit: limit)
        }
        return StockStore.list(piece: piece, site: site, onHandOnly: onHandOnly, after: start, limit: limit)
    }

    static var examples: Examples<Params, Reply> {
        let lot = Lot(
            pieceCode: "XLYP0001", expiresOn: Sample.expiresOn, receivedAt: Sample.instant, lotId: Sample.lot,
            nameZh: "麻黄", batchNumber: "20260923", supplierId: Sample.supplier, producedOn: Sample.producedOn,
            onHandMg: 4_880_000, placedMg: 500_000, reservedMg: 42_000, spec: "段",
            origin: "内蒙古", maker: "亳州某饮片有限公司", certificateNumber: "JY20260923", state: .accepted,
            stateZh: LotState.accepted.labelZh)
        let cursor = Page.cursor(
            lot.pieceCode, lot.expiresOn.description, lot.receivedAt.description, lot.lotId.description)
        return Examples(
            full: (
                Params(pieceCode: "XLYP0001", onHandOnly: true, limit: 1, after: cursor),
                Reply(lots: .elements([lot]), next: cursor)
            ),
            minimal: (Params(), Reply(lots: .elements([]))))
    }
}
