internal import XinglinKit

/// `membership.committee.appoint`
struct AppointOfficer: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let memberId: RecordID
        let post: OfficePost
        let on: LocalDate
        let approvedBy: PaperReference
    }

    struct Reply: Codable, Sendable {
        let officeId: RecordID
        let organizationId: RecordID
        var warnings: [OrganizationWarning]?
    }

    static let name = "membership.committee.appoint"
    static let summary = """
        Records that the higher organisation has given a member a post between elections. The post ends with the term (BR-04). What is not \
        as BR-03 and BR-06 have it is said in the reply.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The branch, general branch or committee; one that the acting site keeps."),
        .required(
            "memberId", .id, "A full member of the organisation or of what stands below it, with the rights of one."),
        .required("post", .enumeration(OfficePost.codes), "The post; that of the secretary is to be free."),
        .required("on", .date, "From which day on: today or earlier, and not before the last election."),
        .required("approvedBy", PaperReference.schema, "The decision of the higher organisation."))
    static let reply = Schema.object(
        .required("officeId", .id, "The post as it was given."), .required("organizationId", .id, "The organisation."),
        OrganizationWarning.field)
    static let faults = [
        OfficeFault.candidateUnfit, OfficeFault.postUnfit, OfficeFault.electionOutOfOrder,
        MembershipFault.organizationEnded,
        MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        try params.approvedBy.check(at: "/approvedBy")
        let organization = try Offices.locked(params.organizationId, on: params.on, call)
        // A later election has ended the term already.
        let now = try OfficeTree(organization.id, on: call.today, call)
        let tree = try OfficeTree(organization.id, on: params.on, call)
        let term = tree.terms[organization.id]
        guard now.terms[organization.id]?.id == term?.id else {
            let last = now.terms[organization.id]?.electedOn ?? call.today
            throw OfficeFault.electionOutOfOrder.fault(["earliestOn": .string(last.description)])
        }
        try Offices.mustBeEligible([params.memberId], in: tree, call)
        let id = call.newID()
        let span = PostSpan(id: id, member: params.memberId, post: params.post, from: params.on)
        let sitting = (tree.officers[organization.id] ?? []) + (now.officers[organization.id] ?? [])
        try Self.makeRoom(for: span, organization, term?.id, sitting: Set(sitting.map(\.id)), call)
        let giving = OfficeStore.Giving(
            organization: organization.id, term: term?.id, election: nil, on: params.on,
            paper: try Offices.paper(params.approvedBy, at: "/approvedBy", record: id, call))
        try call.db.execute(
            OfficeStore.give([.init(id: id, member: params.memberId, post: params.post)], giving, Act(call)),
            expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
        call.note("organizationId", .string(organization.id.description))
        return Reply(
            officeId: id, organizationId: organization.id,
            warnings: try Offices.warnings(of: organization.id, on: params.on, call))
    }

    /// The post is free from its day on. Whoever has gone elsewhere without a word holds it no more: should they come back, they do not take
    /// it from who was given it since.
    /// - Throws: `membership.postUnfit`.
    private static func makeRoom(
        for span: PostSpan, _ organization: PartyOrganization, _ term: RecordID?, sitting: Set<RecordID>, _ call: Call
    ) throws {
        for other in try Offices.spans(organization, term: term, call) where span.clashes(with: other) {
            guard !sitting.contains(other.id), other.until == nil, other.from <= span.from else { throw other.isTaken }
            try call.db.execute(
                OfficeStore.end([other.id], .office, on: span.from, reason: "由他人接任", Act(call)), expecting: .rows(1))
        }
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(
            organizationId: Sample.branch, memberId: Sample.member, post: .publicity, on: Sample.today,
            approvedBy: Sample.paper)
        return Examples(
            full: (
                params,
                Reply(officeId: Sample.other, organizationId: Sample.branch, warnings: [OrganizationWarning.sample])
            ), minimal: (params, Reply(officeId: Sample.other, organizationId: Sample.branch)))
    }
}
