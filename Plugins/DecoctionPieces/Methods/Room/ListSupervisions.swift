internal import XinglinKit

/// `decoction.supervision.list`
struct ListSupervisions: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        var nextDueOn: LocalDate?
        let overdue: Bool
        let supervisions: RowList<Entry>
        var next: String?
    }

    struct Entry: Codable, Sendable {
        let doneOn: LocalDate
        let supervisionId: RecordID
        let passed: Bool
        let findings: String
        var measures: String?
        let nextDueOn: LocalDate
        let ruleVersion: String
        let at: Timestamp
        let accountId: RecordID
    }

    static let name = "decoction.supervision.list"
    static let summary = "Lists the supervisions of the decoction room, the latest first, and when the next one is due."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .optional("nextDueOn", .date, "By when the next one is due; absent where there was none yet."),
        .required("overdue", .boolean, "Whether that day has passed, or there was none yet."),
        .required("supervisions", .array(Self.entry, 0...500), "The supervisions of this page."), Schema.pageReply)

    private static let entry = Schema.object(
        .required("doneOn", .date, "The day."),
        .required("supervisionId", .id, "The supervision."),
        .required("passed", .boolean, "Whether all was in order."),
        .required("findings", .text(1...500), "What was seen."),
        .optional("measures", .text(1...500), "What is done about it."),
        .required("nextDueOn", .date, "By when the next one was due."),
        .required("ruleVersion", .code(1...20), "The version of the rule BOILING that said so."),
        .required("at", .timestamp, "When it was recorded."),
        .required("accountId", .id, "By which account."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let site = try call.site.id
        let day: LocalDate = try page.after(0) ?? call.today.adding(days: 1)
        let last: RecordID = try page.after(1) ?? RecordID(high: 0, low: 0)
        let results = try call.db.batch([
            Statement(SupervisionStore.list(site: site, before: day, last, limit: page.limit + 1)),
            Statement(SupervisionStore.nextDue(site: site)),
        ])
        let (rows, hasMore) = results[0].page(limit: page.limit)
        let cursor = hasMore ? try rows.last.first(as: (LocalDate, RecordID).self) : nil
        let due = try results[1].first(as: LocalDate.self)
        return Reply(
            nextDueOn: due, overdue: due.map { $0 < call.today } ?? true,
            supervisions: .json(rows.json(SupervisionStore.columns)),
            next: cursor.map { Page.cursor($0.0.description, $0.1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let day = Sample.instant.localDate
        let entry = Entry(
            doneOn: day, supervisionId: Sample.supervision, passed: false, findings: "2号煎药机滤网有残渣",
            measures: "当日清洗并加强交接检查", nextDueOn: day.adding(days: 92), ruleVersion: "1.0", at: Sample.instant,
            accountId: Sample.account)
        let cursor = Page.cursor(day.description, Sample.supervision.description)
        return Examples(
            full: (
                Params(limit: 1, after: cursor),
                Reply(
                    nextDueOn: day.adding(days: 92), overdue: false, supervisions: .elements([entry]), next: cursor)
            ), minimal: (Params(), Reply(overdue: true, supervisions: .elements([]))))
    }
}
