internal import XinglinKit

/// `membership.agenda.list`
struct ListAgenda: RPCMethod {
    struct Params: Codable, Sendable {
        var organizationId: RecordID?
        var month: String?
        var stages: [AgendaLine.Stage]?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let month: String
        let lines: [AgendaLine]
        let late: Int
        let total: Int
        var next: String?
    }

    static let name = "membership.agenda.list"
    static let summary = """
        Lists what is due for the officers of an organisation by the end of a month, as the rules DV-*, BR-*, of dues, transfers and \
        contacts ask for it, each with its evidence. It is computed from what is recorded: recording a fact takes its line away. A \
        month that is over shows what was due in it, done or late.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .optional(
                "organizationId", .id,
                "Only this organisation and what stands below it; the readable sites unless told."),
            .optional(
                "month", .code(7...7),
                "The month, YYYY-MM; this one unless told. What is late already stands in each; what was done, in a month that is over."
            ),
            .optional(
                "stages", .array(.enumeration(AgendaLine.Stage.codes), 1...6),
                "Only lines so near; every one unless told."),
            GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("month", .code(7...7), "The month."),
        .required(
            "lines", .array(AgendaLine.schema, 0...500),
            "By day: what is late, what is due by the end of the month, and what is called to mind in it (T−30). Of a month that is over, what was due in it, done or late."
        ),
        .required("late", .integer(0...1_000_000), "How many lines are late, on all pages."),
        .required("total", .integer(0...1_000_000), "How many lines there are, on all pages."), Schema.pageReply)
    static let faults = [MembershipFault.organizationEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try params.month.map { try CalendarMonth.read($0, at: "/month") } ?? CalendarMonth(of: call.today)
        let page = try Page(limit: params.limit, after: params.after, fields: 3)
        let scope = try AgendaScope(root: params.organizationId, until: month.last, call)
        let wanted = Set(params.stages ?? AgendaLine.Stage.allCases)
        let isPast = month < CalendarMonth(of: call.today)
        let drafts = try (isPast ? scope.pastLines(month) : scope.lines()).filter { wanted.contains($0.line.stage) }
        let rest = page.after.map { last in drafts.filter { last.lexicographicallyPrecedes($0.line.place) } } ?? drafts
        let shown = Array(rest.prefix(page.limit))
        let lines = try scope.named(shown, isUnmasked: params.unmask != nil)
        call.recordAccess(
            basis: params.unmask?.purpose.rawValue ?? "view", subjects: Array(Set(shown.map(\.line.subjectId))).sorted()
        )
        let last = rest.count > shown.count ? shown.last?.line.place : nil
        return Reply(
            month: month.description, lines: lines, late: drafts.count { $0.line.stage == .late }, total: drafts.count,
            next: last.map { Page.cursor($0[0], $0[1], $0[2]) })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    organizationId: Sample.branch, month: "2026-11", stages: [.late],
                    unmask: GetMember.Unmask(purpose: .development), limit: 1,
                    after: Page.cursor(Sample.today.description, "development.talk", Sample.candidate.description)),
                Reply(
                    month: "2026-11", lines: [AgendaLine.sample], late: 1, total: 2,
                    next: Page.cursor(Sample.today.description, "development.talk", Sample.candidate.description))
            ), minimal: (Params(), Reply(month: "2026-11", lines: [], late: 0, total: 0)))
    }
}

extension AgendaLine {
    static var sample: AgendaLine {
        var line = AgendaLine(
            .talk, rule: "DV-02", .candidate, Sample.candidate, at: Sample.branch, dueOn: Sample.today,
            text: .init(zh: "收到入党申请书后 1 个月内派人谈话", en: "Talk with the applicant within 1 month(s) of the application"),
            evidence: [Evidence(kind: "step", number: 1, id: Sample.fact, on: Sample.today.adding(months: -1))])
        line.name = "张*"
        line.doneOn = Sample.today
        line.stage = .today
        return line
    }
}
