internal import XinglinKit

/// `membership.development.appraise`
struct RecordAppraisal: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let on: LocalDate
        let what: AppraisalKind
        var text: String?
        var documents: [PaperReference]?
    }

    struct Reply: Codable, Sendable {
        let entryId: RecordID
    }

    static let name = "membership.development.appraise"
    static let summary =
        "Records the branch's half-year appraisal, a thought report, or the committee's yearly review (DV-07); from step 3 on. DV-27 as for steps (6)."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required(
            "on", .date,
            "The day: today, or a few days before (DV-27), and not before the person became an activist (step 3)."),
        .required(
            "what", .enumeration(AppraisalKind.codes),
            "appraisal by the branch, thoughtReport by the person, review by the committee."),
        .optional("text", .text(1...2000), "What it says."), StepPapers.field)
    static let reply = Schema.object(.required("entryId", .id, "The entry."))
    static let faults = [DevelopmentFault.stepRefused, DevelopmentFault.developmentEnded]

    /// Under which step the higher committee approves a late one (DV-27): cultivation and appraisal.
    private static let step = 6

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let development = try Developments.locked(params.candidateId, call)
        let progress = development.progress
        try development.mustBeOpen(progress)
        guard let start = progress.day(of: 3), params.on >= start else {
            var finding = Finding(
                "DV-07", zh: "培养考察自确定为入党积极分子（第3步）起记录", en: "Cultivation is recorded from step 3 on",
                who: .branchCommittee,
                earliestOn: progress.day(of: 3))
            finding.clause = development.judge.table[6]?.source ?? ""
            throw DevelopmentFault.refused([finding])
        }
        let taking = try StepTaking(development, call)
        let (backdating, late) = taking.lateness(step: Self.step, on: params.on)
        if let late { throw DevelopmentFault.refused([late]) }
        let papers = try StepPapers.kept(params.documents, call)
        var entry = DevelopmentStore.New(id: call.newID(), candidate: development.id, on: params.on, kind: .appraised)
        entry.facts = StepFacts(["what": .string(params.what.rawValue)])
        if let text = params.text { entry.facts = entry.facts.adding("text", .string(PlainText.trimmed(text))) }
        entry.versions = ["DV-07": development.judge.values.versions["DV-07"] ?? "0"]
        entry.backdating = backdating
        try call.db.execute(DevelopmentStore.add(entry, taking.act), expecting: .rows(1))
        try StepPapers.add(papers, to: entry.id, call)
        call.recordAccess(basis: "partyArchive", subjects: [development.id])
        return Reply(entryId: entry.id)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    candidateId: Sample.candidate, on: Sample.today, what: .appraisal, text: "能按时参加组织生活",
                    documents: [Sample.paper]), Reply(entryId: Sample.fact)
            ),
            minimal: (
                Params(candidateId: Sample.candidate, on: Sample.today, what: .thoughtReport),
                Reply(entryId: Sample.fact)
            ))
    }
}
