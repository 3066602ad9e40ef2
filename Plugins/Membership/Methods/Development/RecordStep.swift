internal import XinglinKit

/// `membership.development.record`
struct RecordStep: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let step: Int
        let on: LocalDate
        var facts: JSONValue?
        var documents: [PaperReference]?
    }

    typealias Reply = StepTaken

    static let name = "membership.development.record"
    static let summary = """
        Records one of the steps 2 to 25 by all DV rules: order and dates, periods, deadlines, mentors and introducers, review, training, \
        who may approve. Step 17 puts the person into the register from the day of the branch meeting (DV-19), step 24 makes a full member \
        from the end of probation (DV-23).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required("step", .integer(1...25), "The step; 1 is `apply`, 15 and 23 are `vote`."),
        .required("on", .date, "The day on which it was taken: today, or a few days before (DV-27)."),
        .optional("facts", .any, "What the step asks for, as `membership.development.steps` has its schema."),
        StepPapers.field)
    static let reply = Schema.object(StepTaken.fields)
    static let faults = [
        DevelopmentFault.stepRefused, MembershipFault.memberEnded, MembershipFault.factOutOfOrder,
        MembershipFault.notABranch, MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let development = try Developments.locked(params.candidateId, call)
        if DevelopmentStep.votes.contains(params.step) { throw Self.needsVote(params.step, development) }
        let facts = try Self.facts(params.facts, of: params.step)
        let taking = try StepTaking(development, call)
        let papers = try StepPapers.kept(params.documents, call)
        let judged = try taking.judged(params.step, on: params.on, facts: facts, papers: papers.count)
        return try taking.write(judged, papers: papers)
    }

    /// The facts, as the step's schema wants them.
    /// - Throws: `host.invalidParams` with every place that is not as wanted.
    static func facts(_ json: JSONValue?, of step: Int, schema: Schema? = nil, at pointer: String = "/facts")
        throws(Fault) -> StepFacts
    {
        let json = json ?? .object([:])
        let violations = (schema ?? StepFactsSchema.of(step)).violations(in: json)
        guard violations.isEmpty else {
            throw HostFault.invalidParams.fault(
                .array(
                    violations.map {
                        Schema.Violation(
                            pointer: pointer + $0.pointer, expected: $0.expected, expectedZh: $0.expectedZh
                        ).json
                    }))
        }
        return StepFacts(json)
    }

    /// A vote takes these steps, and nothing else (DV-15, DV-21).
    private static func needsVote(_ step: Int, _ development: Developments) -> Fault {
        var finding = Finding(
            StepOrder.rule(of: step), zh: "须由支部大会表决：用 membership.development.vote 登记票数",
            en: "The branch meeting votes: record the ballots with membership.development.vote", who: .branchMeeting)
        finding.clause = development.judge.table[step]?.source ?? ""
        return DevelopmentFault.refused([finding])
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    candidateId: Sample.candidate, step: 3, on: Sample.today,
                    facts: ["recommendedBy": "members", "decidedBy": "committee"], documents: [Sample.paper]),
                DevelopmentSample.taken
            ),
            minimal: (
                Params(candidateId: Sample.candidate, step: 6, on: Sample.today), DevelopmentSample.takenBare
            ))
    }
}
