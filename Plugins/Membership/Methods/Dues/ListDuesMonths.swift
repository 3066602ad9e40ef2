internal import XinglinKit

/// `membership.duesMonth.list`
struct ListDuesMonths: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let months: RowList<Line>
        var next: String?
    }

    struct Line: Codable, Sendable {
        let month: CalendarMonth
        let state: DuesMonthState
        let openedAt: Timestamp
        var closedAt: Timestamp?
        var lines: Int?
        var unassessed: Int?
        var dueFen: Int64?
        var paidFen: Int64?
        var waivedFen: Int64?
        var arrearsFen: Int64?
    }

    static let name = "membership.duesMonth.list"
    static let summary =
        "Lists the months of dues of a branch (DUES), the latest first, closed ones with the sums they were closed with."
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object([.required("organizationId", .id, "The branch.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "months",
            .array(
                .object(
                    .required("month", CalendarMonth.schema, "The month."),
                    .required("state", .enumeration(DuesMonthState.codes), "open or closed."),
                    .required("openedAt", .timestamp, "When it was opened."),
                    .optional("closedAt", .timestamp, "When it was closed; absent with what follows while it is open."),
                    .optional("lines", .integer(0...1_000_000), "Members assessed."),
                    .optional("unassessed", .integer(0...1_000_000), "Members who owed and had no line."),
                    .optional("dueFen", .fen, "What was assessed."),
                    .optional("paidFen", .fen, "What was paid by then."),
                    .optional("waivedFen", .fen, "What was waived."),
                    .optional("arrearsFen", .fen, "What was not paid by then.")), 0...500),
            "The months of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard !(try call.db.rows(OrganizationStore.latest(params.organizationId)).isEmpty) else {
            throw MembershipFault.notFound("organizationId", params.organizationId)
        }
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let before: LocalDate = try page.after(0) ?? call.today.adding(years: 100)
        let sql = DuesLineStore.months(
            of: params.organizationId, before: CalendarMonth(of: before), limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let next = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(months: .json(rows.json(DuesLineStore.monthColumns)), next: next.map { Page.cursor($0 + "-01") })
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            month: DuesSample.duesMonth, state: .closed, openedAt: Sample.instant, closedAt: Sample.instant, lines: 7,
            unassessed: 1, dueFen: 35_000, paidFen: 28_000, waivedFen: 0, arrearsFen: 7000)
        return Examples(
            full: (
                Params(organizationId: Sample.branch, limit: 1, after: Page.cursor("2026-12-01")),
                Reply(months: .elements([line]), next: Page.cursor("2026-11-01"))
            ), minimal: (Params(organizationId: Sample.branch), Reply(months: .elements([]))))
    }
}
