internal import XinglinKit

/// `membership.organization.list`
struct ListOrganizations: RPCMethod {
    struct Params: Codable, Sendable {
        var rootId: RecordID?
        var kind: OrganizationKind?
        var keptHere: Bool?
        var asOf: LocalDate?
        var includeEnded: Bool?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let organizations: RowList<Line>
        var next: String?
    }

    struct Line: Codable, Sendable {
        let organizationId: RecordID
        let kind: OrganizationKind
        let nameZh: String
        var parentId: RecordID?
        let foundedOn: LocalDate
        let approves: Bool
        let temporary: Bool
        let ended: Bool
        var endedOn: LocalDate?
        let version: Int
        let full: Int
        let probationary: Int
    }

    static let name = "membership.organization.list"
    static let summary = """
        Lists the county's Party organisations as they were on a day, by id, each with the members it had itself; a reader sees the \
        members of readable sites alone.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        [
            .optional("rootId", .id, "Only this organisation and what stood below it."),
            .optional("kind", .enumeration(OrganizationKind.codes), "Only this kind."),
            .optional("keptHere", .boolean, "Only those whose records the acting site keeps; false unless told."),
            .optional("asOf", .date, "The day; today unless told."),
            .optional("includeEnded", .boolean, "Also those that had ended; false unless told."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("organizations", .array(Self.line, 0...500), "The organisations of this page."), Schema.pageReply)

    static let line = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .required("kind", .enumeration(OrganizationKind.codes), "What it was."),
        .required("nameZh", .text(1...100), "What it was called."),
        .optional("parentId", .id, "What it stood below."),
        .required("foundedOn", .date, "When it was founded."),
        .required("approves", .boolean, "Whether it could approve admissions (DV-18)."),
        .required("temporary", .boolean, "Whether it was a temporary organisation."),
        .required("ended", .boolean, "Whether it had ended."), .optional("endedOn", .date, "When it ended."),
        .required("version", .integer(1...100_000), "How often it had been changed, its founding included."),
        .required("full", .integer(0...1_000_000), "Full members of its own, without those of what stands below."),
        .required("probationary", .integer(0...1_000_000), "Probationary members of its own."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last: RecordID = try page.after(0) ?? RecordID(high: 0, low: 0)
        let filter = OrganizationStore.Filter(
            root: params.rootId, kind: params.kind, includesEnded: params.includeEnded ?? false,
            keptAt: params.keptHere == true ? try call.site.id : nil)
        let sql = OrganizationStore.list(filter, on: params.asOf ?? call.today, after: last, limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let next = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(
            organizations: .json(rows.json(OrganizationStore.listColumns)),
            next: next.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            organizationId: Sample.branch, kind: .branch, nameZh: "甲字镇中心卫生院党支部", parentId: Sample.committee,
            foundedOn: Sample.founded, approves: false, temporary: false, ended: true, endedOn: Sample.today,
            version: 2,
            full: 7, probationary: 1)
        return Examples(
            full: (
                Params(
                    rootId: Sample.committee, kind: .branch, keptHere: true, asOf: Sample.today, includeEnded: true,
                    limit: 1,
                    after: Page.cursor(Sample.committee.description)),
                Reply(organizations: .elements([line]), next: Page.cursor(Sample.branch.description))
            ), minimal: (Params(), Reply(organizations: .elements([]))))
    }
}
