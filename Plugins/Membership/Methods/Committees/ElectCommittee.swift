internal import XinglinKit

/// `membership.committee.elect`
struct ElectCommittee: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let on: LocalDate
        let due: Int
        let present: Int
        let seats: Int
        let candidates: [Candidate]
        var posts: [Post]?
        var village: Bool?
        var approvedBy: PaperReference?
        var corrects: RecordID?
        var reason: String?
    }

    struct Candidate: Codable, Sendable {
        let memberId: RecordID
        let votes: Int
    }

    struct Post: Codable, Sendable {
        let memberId: RecordID
        let post: OfficePost
    }

    struct Reply: Codable, Sendable {
        let electionId: RecordID
        let valid: Bool
        let presentRequired: Int
        let votesRequired: Int
        let candidatesRequired: Int
        let elected: [RecordID]
        let vacant: Int
        let timing: ElectionTiming
        let timingZh: String
        var termEndsOn: LocalDate?
        let rule: String
        let ruleVersion: String
        var warnings: [OrganizationWarning]?
    }

    static let name = "membership.committee.elect"
    static let summary = """
        Records the election of a committee, or of a small branch's secretary, with its counts, and says who is elected (BR-05): at least \
        4/5 present, more than half of those present in favour, a fifth more candidates than seats. An invalid election is kept and elects \
        nobody. The term follows from BR-04; before it ends, the higher organisation approves.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The branch, general branch or committee; one that the acting site keeps."),
        .required(
            "on", .date, "The day of the election: today or earlier, and later than the last one that elected anybody."),
        .required("due", .integer(1...100_000), "Those entitled to vote who should attend."),
        .required("present", .integer(0...100_000), "How many of them were present; each casts one ballot."),
        .required(
            "seats", .integer(1...50),
            "Seats to be filled; 1 or 2 in a branch that elects its secretary directly (BR-03)."),
        .required(
            "candidates",
            .array(
                .object(
                    .required(
                        "memberId", .id, "A full member of the organisation on that day, with the rights of one."),
                    .required("votes", .integer(0...100_000), "Votes in favour.")), 1...100),
            "The candidates."),
        .optional(
            "posts",
            .array(
                .object(
                    .required("memberId", .id, "Somebody elected."),
                    .required("post", .enumeration(OfficePost.codes), "The post.")), 0...100),
            "Who was given which post; the others are members, and whoever alone is elected to one seat is the secretary."
        ),
        .optional(
            "village", .boolean,
            "Whether it is the branch of a village or a community, whose term is longer (BR-04); false unless told."),
        .optional(
            "approvedBy", PaperReference.schema,
            "The approval of the higher organisation; an early election needs it (BR-04)."),
        .optional(
            "corrects", .id,
            "The organisation's last election, where it was recorded wrongly: this one takes its place."),
        .optional("reason", .text(1...200), "What was wrong with it; only with corrects."))
    static let reply = Schema.object(
        .required("electionId", .id, "The election."), .required("valid", .boolean, "Whether enough were present."),
        .required("presentRequired", .integer(1...100_000), "How many had to be present."),
        .required("votesRequired", .integer(1...100_000), "How many votes elect."),
        .required("candidatesRequired", .integer(1...200), "How many candidates there had to be."),
        .required("elected", .array(.id, 0...50), "Who is elected, the most votes first."),
        .required("vacant", .integer(0...50), "Seats that nobody was elected to."),
        .required("timing", .enumeration(ElectionTiming.codes), "Beside the term before (BR-04)."),
        .required("timingZh", .text(1...20), "The same in Chinese."),
        .optional("termEndsOn", .date, "When the term ends that began; absent where nobody was elected."),
        .required("rule", .code(1...20), "BR-05."), .required("ruleVersion", .text(1...20), "Its version."),
        OrganizationWarning.field)
    static let faults = [
        OfficeFault.candidateUnfit, OfficeFault.secondBallotNeeded, OfficeFault.candidatesTooFew,
        OfficeFault.electionOutOfOrder, OfficeFault.approvalNeeded, OfficeFault.postUnfit,
        MembershipFault.factCorrected,
        MembershipFault.organizationEnded, MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        guard (params.reason == nil) == (params.corrects == nil) else {
            throw Fault.invalid("/reason", expected: "a reason with corrects, and only then", zh: "更正时必填，且仅在更正时填写")
        }
        try params.approvedBy?.check(at: "/approvedBy")
        let organization = try Offices.locked(params.organizationId, on: params.on, call)
        let holding = try ElectionHolding(params, organization, call)
        let new = try holding.record()
        call.note("organizationId", .string(organization.id.description))
        call.note("electionId", .string(new.id.description))
        call.recordAccess(basis: "partyRegister", subjects: params.candidates.map(\.memberId))
        return Reply(
            electionId: new.id, valid: new.result.isValid, presentRequired: new.result.presentRequired,
            votesRequired: new.result.votesRequired, candidatesRequired: new.result.candidatesRequired,
            elected: new.result.elected, vacant: new.result.vacant, timing: new.timing, timingZh: new.timing.labelZh,
            termEndsOn: new.endsOn, rule: "BR-05", ruleVersion: new.ruleVersion,
            warnings: OrganizationWarning.ifAny(try holding.warnings()))
    }

    static var examples: Examples<Params, Reply> {
        let votes = [Candidate(memberId: Sample.member, votes: 6), Candidate(memberId: Sample.other, votes: 5)]
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, on: Sample.today, due: 7, present: 6, seats: 1, candidates: votes,
                    posts: [Post(memberId: Sample.member, post: .secretary)], village: false, approvedBy: Sample.paper,
                    corrects: Sample.fact, reason: "票数登记有误"),
                Reply(
                    electionId: Sample.other, valid: true, presentRequired: 6, votesRequired: 4, candidatesRequired: 2,
                    elected: [Sample.member], vacant: 0, timing: .onTime, timingZh: ElectionTiming.onTime.labelZh,
                    termEndsOn: Sample.today.adding(years: 3), rule: "BR-05", ruleVersion: "1.0",
                    warnings: [OrganizationWarning.sample])
            ),
            minimal: (
                Params(
                    organizationId: Sample.branch, on: Sample.today, due: 7, present: 5, seats: 1,
                    candidates: [Candidate(memberId: Sample.member, votes: 5)]),
                Reply(
                    electionId: Sample.other, valid: false, presentRequired: 6, votesRequired: 3, candidatesRequired: 1,
                    elected: [], vacant: 1, timing: .first, timingZh: ElectionTiming.first.labelZh, rule: "BR-05",
                    ruleVersion: "1.0")
            ))
    }
}
