internal import XinglinKit

/// `membership.link.list`
struct ListLinks: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
        var kind: LinkKind?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let links: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let linkId: RecordID
        let organizationId: RecordID
        let kind: LinkKind
        let kindZh: String
        var fromMemberId: RecordID?
        var fromName: String?
        var fromOrganizationId: RecordID?
        let to: LinkStore.Target
        let from: LocalDate
        var endsOn: LocalDate?
        var lapse: LinkLapse?
        var lapseZh: String?
        var lapseEn: String?
    }

    static let name = "membership.link.list"
    static let summary = """
        Lists the links that stood on a day in the grid of an organisation and all below it, and says of which the member has left, or has \
        the post no more. Names are masked unless a purpose is named; \
        each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .required("organizationId", .id, "The organisation."),
            .optional("asOf", .date, "The day; today unless told."),
            .optional("kind", .enumeration(LinkKind.codes), "Only this kind."), GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "links",
            .array(
                .object(
                    [
                        .required("linkId", .id, "The link."),
                        .required("organizationId", .id, "In whose grid it stands."),
                        .required("kind", .enumeration(LinkKind.codes), "Its kind."),
                        .required("kindZh", .text(1...20), "The same in Chinese."),
                        .optional("fromMemberId", .id, "The member."),
                        .optional("fromName", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                        .optional("fromOrganizationId", .id, "The group."),
                        .required("to", CreateLink.target, "Where to."), .required("from", .date, "Since when."),
                        .optional("endsOn", .date, "From when on it stood no more."),
                    ] + LinkLapse.fields), 0...500),
            "The links of this page."), Schema.pageReply)

    private typealias Columns = (
        RecordID, RecordID, LinkKind, RecordID?, RecordID?, RecordID?, RecordID?, RecordID?, RecordID?, String?,
        String?,
        LocalDate, LocalDate?
    )

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last: RecordID = try page.after(0) ?? RecordID(high: 0, low: 0)
        let day = params.asOf ?? call.today
        let sql = LinkStore.list(params.organizationId, params.kind, on: day, after: last, limit: page.limit + 1)
        let (found, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let rows = try found.decode(as: Columns.self)
        let names = try Offices.names(rows.compactMap(\.3), unmask: params.unmask, call)
        let lapses = try LinkLapse.of(rows.map(\.0), on: day, call)
        let lines = rows.map { row in
            Line(
                linkId: row.0, organizationId: row.1, kind: row.2, kindZh: row.2.labelZh, fromMemberId: row.3,
                fromName: row.3.map { names[$0] ?? "*" }, fromOrganizationId: row.4,
                to: .init(
                    organizationId: row.5, departmentId: row.6, staffId: row.7, personId: row.8, householdCode: row.9,
                    unitZh: row.10), from: row.11, endsOn: row.12, lapse: lapses[row.0],
                lapseZh: lapses[row.0]?.textZh, lapseEn: lapses[row.0]?.textEn)
        }
        return Reply(links: lines, next: hasMore ? lines.last.map { Page.cursor($0.linkId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            linkId: Sample.other, organizationId: Sample.branch, kind: .leaderToBranch,
            kindZh: LinkKind.leaderToBranch.labelZh, fromMemberId: Sample.member, fromName: "张*",
            fromOrganizationId: nil, to: .init(organizationId: Sample.branch), from: Sample.joined,
            endsOn: Sample.today,
            lapse: .noPost, lapseZh: LinkLapse.noPost.textZh, lapseEn: LinkLapse.noPost.textEn)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.committee, asOf: Sample.today, kind: .leaderToBranch,
                    unmask: GetMember.Unmask(purpose: .organizationWork), limit: 1,
                    after: Page.cursor(Sample.fact.description)),
                Reply(links: [line], next: Page.cursor(Sample.other.description))
            ), minimal: (Params(organizationId: Sample.branch), Reply(links: [])))
    }
}
