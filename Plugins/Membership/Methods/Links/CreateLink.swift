internal import XinglinKit

/// `membership.link.create`
struct CreateLink: RPCMethod {
    struct Params: Codable, Sendable {
        let kind: LinkKind
        var fromMemberId: RecordID?
        var fromOrganizationId: RecordID?
        let to: LinkStore.Target
        let on: LocalDate
    }

    struct Reply: Codable, Sendable {
        let linkId: RecordID
        let kind: LinkKind
        let organizationId: RecordID
        var lapse: LinkLapse?
        var lapseZh: String?
        var lapseEn: String?
    }

    static let name = "membership.link.create"
    static let summary = """
        Links a leader to a branch, a committee member to a department, a member to staff or a household, or a group to a unit, from a \
        day on. Where no post of the leader or committee member is recorded, the reply says so.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("kind", .enumeration(LinkKind.codes), "Who is linked to whom; it says which end has to be given."),
        .optional("fromMemberId", .id, "The member; all kinds but groupToUnit."),
        .optional("fromOrganizationId", .id, "groupToUnit: the group; one that the acting site keeps."),
        .required("to", Self.target, "Where to: one member of it."),
        .required("on", .date, "From which day on: today or earlier."))
    static let target = Schema.object(
        .optional("organizationId", .id, "leaderToBranch: the branch."),
        .optional("departmentId", .id, "committeeMemberToDepartment: the department (`people.department.list`)."),
        .optional("staffId", .id, "memberToStaff: the member of staff."),
        .optional("personId", .id, "memberToHousehold: the person of the household, known to the acting site."),
        .optional("householdCode", .code(1...40), "memberToHousehold: the code of the household."),
        .optional("unitZh", .text(1...100), "groupToUnit: the unit."))
    static let reply = Schema.object(
        [
            .required("linkId", .id, "The link."), .required("kind", .enumeration(LinkKind.codes), "Its kind."),
            .required(
                "organizationId", .id, "In whose grid it stands: the member's branch or group, or the group itself."),
        ] + LinkLapse.fields)
    static let faults = [
        OfficeFault.linkTaken, MembershipFault.memberEnded, MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let site = try call.site.id
        let ends = LinkEnds(params)
        try ends.check()
        var new = LinkStore.New(
            id: call.newID(), organization: try Self.grid(params, call), kind: params.kind,
            fromMember: params.fromMemberId,
            fromOrganization: params.fromOrganizationId, to: params.to, from: params.on)
        try ends.find(on: params.on, call)
        if let unit = params.to.unitZh {
            var target = params.to
            target.unitZh = PlainText.trimmed(unit)
            new = LinkStore.New(
                id: new.id, organization: new.organization, kind: new.kind, fromMember: new.fromMember,
                fromOrganization: new.fromOrganization, to: target, from: new.from)
        }
        if let taken = try call.db.first(LinkStore.standing(new, site: site), as: RecordID.self) {
            throw OfficeFault.linkTaken.fault(["id": .string(taken.description)])
        }
        try call.db.execute(LinkStore.add(new, Act(call)), expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [params.fromMemberId].compactMap { $0 })
        call.note("linkId", .string(new.id.description))
        let lapse = try LinkLapse.of([new.id], on: params.on, call)[new.id]
        return Reply(
            linkId: new.id, kind: params.kind, organizationId: new.organization, lapse: lapse, lapseZh: lapse?.textZh,
            lapseEn: lapse?.textEn)
    }

    /// In whose grid it stands. What it goes out from is locked: of two of the same, one comes too late.
    private static func grid(_ params: Params, _ call: Call) throws -> RecordID {
        if let member = params.fromMemberId {
            return try Members.locked(member, on: params.on, call).standing.organization
        }
        let id = params.fromOrganizationId ?? call.newID()
        let group = try Organizations.own(id, on: params.on, call)
        guard group.kind == .group else {
            throw Fault.invalid("/fromOrganizationId", expected: "a group", zh: "党小组")
        }
        try call.db.execute(OfficeStore.lock(id, site: group.keptAt), expecting: .rows(1))
        return id
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    kind: .groupToUnit, fromMemberId: nil, fromOrganizationId: Sample.group,
                    to: .init(unitZh: "某村党支部"), on: Sample.today),
                Reply(
                    linkId: Sample.other, kind: .groupToUnit, organizationId: Sample.group, lapse: .noPost,
                    lapseZh: LinkLapse.noPost.textZh, lapseEn: LinkLapse.noPost.textEn)
            ),
            minimal: (
                Params(
                    kind: .memberToHousehold, fromMemberId: Sample.member, to: .init(householdCode: "C-012"),
                    on: Sample.today),
                Reply(linkId: Sample.other, kind: .memberToHousehold, organizationId: Sample.branch)
            ))
    }
}

/// Both ends of a link that is to be made.
struct LinkEnds {
    private let params: CreateLink.Params

    init(_ params: CreateLink.Params) {
        self.params = params
    }

    /// Each kind leads from one thing to one thing.
    func check() throws(Fault) {
        let isGroup = self.params.kind == .groupToUnit
        guard (self.params.fromMemberId == nil) == isGroup else {
            throw isGroup
                ? Fault.invalid("/fromMemberId", expected: "nothing with groupToUnit", zh: "groupToUnit 不填党员")
                : Fault.invalid("/fromMemberId", expected: "the member", zh: "党员编号")
        }
        guard (self.params.fromOrganizationId != nil) == isGroup else {
            throw Fault.invalid(
                "/fromOrganizationId", expected: "the group with groupToUnit alone", zh: "仅 groupToUnit 填写党小组")
        }
        let to = self.params.to
        let given: [(String, Bool, Set<LinkKind>)] = [
            ("organizationId", to.organizationId != nil, [.leaderToBranch]),
            ("departmentId", to.departmentId != nil, [.committeeMemberToDepartment]),
            ("staffId", to.staffId != nil, [.memberToStaff]), ("personId", to.personId != nil, [.memberToHousehold]),
            ("householdCode", to.householdCode != nil, [.memberToHousehold]),
            ("unitZh", to.unitZh != nil, [.groupToUnit]),
        ]
        let named = given.filter(\.1)
        guard named.count == 1, let end = named.first, end.2.contains(self.params.kind) else {
            let wanted = given.filter { $0.2.contains(self.params.kind) }.map(\.0).joined(separator: " / ")
            throw Fault.invalid("/to", expected: "exactly one of \(wanted)", zh: "只填其中一项：\(wanted)")
        }
    }

    private struct Asked: Encodable { let staffIds: [RecordID] }
    private struct Staff: Decodable { let missing: [RecordID] }
    private struct Departments: Decodable {
        struct One: Decodable { let departmentId: RecordID }
        let departments: [One]
        let next: String?
    }
    private struct Page: Encodable {
        let limit = 500
        let after: String?
    }

    /// What it leads to is there.
    /// - Throws: `host.notFound`; `membership.organizationEnded`; `host.invalidParams` for an organisation that is no branch.
    func find(on day: LocalDate, _ call: Call) throws {
        let to = self.params.to
        if let id = to.organizationId {
            guard try Organizations.living(id, on: day, call).kind == .branch else {
                throw Fault.invalid("/to/organizationId", expected: "a branch", zh: "党支部")
            }
        }
        if let id = to.personId { _ = try PeopleIndex.person(id, call) }
        if let id = to.staffId {
            let found: Staff = try call.module("people.staff.getMany", Asked(staffIds: [id]))
            guard found.missing.isEmpty else { throw MembershipFault.notFound("staffId", id) }
        }
        if let id = to.departmentId { try Self.findDepartment(id, call) }
    }

    private static func findDepartment(_ id: RecordID, _ call: Call) throws {
        var after: String?
        repeat {
            let page: Departments = try call.module("people.department.list", Page(after: after))
            guard !page.departments.contains(where: { $0.departmentId == id }) else { return }
            after = page.next
        } while after != nil
        throw MembershipFault.notFound("departmentId", id)
    }
}
