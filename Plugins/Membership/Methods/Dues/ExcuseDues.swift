internal import XinglinKit

/// `membership.dues.excuse`
struct ExcuseDues: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let from: String
        let until: String
        let reason: String
        var document: PaperReference?
    }

    struct Reply: Codable, Sendable {
        let excuseId: RecordID
    }

    static let name = "membership.dues.excuse"
    static let summary = """
        Records a good reason for months in which dues were not paid: they stay owed, and do not count towards 自行脱党 (DUES \
        lapseMonths: consecutive months without a good reason).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."), .required("from", CalendarMonth.schema, "The first month, YYYY-MM."),
        .required("until", CalendarMonth.schema, "The last month, at most three years later."),
        .required("reason", .text(1...200), "The reason, as the branch has accepted it."),
        .optional("document", PaperReference.schema, "The paper that shows it."))
    static let reply = Schema.object(.required("excuseId", .id, "The record."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let (from, until) = try DuesPeriod.read(params.from, params.until)
        try params.document?.check(at: "/document")
        try DuesMembers.lock(params.memberId, call)
        let paper = try Papers.keep(params.document, call)
        let one = DuesFactStore.Excuse(
            id: call.newID(), member: params.memberId, from: from, until: until,
            reason: PlainText.trimmed(params.reason),
            paper: paper)
        try call.db.execute(DuesFactStore.add(one, Act(call)), expecting: .rows(1))
        try Papers.reference(paper, by: DuesPeriod.paperPurpose, record: one.id, readableBy: ListDuesBases.name, call)
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        return Reply(excuseId: one.id)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(excuseId: DuesSample.excuse)
        return Examples(
            full: (
                Params(
                    memberId: Sample.member, from: DuesSample.month, until: "2026-12", reason: "住院治疗",
                    document: PaperReference(title: "住院证明", fileId: Sample.file, sm3: Sample.sm3)), reply
            ),
            minimal: (
                Params(memberId: Sample.member, from: DuesSample.month, until: DuesSample.month, reason: "住院治疗"), reply
            ))
    }
}
