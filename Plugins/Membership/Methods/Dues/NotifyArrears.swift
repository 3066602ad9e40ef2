internal import XinglinKit

/// `membership.arrears.notify`
struct NotifyArrears: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let stage: ArrearsStage
        let on: LocalDate
        var note: String?
        var document: PaperReference?
    }

    struct Reply: Codable, Sendable {
        let noticeId: RecordID
        let memberId: RecordID
        let stage: ArrearsStage
        let months: [CalendarMonth]
    }

    static let name = "membership.arrears.notify"
    static let summary = """
        Records that a member in arrears was told so, or talked with (DUES noticeMonths, talkMonths): the agenda asks no more until the next \
        stage. What is owed stays owed. 自行脱党 (lapseMonths) is decided by the branch meeting, approved by the higher committee and \
        recorded with `membership.member.end`.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .required("stage", .enumeration(ArrearsStage.recorded.map(\.rawValue)), "notice or talk."),
        .required("on", .date, "The day; today or earlier, and not before so many months were not paid."),
        .optional("note", .text(1...200), "Who talked, and what was agreed on."),
        .optional("document", PaperReference.schema, "The letter, or the record of the talk."))
    static let reply = Schema.object(
        .required("noticeId", .id, "The record."), .required("memberId", .id, "The member."),
        .required("stage", .enumeration(ArrearsStage.recorded.map(\.rawValue)), "notice or talk."),
        .required("months", .array(CalendarMonth.schema, 1...1200), "The consecutive months not paid on the day."))
    static let faults = [DuesFault.arrearsNotReached]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        try params.document?.check(at: "/document")
        try DuesMembers.lock(params.memberId, call)
        let rule = try ArrearsRule(MembershipRules.book(on: params.on, call))
        let rows = try call.db.query(
            DuesFigures.arrears(nil, of: params.memberId, on: params.on, after: RecordID(high: 0, low: 0), limit: 1),
            as: DuesFigures.ArrearsColumns.self)
        let run = Arrears(rows: rows).run
        guard let reached = rule.reached(params.stage, run), reached <= params.on else {
            throw DuesFault.arrearsNotReached(params.stage, run, rule)
        }
        let paper = try Papers.keep(params.document, call)
        let one = ArrearsNoticeStore.New(
            id: call.newID(), member: params.memberId, stage: params.stage, on: params.on, run: run,
            note: params.note.map(PlainText.trimmed) ?? "", paper: paper)
        try call.db.execute(ArrearsNoticeStore.add(one, Act(call)), expecting: .rows(1))
        try Papers.reference(paper, by: DuesPeriod.paperPurpose, record: one.id, readableBy: ListArrears.name, call)
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        call.note("stage", .string(params.stage.rawValue))
        return Reply(noticeId: one.id, memberId: params.memberId, stage: params.stage, months: run)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            noticeId: DuesSample.notice, memberId: Sample.member, stage: .talk,
            months: [DuesSample.duesMonth.adding(-3), DuesSample.duesMonth.adding(-2), DuesSample.duesMonth.adding(-1)])
        return Examples(
            full: (
                Params(
                    memberId: Sample.member, stage: .talk, on: Sample.today, note: "支部书记谈话，承诺月底前补交",
                    document: PaperReference(title: "谈话记录", fileId: Sample.file, sm3: Sample.sm3)), reply
            ), minimal: (Params(memberId: Sample.member, stage: .talk, on: Sample.today), reply))
    }
}
