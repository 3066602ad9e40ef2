internal import XinglinKit

/// `membership.development.vote`
struct RecordVote: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let on: LocalDate
        let purpose: VotePurpose
        let due: Int
        let present: Int
        let writtenInFavour: Int
        let inFavour: Int
        let recused: Int
        var countedOut: VoteCount.Stated?
        var unregistered: VoteCount.Stated?
        var documents: [PaperReference]?
    }

    struct Reply: Codable, Sendable {
        let valid: Bool
        let passed: Bool
        let presentRequired: Int
        let inFavourRequired: Int
        let rule: String
        let ruleVersion: String
        let voteId: RecordID
        let status: String
        let statusZh: String
        var entryId: RecordID?
        let warnings: [StepWarning]
    }

    static let name = "membership.development.vote"
    static let summary = """
        Records the branch meeting's vote on one candidate (DV-15) or one conversion (DV-21): valid where more than half of those due are \
        present, passed where more than half of those due are in favour. Due is what the register has of full members with a vote in the branch \
        on the day (1.3), unless it is stated who is counted out, or not registered yet. A vote that passes takes step 15 or 23; another one is kept, and \
        the step stays open.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required("on", .date, "The day of the meeting; DV-27 as for steps."),
        .required("purpose", .enumeration(VotePurpose.codes), "admission is step 15, conversion step 23."),
        .required(
            "due", .integer(1...100_000),
            "E: full members entitled who should attend; those in countedOut are left out. Another than the register's is a warning."
        ),
        .required("present", .integer(0...100_000), "Those of them who were there, the recused among them."),
        .required(
            "writtenInFavour", .integer(0...100_000),
            "Written opinions of absent ones in favour, filed before the meeting."),
        .required("inFavour", .integer(0...100_000), "Ballots in favour."),
        .required("recused", .integer(0...100_000), "Those present who cast no ballot; they stay in E."),
        .optional(
            "countedOut", VoteCount.Stated.schema("How many full members are not counted in due."),
            "Full members who are counted out of due by a local ruling (1.3)."),
        .optional(
            "unregistered", VoteCount.Stated.schema("How many of those due the register lacks."),
            "Full members among those due who are not in the register yet."),
        StepPapers.field)
    static let reply = Schema.object(
        .required("valid", .boolean, "Whether enough were present."),
        .required("passed", .boolean, "Whether enough were in favour."),
        .required("presentRequired", .integer(1...100_001), "How many had to be present."),
        .required("inFavourRequired", .integer(1...100_001), "How many had to be in favour."),
        .required("rule", .code(1...20), "The rule, DV-15."), .required("ruleVersion", .code(1...40), "Its version."),
        .required("voteId", .id, "The vote."), .required("status", .code(1...40), "The state from then on."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .optional("entryId", .id, "The entry of the step, where it passed."),
        .required("warnings", .array(.object(StepWarning.fields), 0...50), "What the rules say without blocking."))
    static let faults = [DevelopmentFault.stepRefused, MembershipFault.memberEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let count = VoteCount(
            due: params.due, present: params.present, writtenInFavour: params.writtenInFavour,
            inFavour: params.inFavour, recused: params.recused, countedOut: params.countedOut,
            unregistered: params.unregistered)
        try count.check()
        let development = try Developments.locked(params.candidateId, call)
        let values = development.judge.values
        let outcome = count.outcome(
            attendanceOver: values.attendanceOverPercent, inFavourOver: values.inFavourOverPercent)
        let taking = try StepTaking(development, call)
        let papers = try StepPapers.kept(params.documents, call)
        let judged = try taking.judged(params.purpose.step, on: params.on, facts: count.facts, papers: papers.count)
        let taken = outcome.isPassed ? try taking.write(judged, papers: papers) : nil
        let version = values.versions["DV-15"] ?? "0"
        let vote = DevelopmentStore.Vote(
            id: call.newID(), candidate: development.id, on: params.on, purpose: params.purpose, count: count,
            registered: judged.proposal.around.entitled, outcome: outcome, version: version, entry: taken?.entryId)
        try call.db.execute(DevelopmentStore.add(vote, Act(call)), expecting: .rows(1))
        call.recordAccess(basis: "partyArchive", subjects: [development.id])
        let status = taken?.status ?? judged.progress.status ?? ""
        return Reply(
            valid: outcome.isValid, passed: outcome.isPassed, presentRequired: outcome.presentRequired,
            inFavourRequired: outcome.inFavourRequired, rule: "DV-15", ruleVersion: version, voteId: vote.id,
            status: status,
            statusZh: development.judge.table.label(of: status), entryId: taken?.entryId,
            warnings: judged.warnings.map(StepWarning.init))
    }

    static var examples: Examples<Params, Reply> {
        let status = "probationary_pending_approval"
        return Examples(
            full: (
                Params(
                    candidateId: Sample.candidate, on: Sample.today, purpose: .admission, due: 16, present: 12,
                    writtenInFavour: 1, inFavour: 11, recused: 1, countedOut: .init(number: 1, reason: "长期病假，经支部大会决定"),
                    unregistered: .init(number: 1, reason: "刚转入，尚未登记"), documents: [Sample.paper]),
                Reply(
                    valid: true, passed: true, presentRequired: 9, inFavourRequired: 9, rule: "DV-15",
                    ruleVersion: "1.0",
                    voteId: Sample.other, status: status, statusZh: "支部大会讨论", entryId: Sample.fact,
                    warnings: [DevelopmentSample.warning])
            ),
            minimal: (
                Params(
                    candidateId: Sample.candidate, on: Sample.today, purpose: .admission, due: 16, present: 8,
                    writtenInFavour: 0, inFavour: 8, recused: 0),
                Reply(
                    valid: false, passed: false, presentRequired: 9, inFavourRequired: 9, rule: "DV-15",
                    ruleVersion: "1.0",
                    voteId: Sample.other, status: "candidate_form_filled", statusZh: "填写入党志愿书", warnings: [])
            ))
    }
}
