internal import XinglinKit

/// `membership.member.assign`
struct AssignMember: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let organizationId: RecordID
        let on: LocalDate
        var reason: String?
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let factId: RecordID
        let organizationId: RecordID
    }

    static let name = "membership.member.assign"
    static let summary =
        "Puts a member into another branch or group of the acting site; to another site, see `membership.transfer`."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .required("organizationId", .id, "The branch or group of the acting site."),
        .required("on", .date, "From which day on: today or earlier, and no earlier than the member's last fact."),
        .optional("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("memberId", .id, "The member."), .required("factId", .id, "The new fact."),
        .required("organizationId", .id, "Where the member belongs from then on."))
    static let faults = [
        MembershipFault.memberEnded, MembershipFault.notABranch, MembershipFault.organizationEnded,
        MembershipFault.factOutOfOrder,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let organization = try Organizations.forMembers(params.organizationId, on: params.on, call)
        // It must not have ended since.
        _ = try Organizations.living(organization.id, on: call.today, call)
        let standing = try Members.locked(params.memberId, on: params.on, call).standing
        try Members.mustFollow(params.memberId, on: params.on, call)
        guard standing.organization != organization.id else {
            throw Fault.invalid(
                "/organizationId", expected: "another organisation than the member belongs to",
                zh: "与该党员现在所在的组织不同")
        }
        let fact = MemberStore.Fact(
            id: call.newID(), member: params.memberId, on: params.on, change: .assigned, organization: organization.id,
            reason: PlainText.trimmed(params.reason ?? ""))
        try call.db.execute(MemberStore.record(fact, Act(call)), expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
        return Reply(memberId: params.memberId, factId: fact.id, organizationId: organization.id)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(memberId: Sample.member, factId: Sample.fact, organizationId: Sample.group)
        return Examples(
            full: (
                Params(memberId: Sample.member, organizationId: Sample.group, on: Sample.today, reason: "调整党小组"), reply
            ), minimal: (Params(memberId: Sample.member, organizationId: Sample.group, on: Sample.today), reply))
    }
}
