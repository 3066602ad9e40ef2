internal import XinglinKit

/// `membership.committee.leave`
struct LeaveCommittee: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let memberId: RecordID
        let on: LocalDate
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let ended: [RecordID]
        var warnings: [OrganizationWarning]?
    }

    static let name = "membership.committee.leave"
    static let summary = "Records that a member holds their posts in an organisation no more, before the term ends."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation; one that the acting site keeps."),
        .required("memberId", .id, "Who holds a post there."),
        .required("on", .date, "From which day on they hold it no more: today or earlier."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .required("ended", .array(.id, 1...20), "The posts that ended."), OrganizationWarning.field)
    static let faults = [OfficeFault.endedAlready, MembershipFault.organizationEnded, MembershipRules.unusable]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let organization = try Offices.locked(params.organizationId, on: params.on, call)
        let tree = try OfficeTree(organization.id, on: params.on, call)
        let offices = (tree.officers[organization.id] ?? []).filter { $0.member == params.memberId }
        guard !offices.isEmpty else { throw MembershipFault.notFound("memberId", params.memberId) }
        try call.db.execute(
            OfficeStore.end(
                offices.map(\.id), .office, on: params.on, reason: PlainText.trimmed(params.reason), Act(call)),
            expecting: .rows(offices.count))
        call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
        call.note("organizationId", .string(organization.id.description))
        return Reply(
            organizationId: organization.id, ended: offices.map(\.id),
            warnings: try Offices.warnings(of: organization.id, on: params.on, call))
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(
            organizationId: Sample.branch, memberId: Sample.member, on: Sample.today, reason: "工作调动")
        return Examples(
            full: (
                params,
                Reply(organizationId: Sample.branch, ended: [Sample.other], warnings: [OrganizationWarning.sample])
            ), minimal: (params, Reply(organizationId: Sample.branch, ended: [Sample.other])))
    }
}
