internal import XinglinKit

/// `membership.development.assign`
struct AssignCandidate: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let organizationId: RecordID
        let on: LocalDate
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let candidateId: RecordID
        let entryId: RecordID
        let organizationId: RecordID
    }

    static let name = "membership.development.assign"
    static let summary = """
        Puts a candidate into another branch or group of the acting site; the development goes on as it stands. To another site, see \
        `membership.transfer`; who is a member already, see `membership.member.assign`.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required("organizationId", .id, "The branch or group of the acting site."),
        .required(
            "on", .date,
            "From which day on: today, or a few days before (DV-27; step 19), and not before the last entry."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("candidateId", .id, "The development."), .required("entryId", .id, "The entry."),
        .required("organizationId", .id, "Where the candidate belongs from then on."))
    static let faults = [
        DevelopmentFault.stepRefused, DevelopmentFault.developmentEnded, DevelopmentFault.memberAlready,
        MembershipFault.notABranch,
        MembershipFault.organizationEnded, TransferFault.letterOut,
    ]

    /// Under which step the higher committee approves a late one (DV-27): putting somebody into branch and group.
    private static let step = 19

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let ending = try EndOfDevelopment(
            .init(candidateId: params.candidateId, on: params.on, reason: params.reason, documents: nil), call)
        guard ending.progress.taken[DevelopmentStep.admission] == nil else { throw try ending.memberAlready() }
        let organization = try Organizations.forMembers(params.organizationId, on: params.on, call)
        // It must not have ended since.
        _ = try Organizations.living(organization.id, on: call.today, call)
        let (backdating, late) = ending.taking.lateness(step: Self.step, on: params.on)
        if let late { throw DevelopmentFault.refused([late]) }
        var entry = DevelopmentStore.New(
            id: call.newID(), candidate: params.candidateId, on: params.on, kind: .assigned,
            organization: organization.id, reason: PlainText.trimmed(params.reason))
        entry.backdating = backdating
        try call.db.execute(DevelopmentStore.add(entry, Act(call)), expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [params.candidateId])
        return Reply(candidateId: params.candidateId, entryId: entry.id, organizationId: organization.id)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(
                candidateId: Sample.candidate, organizationId: Sample.group, on: Sample.today, reason: "调整党小组"),
            reply: Reply(candidateId: Sample.candidate, entryId: Sample.fact, organizationId: Sample.group)
        )
        return Examples(full: example, minimal: example)
    }
}
