internal import XinglinKit

/// `membership.development.correct`
struct CorrectDevelopment: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let entryId: RecordID
        var on: LocalDate?
        var facts: JSONValue?
        var void: Bool?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let entryId: RecordID
        let corrects: RecordID
        let status: String
        let statusZh: String
        var passed: Bool?
        var memberId: RecordID?
    }

    static let name = "membership.development.correct"
    static let summary = """
        Puts a corrected entry or vote in the place of a wrong one, or none; the old one, its author and the reason stay (DV-27). Refused \
        where a later step would not be allowed any more: that one is corrected first. The register follows: joining (DV-19), standing \
        (DV-23), mentors (DV-06).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required(
            "entryId", .id,
            "The entry of a step, an appraisal or an extension, or a vote that did not pass (voteId); not corrected yet."
        ),
        .optional(
            "on", .date,
            "The right day; an earlier one that is more than a few days ago needs an approval as a late record does."),
        .optional(
            "facts", .any,
            "All facts of the step as they should be: of a vote its ballots, of an extension its months; not another group. Another outcome of more than a few days ago needs an approval too."
        ),
        .optional(
            "void", .boolean,
            "True, and neither on nor facts, where nothing of the kind happened: also of a withdrawal, a refusal or a cancellation, not of step 1."
        ),
        .required("reason", .text(1...200), "What was wrong."))
    static let reply = Schema.object(
        .required(
            "entryId", .id, "The entry that holds now, or says that there was none; of a vote without a step the vote."),
        .required("corrects", .id, "The entry or vote whose place it takes."),
        .required("status", .code(1...40), "The development's state now."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .optional("passed", .boolean, "Of a vote, whether it passed; false where there was none."),
        .optional("memberId", .id, "The member, where the development has led to one."))
    static let faults = [
        DevelopmentFault.stepRefused, DevelopmentFault.entryCorrected, DevelopmentFault.developmentEnded,
        MembershipFault.factCorrected, MembershipFault.factOutOfOrder, MembershipFault.personClaimed,
        MembershipFault.memberEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let development = try Developments.locked(params.candidateId, call)
        let taking = try StepTaking(development, call)
        let correction = try Correction(params, development, call)
        var change = try correction.change()
        let approval = try correction.approval(change, taking)
        change.entry?.backdating = approval
        let before = Progress(development.holding)
        let after = try correction.judged(change)
        try Self.write(change, correction, taking, call)
        try RegisterAlignment(
            development: development, call: call, act: taking.act, reason: PlainText.trimmed(params.reason)
        ).follow(from: before, to: after)
        call.recordAccess(basis: "partyArchive", subjects: [development.id])
        let now = try Developments.locked(params.candidateId, call)
        let status = now.progress(asOf: call.today).status ?? ""
        return Reply(
            entryId: change.id ?? params.entryId, corrects: params.entryId, status: status,
            statusZh: development.judge.table.label(of: status), passed: change.vote?.passes,
            memberId: try now.member(call))
    }

    private static func write(_ change: Correction.Change, _ correction: Correction, _ taking: StepTaking, _ call: Call)
        throws
    {
        if let entry = change.entry {
            try call.db.execute(DevelopmentStore.add(entry, taking.act), expecting: .rows(1))
        }
        if let vote = change.vote {
            try call.db.execute(DevelopmentStore.add(vote, taking.act), expecting: .rows(1))
        }
        guard let entry = change.holding else { return }
        // The papers stay with what holds; their files are held by the old entry.
        let papers = correction.old.flatMap { correction.development.papers[$0.id] } ?? []
        try call.db.batch(
            papers.enumerated().map {
                Statement(DevelopmentStore.addPaper($0.element, at: $0.offset + 1, of: entry.id, taking.act), .rows(1))
            })
        guard let step = entry.step, correction.old == nil else { return }
        try call.publish(
            DevelopmentTopic.stepRecorded, subject: entry.id,
            DevelopmentTopic.StepRecorded(
                candidateId: entry.candidate, entryId: entry.id, step: step, status: entry.status))
    }

    static var examples: Examples<Params, Reply> {
        func reply(_ member: RecordID?) -> Reply {
            Reply(
                entryId: Sample.other, corrects: Sample.fact, status: "applicant_talked", statusZh: "党组织派人谈话",
                passed: member.map { _ in true }, memberId: member)
        }
        return Examples(
            full: (
                Params(
                    candidateId: Sample.candidate, entryId: Sample.fact, on: Sample.today, facts: ["talker": "组织委员"],
                    void: false, reason: "谈话人登记有误"), reply(Sample.member)
            ),
            minimal: (
                Params(candidateId: Sample.candidate, entryId: Sample.fact, on: Sample.today, reason: "日期有误"),
                reply(nil)
            ))
    }
}
