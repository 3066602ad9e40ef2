internal import XinglinKit

/// `decoction.toxic.unconfirmed`
struct ListUnconfirmedToxic: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let documents: RowList<Document>
        var next: String?
    }

    struct Document: Codable, Sendable {
        let at: Timestamp
        let documentId: RecordID
        let kind: String
        let kindZh: String
        let bookedOn: LocalDate
        let accountId: RecordID
        var staffId: RecordID?
        let piecesZh: String
        let quantityMg: Int64
    }

    static let name = "decoction.toxic.unconfirmed"
    static let summary = """
        Lists the documents with which toxic or narcotic pieces left without a prescription and which await their second \
        person (8.4), the oldest first.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "documents",
            .array(
                .object(
                    .required("at", .timestamp, "When they left."),
                    .required("documentId", .id, "The document of the movements."),
                    .required("kind", .enumeration(["issue", "disposal", "shipment"]), "How they left."),
                    .required("kindZh", .text(1...20), "The same in Chinese."),
                    .required("bookedOn", .date, "The day on which it is booked."),
                    .required("accountId", .id, "By which account."),
                    .optional("staffId", .id, "The member of staff that the account belongs to."),
                    .required("piecesZh", .text(1...20_000), "The toxic and narcotic pieces of it."),
                    .required("quantityMg", .integer(0...Int64.max), "How much of them, in milligrams.")),
                0...500), "The documents of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let start = ToxicDocumentStore.start
        let found = try call.db.rows(
            ToxicDocumentStore.open(
                bookedBefore: call.today.adding(days: 1), site: call.site.id,
                after: (page.after(0) ?? start.0, page.after(1) ?? start.1), limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (Timestamp, RecordID).self) : nil
        return Reply(
            documents: .json(rows.json(ToxicDocumentStore.columns)),
            next: last.map { Page.cursor($0.description, $1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let document = Document(
            at: Sample.instant, documentId: Sample.document, kind: "issue", kindZh: "出库",
            bookedOn: Sample.instant.localDate, accountId: Sample.account, staffId: Sample.staff, piecesZh: "雄黄",
            quantityMg: 5000)
        let cursor = Page.cursor(Sample.instant.description, Sample.document.description)
        return Examples(
            full: (Params(limit: 1, after: cursor), Reply(documents: .elements([document]), next: cursor)),
            minimal: (Params(), Reply(documents: .elements([]))))
    }
}
