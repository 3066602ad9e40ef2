internal import XinglinKit

/// `decoction.care.due`
struct ListDueCare: RPCMethod {
    struct Params: Codable, Sendable {
        var by: LocalDate?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let due: RowList<Task>
        var next: String?
    }

    struct Task: Codable, Sendable {
        let dueOn: LocalDate
        let lotId: RecordID
        let locationId: RecordID
        let kind: CareKind
        let pieceCode: String
        let nameZh: String
        let batchNumber: String
        let storageClass: StorageClass
        let storageClassZh: String
        let onHandMg: Int64
        var lastOn: LocalDate?
    }

    static let name = "decoction.care.due"
    static let summary = """
        Lists the inspections and counts that are due at each place, the longest overdue first: by storage class, what spoils \
        easily more often and in summer more often still; precious and toxic pieces are counted (8.2).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [.optional("by", .date, "What is due by this day; today unless told.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("due", .array(Self.task, 0...500), "What is due, of this page."), Schema.pageReply)

    private static let task = Schema.object(
        .required("dueOn", .date, "Since when, or from when, it is due."),
        .required("lotId", .id, "The lot."),
        .required("locationId", .id, "The place; the main store has the site's own id."),
        .required("kind", .enumeration(CareKind.codes), "An inspection or a count."),
        .required("pieceCode", .code(1...20), "The piece."),
        .required("nameZh", .text(1...20), "Its name."),
        .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("storageClass", .enumeration(StorageClass.codes), "By which it is due."),
        .required("storageClassZh", .text(1...20), "The same in Chinese."),
        .required("onHandMg", .integer(1...10_000_000_000), "What the ledger has there."),
        .optional("lastOn", .date, "When it was last done."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 4)
        let site = try call.site.id
        let rules = try PharmacyRules.book(on: call.today, call)
        var start = CareStore.Cursor()
        if page.after != nil {
            start.dueOn = try page.after(0) ?? start.dueOn
            start.lot = try page.after(1) ?? start.lot
            start.location = try page.after(2) ?? start.location
            start.kind = try page.after(3) ?? start.kind
        }
        let day = params.by ?? call.today
        let found = try call.db.rows(
            CareStore.due(
                by: day, CareStore.Intervals(rules, on: day), site: site, after: start, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (LocalDate, RecordID, RecordID, String).self) : nil
        return Reply(
            due: .json(rows.json(CareStore.dueColumns)),
            next: last.map { Page.cursor($0.description, $1.description, $2.description, $3) })
    }

    static var examples: Examples<Params, Reply> {
        let day = Sample.instant.localDate
        let task = Task(
            dueOn: day, lotId: Sample.lot, locationId: Sample.location, kind: .inspection, pieceCode: "XLYP0001",
            nameZh: "麻黄", batchNumber: "20260923", storageClass: .normal, storageClassZh: StorageClass.normal.labelZh,
            onHandMg: 4_880_000, lastOn: day.adding(days: -92))
        let cursor = Page.cursor(day.description, Sample.lot.description, Sample.location.description, "inspection")
        return Examples(
            full: (Params(by: day, limit: 1, after: cursor), Reply(due: .elements([task]), next: cursor)),
            minimal: (Params(), Reply(due: .elements([]))))
    }
}
