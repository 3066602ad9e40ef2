internal import XinglinKit

/// `membership.arrears.list`
struct ListArrears: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let members: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let memberId: RecordID
        let name: String
        let organizationId: RecordID
        var stage: ArrearsStage?
        var stageZh: String?
        let rule: String
        var parameter: String?
        let months: [CalendarMonth]
        let excusedMonths: [CalendarMonth]
        let arrearsFen: Int64
        let notices: [ArrearsNotice]
        let handled: Bool
    }

    static let name = "membership.arrears.list"
    static let summary = """
        Lists members who have not paid all dues of months that had ended by a day, with the longest run of consecutive months without a good \
        reason and what it calls for (DUES): a notice (noticeMonths), a talk (talkMonths), the procedure of 自行脱党 (lapseMonths).
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .required("organizationId", .id, "The branch, or an organisation above it."),
            .optional(
                "asOf", .date, "The day, today or earlier; payments of later days do not count. Today unless told."),
            GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "members",
            .array(
                .object(
                    .required("memberId", .id, "The member."),
                    .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .required("organizationId", .id, "The branch or group on the day."),
                    .optional(
                        "stage", .enumeration(ArrearsStage.codes), "What is called for; absent where all is excused."),
                    .optional("stageZh", .text(1...20), "The same in Chinese."),
                    .required("rule", .code(1...20), "DUES."),
                    .optional("parameter", .code(1...40), "Which of its values calls for it."),
                    .required(
                        "months", .array(CalendarMonth.schema, 0...1200),
                        "The evidence: consecutive months not paid. Months with nothing to pay lie between them unnamed."
                    ),
                    .required("excusedMonths", .array(CalendarMonth.schema, 0...1200), "Not paid with a good reason."),
                    .required("arrearsFen", .fen, "What is still to be paid of all months that had ended."),
                    .required(
                        "notices", .array(ArrearsNotice.schema, 0...1200),
                        "Notices and talks since the first of these months was over."),
                    .required(
                        "handled", .boolean,
                        "Whether what is called for was recorded (`membership.arrears.notify`); the procedure of 自行脱党 never is while the member is one."
                    )), 0...500),
            "The members of this page."), Schema.pageReply)
    static let faults = [MembershipFault.organizationEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        guard day <= call.today else { throw MembershipFault.future("/asOf") }
        let root = try Organizations.readable(params.organizationId, on: day, call).id
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last: RecordID = try page.after(0) ?? RecordID(high: 0, low: 0)
        let rule = try ArrearsRule(MembershipRules.book(on: day, call))
        let rows = try call.db.query(
            DuesFigures.arrears(root, of: nil, on: day, after: last, limit: page.limit + 1),
            as: DuesFigures.ArrearsColumns.self)
        let grouped = Dictionary(grouping: rows, by: \.0)
        let members = grouped.keys.sorted()
        let shown = Array(members.prefix(page.limit))
        let persons = try PeopleIndex.persons(shown.compactMap { grouped[$0]?.first?.1 }, call)
        let notices = try ArrearsNoticeStore.notices(of: shown, through: day, call)
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: shown)
        if params.unmask != nil { call.note("unmasked", true) }
        let lines = shown.compactMap { member -> Line? in
            guard let months = grouped[member], let first = months.first else { return nil }
            let arrears = Arrears(rows: months)
            let called = ArrearsCall(arrears.run, by: rule)
            let done = notices[member] ?? []
            let name = persons[first.1].map { params.unmask == nil ? MaskedName.of($0.nameZh) : $0.nameZh }
            return Line(
                memberId: member, name: name ?? "*", organizationId: first.2, stage: called?.stage,
                stageZh: called?.stage.labelZh, rule: DuesRules.id, parameter: called?.stage.parameter,
                months: arrears.run, excusedMonths: arrears.excused, arrearsFen: arrears.openFen,
                notices: called?.notices(among: done) ?? [], handled: called?.isDone(by: done) ?? true)
        }
        return Reply(
            members: lines,
            next: members.count > page.limit ? shown.last.map { Page.cursor($0.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let month = DuesSample.duesMonth
        let line = Line(
            memberId: Sample.member, name: "张*", organizationId: Sample.group, stage: .notice,
            stageZh: ArrearsStage.notice.labelZh, rule: "DUES", parameter: "noticeMonths", months: [month.adding(-1)],
            excusedMonths: [month.adding(-2)], arrearsFen: 10_000,
            notices: [ArrearsNotice(noticeId: DuesSample.notice, stage: .notice, on: Sample.today)], handled: true)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, asOf: Sample.today, unmask: .init(purpose: .dues), limit: 1,
                    after: Page.cursor(Sample.other.description)),
                Reply(members: [line], next: Page.cursor(Sample.member.description))
            ), minimal: (Params(organizationId: Sample.branch), Reply(members: [])))
    }
}
