internal import XinglinKit

/// `decoction.outpatientCount.list`
struct ListOutpatientCounts: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let counts: RowList<Count>
        var next: String?
    }

    struct Count: Codable, Sendable {
        let month: LocalDate
        let version: Int
        var outpatientVisits: Int64?
        var tcmVisits: Int64?
        var outpatientPrescriptions: Int64?
        let source: String
        var reason: String?
        let recordedAt: Timestamp
        let accountId: RecordID
        let holds: Bool
    }

    static let name = "decoction.outpatientCount.list"
    static let summary = """
        Lists the recorded visits and prescriptions of every month with all versions, the latest first: who recorded them, when and \
        from what source.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .statistician, .integrator])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "counts",
            .array(
                .object(
                    .required("month", .date, "The first day of the month."),
                    .required("version", .integer(1...1_000_001), "Which version."),
                    .optional("outpatientVisits", ReportFields.count, "All visits; absent where nobody said."),
                    .optional("tcmVisits", ReportFields.count, "Those of Chinese medicine."),
                    .optional("outpatientPrescriptions", ReportFields.count, "All outpatient prescriptions."),
                    .required("source", .text(1...200), "Where the numbers come from."),
                    .optional("reason", .text(1...200), "Why it replaced the version before."),
                    .required("recordedAt", .timestamp, "When."), .required("accountId", .id, "By whom."),
                    .required("holds", .boolean, "Whether it is the latest of its month.")),
                0...500), "The versions of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let month = try page.after(0) ?? call.today.adding(days: 1)
        let version = try page.after(1) ?? 0
        let found = try call.db.rows(
            OutpatientCountStore.list(site: call.site.id, before: month, version, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (LocalDate, Int).self) : nil
        return Reply(
            counts: .json(rows.json(OutpatientCountStore.columns)),
            next: last.map { Page.cursor($0.0.description, String($0.1)) })
    }

    static var examples: Examples<Params, Reply> {
        let month = Sample.monthBegin.adding(days: -1).firstOfMonth
        let count = Count(
            month: month, version: 2, outpatientVisits: 4_210, tcmVisits: 1_180, outpatientPrescriptions: 3_950,
            source: "HIS 门诊月报", reason: "漏报急诊人次", recordedAt: Sample.instant, accountId: Sample.account, holds: true)
        let cursor = Page.cursor(month.description, "2")
        return Examples(
            full: (Params(limit: 1, after: cursor), Reply(counts: .elements([count]), next: cursor)),
            minimal: (Params(), Reply(counts: .elements([]))))
    }
}
