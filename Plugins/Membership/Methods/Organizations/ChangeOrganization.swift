internal import XinglinKit

/// `membership.organization.change`
struct ChangeOrganization: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let change: Kind
        let on: LocalDate
        var nameZh: String?
        var targetId: RecordID?
        var kind: OrganizationKind?
        var memberIds: [RecordID]?
        let reason: String
        var document: PaperReference?
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let version: Int
        var newOrganizationId: RecordID?
        let movedMembers: Int
        let movedOrganizations: Int
        var warnings: [OrganizationWarning]?
    }

    /// What is to happen.
    enum Kind: String, CaseIterable, Codable, Sendable {
        case rename, move, reclassify, merge, split, dissolve

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    static let name = "membership.organization.change"
    static let summary = """
        Records a dated, documented change of an organisation of the acting site: a new name, place or kind, its merger into another \
        one with all members, a split, or its dissolution once nothing hangs on it. What was stays on record.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.administration
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation; one that the acting site keeps."),
        .required("change", .enumeration(Kind.codes), "What happens."),
        .required(
            "on", .date, "The day from which it holds: today or earlier, and no earlier than the last recorded change."),
        .optional("nameZh", .text(1...100), "rename: the new name; split: the name of the new organisation."),
        .optional(
            "targetId", .id,
            """
            move: what it stands below from then on, absent where it is the top; merge: the organisation of the same kind and site \
            that takes it in; split: what the new one stands below, the same unless told.
            """),
        .optional(
            "kind", .enumeration(OrganizationKind.codes),
            "reclassify: what it is from then on (a branch becomes a general branch)."),
        .optional("memberIds", .array(.id, 1...500), "split: the members who go into the new organisation."),
        .required("reason", .text(1...200), "Why."),
        .optional("document", PaperReference.schema, "The decision of the higher organisation."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .required("version", .integer(1...100_000), "Its version from now on."),
        .optional("newOrganizationId", .id, "split: the organisation that came of it."),
        .required("movedMembers", .integer(0...100_000), "How many members belong elsewhere in consequence."),
        .required("movedOrganizations", .integer(0...100_000), "How many organisations stand elsewhere in consequence."),
        OrganizationWarning.field)
    static let faults = [
        MembershipFault.parentUnfit, MembershipFault.organizationEnded, MembershipFault.changeOutOfOrder,
        MembershipFault.organizationNotEmpty, MembershipFault.memberEnded, MembershipFault.notABranch,
        MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        try Self.checkShape(params)
        try params.document?.check(at: "/document")
        try call.db.execute(OrganizationStore.changing)
        let subject = try OrganizationChanging.subject(params.organizationId, on: params.on, call)
        let paper = try Papers.keep(params.document, call)
        let change = OrganizationChanging(
            subject: subject, on: params.on, reason: PlainText.trimmed(params.reason), paper: paper, call: call)
        var reply = try Self.apply(params, change)
        try Papers.reference(paper, record: call.newID(), call)
        call.note("organizationId", .string(params.organizationId.description))
        call.note("change", .string(params.change.rawValue))
        reply.warnings = try Self.warnings(reply, params, call)
        return reply
    }

    /// What is not as the rules of size have it with what was changed, and with what came of it or took it in.
    private static func warnings(
        _ reply: Reply, _ params: Params, _ call: Call
    ) throws -> [OrganizationWarning]? {
        let concerned = [reply.organizationId, reply.newOrganizationId, params.targetId].compactMap { $0 }
        return OrganizationWarning.ifAny(
            try concerned.flatMap { try Offices.warnings(of: $0, on: call.today, call) ?? [] })
    }

    private static func apply(_ params: Params, _ change: OrganizationChanging) throws -> Reply {
        switch params.change {
        case .rename: try change.rename(PlainText.trimmed(params.nameZh ?? ""))
        case .move: try change.move(below: params.targetId)
        case .reclassify: try change.reclassify(as: params.kind ?? change.subject.kind)
        case .merge: return try change.merge(into: params.targetId ?? params.organizationId)
        case .split:
            return try change.split(
                PlainText.trimmed(params.nameZh ?? ""), members: params.memberIds ?? [], below: params.targetId)
        case .dissolve: try change.dissolve()
        }
        return Reply(
            organizationId: change.subject.id, version: change.subject.version + 1, movedMembers: 0,
            movedOrganizations: 0)
    }

    /// Each change has members of its own, and no others.
    private static func checkShape(_ params: Params) throws(Fault) {
        let given: [(name: String, isGiven: Bool, wantedBy: Set<Kind>, isRequired: Bool)] = [
            ("nameZh", params.nameZh != nil, [.rename, .split], true),
            ("targetId", params.targetId != nil, [.move, .merge, .split], false),
            ("kind", params.kind != nil, [.reclassify], true), ("memberIds", params.memberIds != nil, [.split], true),
        ]
        if params.change == .merge && params.targetId == nil {
            throw Fault.invalid(
                "/targetId", expected: "the organisation that takes it in", zh: "merge 须填吸收合并的组织")
        }
        for member in given {
            let isWanted = member.wantedBy.contains(params.change)
            if member.isGiven && !isWanted {
                throw Fault.invalid(
                    "/\(member.name)", expected: "nothing with change \(params.change.rawValue)",
                    zh: "change 为 \(params.change.rawValue) 时不填")
            }
            if !member.isGiven && isWanted && member.isRequired {
                throw Fault.invalid(
                    "/\(member.name)", expected: "a value with change \(params.change.rawValue)",
                    zh: "change 为 \(params.change.rawValue) 时必填")
            }
        }
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    organizationId: Sample.branch, change: .split, on: Sample.today, nameZh: "甲字镇中心卫生院第二党支部",
                    targetId: Sample.committee, memberIds: [Sample.member], reason: "党员人数超过50人", document: Sample.paper),
                Reply(
                    organizationId: Sample.branch, version: 2, newOrganizationId: Sample.other, movedMembers: 1,
                    movedOrganizations: 0, warnings: [OrganizationWarning.sample])
            ),
            minimal: (
                Params(
                    organizationId: Sample.committee, change: .reclassify, on: Sample.today, kind: .generalBranch,
                    reason: "党员人数减少"),
                Reply(organizationId: Sample.committee, version: 3, movedMembers: 0, movedOrganizations: 0)
            ))
    }
}
