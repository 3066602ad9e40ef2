internal import XinglinKit

/// `membership.organization.check`
struct CheckOrganization: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let warnings: [OrganizationWarning]
    }

    static let name = "membership.organization.check"
    static let summary = """
        Says what of an organisation and all below it is not as BR-01 to BR-04, BR-06 and BR-07 have it on a day: size, officers, term, \
        groups. They are warnings; nothing is refused for them.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."), .optional("asOf", .date, "The day; today unless told."))
    static let reply = Schema.object(
        .required(
            "warnings", .array(OrganizationWarning.schema, 0...100_000),
            "The organisation's own first, then those below it."))
    static let faults = [MembershipFault.organizationEnded, MembershipRules.unusable]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        let one = try Organizations.readable(params.organizationId, on: day, call)
        let rules = try OfficeRules.today(call)
        return Reply(warnings: try OfficeTree(one.id, on: day, call).warnings(rules, call))
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(organizationId: Sample.committee, asOf: Sample.today),
                Reply(warnings: [OrganizationWarning.sample])
            ), minimal: (Params(organizationId: Sample.branch), Reply(warnings: [])))
    }
}
