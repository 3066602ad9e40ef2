internal import XinglinKit

/// `membership.statistics.count`
struct CountStatistics: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let asOf: LocalDate
    }

    struct Reply: Codable, Sendable {
        let full: Int
        let probationary: Int
        let activists: Int
        let developmentTargets: Int
        let applicants: Int
        let branches: Int
        let groups: Int
    }

    static let name = "membership.statistics.count"
    static let summary = """
        Counts members, candidates, branches and groups of an organisation and all below it as of a day, from the dated facts; of the \
        readable sites alone.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."), .required("asOf", .date, "The day; today or earlier."))
    static let reply = Schema.object(
        .required("full", .integer(0...1_000_000), "Full members."),
        .required("probationary", .integer(0...1_000_000), "Probationary members."),
        .required("activists", .integer(0...1_000_000), "Activists (steps 4 to 7)."),
        .required("developmentTargets", .integer(0...1_000_000), "Development targets (steps 8 to 16)."),
        .required("applicants", .integer(0...1_000_000), "Applicants (steps 1 to 3)."),
        .required("branches", .integer(0...100_000), "Branches, itself included."),
        .required("groups", .integer(0...100_000), "Groups, itself included."))
    static let faults = [MembershipFault.organizationEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.asOf <= call.today else { throw MembershipFault.future("/asOf") }
        let one = try Organizations.readable(params.organizationId, on: params.asOf, call)
        let results = try call.db.batch([
            Statement(MemberStore.counts(one.id, on: params.asOf)),
            Statement(MemberStore.organizations(one.id, on: params.asOf)),
            Statement(CandidateStore.counts(one.id, on: params.asOf)),
        ])
        let (full, probationary) = try results[0].first(as: (Int, Int).self) ?? (0, 0)
        let (branches, groups) = try results[1].first(as: (Int, Int).self) ?? (0, 0)
        let (applicants, activists, targets) = try results[2].first(as: (Int, Int, Int).self) ?? (0, 0, 0)
        return Reply(
            full: full, probationary: probationary, activists: activists, developmentTargets: targets,
            applicants: applicants,
            branches: branches, groups: groups)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(organizationId: Sample.committee, asOf: Sample.today),
            reply: Reply(
                full: 73, probationary: 1, activists: 6, developmentTargets: 10, applicants: 0, branches: 1, groups: 4)
        )
        return Examples(full: example, minimal: example)
    }
}
