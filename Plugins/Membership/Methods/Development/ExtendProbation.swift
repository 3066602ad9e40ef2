internal import XinglinKit

/// `membership.development.extend`
struct ExtendProbation: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let on: LocalDate
        let months: Int
        let reason: String
        var documents: [PaperReference]?
    }

    struct Reply: Codable, Sendable {
        let status: String
        let statusZh: String
        let entryId: RecordID
        let probationTo: LocalDate
    }

    static let name = "membership.development.extend"
    static let summary =
        "Extends a probation once, by six to twelve months from its end (DV-22), as the branch meeting decided when it had ended."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required("on", .date, "The day of the meeting, not before probation ended; DV-27 as for steps (23)."),
        .required("months", .integer(1...60), "By how many months."), .required("reason", .text(1...200), "Why."),
        StepPapers.field)
    static let reply = Schema.object(
        .required("status", .code(1...40), "probation_extended."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .required("entryId", .id, "The entry."), .required("probationTo", .date, "The day on which probation ends now.")
    )
    static let faults = [
        DevelopmentFault.stepRefused, DevelopmentFault.developmentEnded, MembershipFault.memberEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let development = try Developments.locked(params.candidateId, call)
        var progress = development.progress
        try development.mustBeOpen(progress)
        let taking = try StepTaking(development, call)
        let (backdating, late) = taking.lateness(step: DevelopmentStep.conversionVote, on: params.on)
        _ = try DevelopmentRegister(development: development, call: call, act: taking.act).member(on: params.on)
        let judge = development.judge
        let findings =
            ProbationIsExtendedOnce.findings(on: params.on, months: params.months, progress, judge)
            + [late].compactMap { $0 }
        guard findings.isEmpty else { throw DevelopmentFault.refused(findings) }
        let papers = try StepPapers.kept(params.documents, call)
        var entry = DevelopmentStore.New(id: call.newID(), candidate: development.id, on: params.on, kind: .extended)
        entry.status = SideState.probationExtended.rawValue
        entry.facts = StepFacts(["months": .integer(Int64(params.months))])
        entry.versions = ["DV-22": judge.values.versions["DV-22"] ?? "0"]
        entry.backdating = backdating
        entry.reason = PlainText.trimmed(params.reason)
        try call.db.execute(DevelopmentStore.add(entry, taking.act), expecting: .rows(1))
        try StepPapers.add(papers, to: entry.id, call)
        call.recordAccess(basis: "partyArchive", subjects: [development.id])
        progress.take(
            DevelopmentEntry(
                id: entry.id, kind: .extended, step: nil, on: params.on, status: entry.status, facts: entry.facts))
        return Reply(
            status: SideState.probationExtended.rawValue, statusZh: SideState.probationExtended.labelZh,
            entryId: entry.id,
            probationTo: progress.probation(judge.values)?.to ?? params.on)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            status: SideState.probationExtended.rawValue, statusZh: SideState.probationExtended.labelZh,
            entryId: Sample.fact, probationTo: Sample.today.adding(months: 6))
        return Examples(
            full: (
                Params(
                    candidateId: Sample.candidate, on: Sample.today, months: 6, reason: "需继续考察和教育",
                    documents: [Sample.paper]), reply
            ),
            minimal: (
                Params(candidateId: Sample.candidate, on: Sample.today, months: 6, reason: "需继续考察和教育"), reply
            ))
    }
}
