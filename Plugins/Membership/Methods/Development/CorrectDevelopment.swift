internal import XinglinKit

/// `membership.development.correct`
struct CorrectDevelopment: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let entryId: RecordID
        var on: LocalDate?
        var facts: JSONValue?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let entryId: RecordID
        let corrects: RecordID
        let status: String
        let statusZh: String
        var memberId: RecordID?
    }

    static let name = "membership.development.correct"
    static let summary = """
        Puts a corrected entry in the place of a wrong one; the old one, its author and the reason stay (DV-27). Refused where a step would \
        not be allowed any more. The register follows: joining (DV-19) and standing (DV-23).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required("entryId", .id, "The entry of a step, an appraisal or an extension, not corrected yet."),
        .optional(
            "on", .date,
            "The right day; an earlier one that is more than a few days ago needs an approval as a late record does."),
        .optional(
            "facts", .any, "All facts of the step as they should be; not of a vote, and not another decision or group."),
        .required("reason", .text(1...200), "What was wrong."))
    static let reply = Schema.object(
        .required("entryId", .id, "The entry that holds now."),
        .required("corrects", .id, "The entry whose place it takes."),
        .required("status", .code(1...40), "The development's state now."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .optional("memberId", .id, "The member, where the development has led to one."))
    static let faults = [DevelopmentFault.stepRefused, DevelopmentFault.entryCorrected, MembershipFault.factCorrected]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let development = try Developments.locked(params.candidateId, call)
        let taking = try StepTaking(development, call)
        guard let old = development.rows.first(where: { $0.entry.id == params.entryId }) else {
            throw MembershipFault.notFound("entryId", params.entryId)
        }
        guard old.holds else { throw DevelopmentFault.entryCorrected.fault() }
        let correction = Correction(old: old.entry, development: development)
        var entry = try correction.corrected(params, call)
        entry.backdating = try Self.approval(old.entry, entry, taking)
        let before = development.progress
        let after = try correction.judged(entry, call)
        try call.db.execute(DevelopmentStore.add(entry, taking.act), expecting: .rows(1))
        // The papers stay with what holds; their files are held by the old entry.
        let papers = development.papers[old.entry.id] ?? []
        try call.db.batch(
            papers.enumerated().map {
                Statement(DevelopmentStore.addPaper($0.element, at: $0.offset + 1, of: entry.id, taking.act), .rows(1))
            })
        try DevelopmentRegister(development: development, call: call, act: taking.act).realign(from: before, to: after)
        call.recordAccess(basis: "partyArchive", subjects: [development.id])
        let status = after.asOf(call.today, development.judge.values, development.judge.table).status ?? ""
        return Reply(
            entryId: entry.id, corrects: old.entry.id, status: status,
            statusZh: development.judge.table.label(of: status), memberId: try development.member(call))
    }

    /// A correction to an earlier day is a late record as much as any (DV-27).
    private static func approval(
        _ old: DevelopmentEntry, _ new: DevelopmentStore.New, _ taking: StepTaking
    ) throws -> RecordID? {
        guard new.on < old.on, old.kind != .appraised else { return nil }
        let (approval, late) = taking.lateness(step: old.step ?? DevelopmentStep.conversionVote, on: new.on)
        if let late { throw DevelopmentFault.refused([late]) }
        return approval
    }

    static var examples: Examples<Params, Reply> {
        func reply(_ member: RecordID?) -> Reply {
            Reply(
                entryId: Sample.other, corrects: Sample.fact, status: "applicant_talked", statusZh: "党组织派人谈话",
                memberId: member)
        }
        return Examples(
            full: (
                Params(
                    candidateId: Sample.candidate, entryId: Sample.fact, on: Sample.today, facts: ["talker": "组织委员"],
                    reason: "谈话人登记有误"), reply(Sample.member)
            ),
            minimal: (
                Params(candidateId: Sample.candidate, entryId: Sample.fact, on: Sample.today, reason: "日期有误"),
                reply(nil)
            ))
    }
}
