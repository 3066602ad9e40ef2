internal import XinglinKit

/// `membership.committee.putOff`
struct PutOffElection: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let until: LocalDate
        let paper: PaperReference
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let delayId: RecordID
        let termEndsOn: LocalDate
        let dueOn: LocalDate
    }

    static let name = "membership.committee.putOff"
    static let summary = """
        Records that the higher organisation lets an election be held after the term: with its paper, and at most a year later (BR-04).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation; one that the acting site keeps."),
        .required(
            "until", .date, "By when the election is held; no more than a year after the end of the term (BR-04)."),
        .required("paper", PaperReference.schema, "The approval of the higher organisation."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("delayId", .id, "The record of it."), .required("termEndsOn", .date, "When the term ends."),
        .required("dueOn", .date, "By when the election is due now."))
    static let faults = [
        OfficeFault.termUnknown, OfficeFault.delayTooLong, MembershipFault.organizationEnded, MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try params.paper.check(at: "/paper")
        let organization = try Offices.locked(params.organizationId, on: call.today, call)
        let rules = try OfficeRules.today(call)
        guard let term = try OfficeTree(organization.id, on: call.today, call).terms[organization.id] else {
            throw OfficeFault.termUnknown.fault(["organizationId": .string(organization.id.description)])
        }
        let latest = term.endsOn.adding(months: rules.delayMonths)
        guard params.until > term.dueOn, params.until <= latest else {
            throw OfficeFault.delayTooLong.fault([
                "rule": "BR-04", "dueOn": .string(term.dueOn.description), "latestOn": .string(latest.description),
            ])
        }
        let id = call.newID()
        let delay = ElectionStore.Delay(
            id: id, organization: organization.id, term: term.id, on: call.today, until: params.until,
            reason: PlainText.trimmed(params.reason),
            paper: try Offices.paper(params.paper, at: "/paper", record: id, call))
        try call.db.execute(ElectionStore.putOff(delay, Act(call)), expecting: .rows(1))
        call.note("organizationId", .string(organization.id.description))
        return Reply(delayId: id, termEndsOn: term.endsOn, dueOn: params.until)
    }

    static var examples: Examples<Params, Reply> {
        let ends = Sample.joined.adding(years: 3)
        let example = (
            params: Params(
                organizationId: Sample.branch, until: ends.adding(months: 6), paper: Sample.paper, reason: "机构合并"),
            reply: Reply(delayId: Sample.other, termEndsOn: ends, dueOn: ends.adding(months: 6))
        )
        return Examples(full: example, minimal: example)
    }
}
