internal import XinglinKit

/// `membership.organization.create`
struct CreateOrganization: RPCMethod {
    struct Params: Codable, Sendable {
        let nameZh: String
        let kind: OrganizationKind
        var parentId: RecordID?
        let foundedOn: LocalDate
        var approves: Bool?
        var temporary: Bool?
        var document: PaperReference?
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        var warnings: [OrganizationWarning]?
    }

    static let name = "membership.organization.create"
    static let summary =
        "Records a Party organisation whose records the acting site keeps; its parent may be another site's."
    static let effect = Effect.write
    static let access = MembershipAccess.administration
    static let params = Schema.object(
        .required("nameZh", .text(1...100), "Its name."),
        .required("kind", .enumeration(OrganizationKind.codes), "What it is; leadingGroup is a 党组."),
        .optional(
            "parentId", .id,
            "What it stands below: groups below branches, branches below general branches or committees, those below committees."
        ),
        .required("foundedOn", .date, "The day on which it was founded, today or earlier, and not before its parent."),
        .optional(
            "approves", .boolean,
            "Whether it may approve admissions (DV-18). Only a committee may that is not temporary, and it does unless told."
        ),
        .optional(
            "temporary", .boolean, "Whether it is a temporary organisation, which neither admits nor approves (DV-18)."),
        .optional("document", PaperReference.schema, "The decision that founded it."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The organisation."), OrganizationWarning.field)
    static let faults = [
        MembershipFault.parentUnfit, MembershipFault.organizationEnded, MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.foundedOn <= call.today else { throw MembershipFault.future("/foundedOn") }
        try params.document?.check(at: "/document")
        let isTemporary = params.temporary ?? false
        let approves = params.approves ?? (params.kind == .committee && !isTemporary)
        guard !approves || (params.kind == .committee && !isTemporary) else {
            throw Fault.invalid(
                "/approves", expected: "false but for a committee that is not temporary (DV-18)",
                zh: "只有非临时的基层党委才有审批权（DV-18）")
        }
        try call.db.execute(OrganizationStore.changing)
        let parent = try params.parentId.map { try Organizations.living($0, on: params.foundedOn, call) }
        // It must not have ended since.
        if let parent {
            _ = try Organizations.living(parent.id, on: call.today, call)
            try OrganizationChanging.mustBeOneSites(params.kind, below: parent, call.site.id)
        }
        try PartyOrganization.mustFit(params.kind, below: parent)
        let id = call.newID()
        let act = try Act(call)
        var version = OrganizationStore.Version(
            founding: id, .founded, on: params.foundedOn, kind: params.kind, nameZh: PlainText.trimmed(params.nameZh),
            parent: params.parentId, approves: approves, isTemporary: isTemporary)
        version.document = try Papers.keep(params.document, call)
        try call.db.batch([
            Statement(OrganizationStore.found(id, on: params.foundedOn, act), .rows(1)),
            Statement(OrganizationStore.add(version, act), .rows(1)),
        ])
        try Papers.reference(version.document, record: id, call)
        call.note("organizationId", .string(id.description))
        // It has nobody yet. What its parent has with it may say more.
        return Reply(
            organizationId: id,
            warnings: try params.parentId.flatMap { try Offices.warnings(of: $0, on: call.today, call) })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    nameZh: "杏林县卫健系统党委", kind: .committee, parentId: Sample.other, foundedOn: Sample.founded,
                    approves: true,
                    temporary: false, document: Sample.paper),
                Reply(organizationId: Sample.committee, warnings: [OrganizationWarning.sample])
            ),
            minimal: (
                Params(nameZh: "甲字镇中心卫生院党支部", kind: .branch, foundedOn: Sample.founded),
                Reply(organizationId: Sample.branch)
            ))
    }
}
