internal import XinglinKit

/// `decoction.recall.list`
struct ListRecalls: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let recalls: RowList<Recalled>
        var next: String?
    }

    struct Recalled: Codable, Sendable {
        let at: Timestamp
        let lotId: RecordID
        let recallId: RecordID
        let pieceCode: String
        let nameZh: String
        let batchNumber: String
        let reason: String
        let accountId: RecordID
        let onHandMg: Int64
        let bySupplier: Bool
    }

    static let name = "decoction.recall.list"
    static let summary = "Lists the site's recalled lots, the latest first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "recalls",
            .array(
                .object(
                    .required("at", .timestamp, "When it was recalled."), .required("lotId", .id, "The lot."),
                    .required("recallId", .id, "The recall; lots of one batch share it."),
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("nameZh", .text(1...20), "Its name."),
                    .required("batchNumber", .text(1...60), "The maker's batch number."),
                    .required("reason", .text(1...200), "Why."), .required("accountId", .id, "By whom."),
                    .required("onHandMg", .integer(0...10_000_000_000), "What is left, to be disposed of."),
                    .required(
                        "bySupplier", .boolean, "Whether another site recalled the lot that this one came of.")),
                0...500), "The lots of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let start = (
            try page.after(0) ?? call.now.adding(seconds: 86_400),
            try page.after(1) ?? RecordID(high: UInt64.max, low: UInt64.max)
        )
        let found = try call.db.rows(
            RecallStore.list(site: call.site.id, before: start, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (Timestamp, RecordID).self) : nil
        return Reply(
            recalls: .json(rows.json(RecallStore.columns)),
            next: last.map { Page.cursor($0.description, $1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let recalled = Recalled(
            at: Sample.instant, lotId: Sample.lot, recallId: Sample.document, pieceCode: "XLYP0001", nameZh: "麻黄",
            batchNumber: "20260923", reason: "药监部门通报含量不合格", accountId: Sample.account, onHandMg: 4_317_000,
            bySupplier: false)
        let cursor = Page.cursor(Sample.instant.description, Sample.lot.description)
        return Examples(
            full: (Params(limit: 1, after: cursor), Reply(recalls: .elements([recalled]), next: cursor)),
            minimal: (Params(), Reply(recalls: .elements([]))))
    }
}
