internal import XinglinKit

/// `decoction.care.list`
struct ListCare: RPCMethod {
    struct Params: Codable, Sendable {
        var lotId: RecordID?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let records: RowList<Record>
        var next: String?
    }

    struct Record: Codable, Sendable {
        let at: Timestamp
        let inspectionId: RecordID
        let lotId: RecordID
        let pieceCode: String
        let nameZh: String
        let locationId: RecordID
        let kind: CareKind
        let finding: CareFinding
        var note: String?
        var countedMg: Int64?
        var expectedMg: Int64?
        let persons: Int
        var confirmedBy: RecordID?
        let accountId: RecordID
        let ruleVersion: String
    }

    static let name = "decoction.care.list"
    static let summary = "Lists what inspections and counts found, the latest first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object([.optional("lotId", .id, "Only of this lot.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("records", .array(Self.record, 0...500), "The records of this page."), Schema.pageReply)

    private static let record = Schema.object(
        .required("at", .timestamp, "When."), .required("inspectionId", .id, "The record."),
        .required("lotId", .id, "The lot."), .required("pieceCode", .code(1...20), "The piece."),
        .required("nameZh", .text(1...20), "Its name."),
        .required("locationId", .id, "The place; the main store has the site's own id."),
        .required("kind", .enumeration(CareKind.codes), "An inspection or a count."),
        .required("finding", .enumeration(CareFinding.codes), "What was found."),
        .optional("note", .text(1...200), "What was seen or done."),
        .optional("countedMg", .integer(0...10_000_000_000), "What was counted."),
        .optional("expectedMg", .integer(0...10_000_000_000), "What the ledger had there."),
        .required("persons", .integer(1...10), "How many persons it takes."),
        .optional("confirmedBy", .id, "The account of the second person."),
        .required("accountId", .id, "The account of the first."),
        .required("ruleVersion", .code(1...20), "The version of the rule by which it was due."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let start = (
            try page.after(0) ?? call.now.adding(seconds: 86_400),
            try page.after(1) ?? RecordID(high: UInt64.max, low: UInt64.max)
        )
        let found = try call.db.rows(
            CareStore.list(lot: params.lotId, site: call.site.id, before: start, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (Timestamp, RecordID).self) : nil
        return Reply(
            records: .json(rows.json(CareStore.columns)),
            next: last.map { Page.cursor($0.description, $1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let record = Record(
            at: Sample.instant, inspectionId: Sample.document, lotId: Sample.lot, pieceCode: "XLYP0582", nameZh: "人参",
            locationId: Sample.location, kind: .count, finding: .treated, note: "拣去碎屑", countedMg: 4_000,
            expectedMg: 4_010, persons: 2, confirmedBy: Sample.account, accountId: Sample.account, ruleVersion: "1.0")
        let cursor = Page.cursor(Sample.instant.description, Sample.document.description)
        return Examples(
            full: (
                Params(lotId: Sample.lot, limit: 1, after: cursor), Reply(records: .elements([record]), next: cursor)
            ), minimal: (Params(), Reply(records: .elements([]))))
    }
}
