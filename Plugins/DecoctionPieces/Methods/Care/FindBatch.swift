internal import XinglinKit

/// `decoction.lot.find`
struct FindBatch: RPCMethod {
    struct Params: Codable, Sendable {
        let batchNumber: String
        var pieceCode: String?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let lots: RowList<Lot>
        var next: String?
    }

    struct Lot: Codable, Sendable {
        let lotId: RecordID
        let siteId: RecordID
        let pieceCode: String
        let nameZh: String
        let supplierNameZh: String
        let licence: String
        let batchNumber: String
        let expiresOn: LocalDate
        let receivedOn: LocalDate
        let receivedMg: Int64
        let onHandMg: Int64
        let state: LotState
    }

    static let name = "decoction.lot.find"
    static let summary = """
        Finds the lots of a maker's batch at every site that the caller may read, for a recall in the county: each site then \
        recalls its own.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .required("batchNumber", .text(1...60), "The batch number; blanks and full width do not count."),
            .optional("pieceCode", .code(1...20), "Only of this piece."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("lots", .array(Self.lot, 0...500), "The lots of this page."), Schema.pageReply)

    private static let lot = Schema.object(
        .required("lotId", .id, "The lot."), .required("siteId", .id, "Where it is."),
        .required("pieceCode", .code(1...20), "The piece."), .required("nameZh", .text(1...20), "Its name."),
        .required("supplierNameZh", .text(1...100), "Who delivered it."),
        .required("licence", .text(1...60), "The supplier's licence."),
        .required("batchNumber", .text(1...60), "The batch number."),
        .required("expiresOn", .date, "Last day of its shelf life."),
        .required("receivedOn", .date, "The day on which its receipt is booked."),
        .required("receivedMg", .integer(1...10_000_000_000), "What was received, in milligrams."),
        .required("onHandMg", .integer(0...10_000_000_000), "What is left there."),
        .required("state", .enumeration(LotState.codes), "Where it stands."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            RecallStore.batch(
                PlainText.number(params.batchNumber), piece: params.pieceCode,
                after: page.after(0) ?? RecordID(high: 0, low: 0), limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(lots: .json(rows.json(RecallStore.batchColumns)), next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let lot = Lot(
            lotId: Sample.lot, siteId: Sample.account, pieceCode: "XLYP0001", nameZh: "麻黄",
            supplierNameZh: "亳州某饮片有限公司", licence: "皖20260001", batchNumber: "20260923",
            expiresOn: Sample.expiresOn, receivedOn: Sample.instant.localDate, receivedMg: 5_000_000,
            onHandMg: 4_880_000, state: .accepted)
        let cursor = Page.cursor(Sample.lot.description)
        return Examples(
            full: (
                Params(batchNumber: "20260923", pieceCode: "XLYP0001", limit: 1, after: cursor),
                Reply(lots: .elements([lot]), next: cursor)
            ), minimal: (Params(batchNumber: "20260923"), Reply(lots: .elements([]))))
    }
}
