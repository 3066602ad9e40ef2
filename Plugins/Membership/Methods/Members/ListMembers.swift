internal import XinglinKit

/// `membership.member.list`
struct ListMembers: RPCMethod {
    struct Params: Codable, Sendable {
        var organizationId: RecordID?
        var status: MemberStatus?
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let members: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let memberId: RecordID
        let name: String
        let status: MemberStatus
        let statusZh: String
        let statusSince: LocalDate
        let organizationId: RecordID
        let joinedOn: LocalDate
    }

    static let name = "membership.member.list"
    static let summary =
        "Lists the members of an organisation and all below it as of a day, names masked unless a purpose is named."
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .optional(
                "organizationId", .id,
                "Only this organisation and what stands below it; the readable sites unless told."),
            .optional(
                "status", .enumeration(MemberStatus.codes), "Only this status; full and probationary unless told."),
            .optional("asOf", .date, "The day; today unless told."), GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "members",
            .array(
                .object(
                    .required("memberId", .id, "The member."),
                    .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .required("status", .enumeration(MemberStatus.codes), "On the day."),
                    .required("statusZh", .text(1...20), "The same in Chinese."),
                    .required("statusSince", .date, "Since when."),
                    .required("organizationId", .id, "The branch or group."),
                    .required("joinedOn", .date, "The day of the branch meeting that admitted the member.")), 0...500),
            "The members of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last: RecordID = try page.after(0) ?? RecordID(high: 0, low: 0)
        let filter = MemberStore.Filter(root: params.organizationId, status: params.status)
        let sql = MemberStore.list(filter, on: params.asOf ?? call.today, after: last, limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let members = try rows.decode(
            as: (RecordID, RecordID, MemberStatus, RecordID, LocalDate, LocalDate).self)
        let persons = try PeopleIndex.persons(members.map(\.1), call)
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: members.map(\.0))
        if params.unmask != nil { call.note("unmasked", true) }
        let lines = members.map { row in
            Line(
                memberId: row.0,
                name: persons[row.1].map { params.unmask == nil ? MaskedName.of($0.nameZh) : $0.nameZh } ?? "*",
                status: row.2, statusZh: row.2.labelZh, statusSince: row.5, organizationId: row.3, joinedOn: row.4)
        }
        return Reply(members: lines, next: hasMore ? lines.last.map { Page.cursor($0.memberId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            memberId: Sample.member, name: "张*", status: .full, statusZh: MemberStatus.full.labelZh,
            statusSince: Sample.joined.adding(years: 1), organizationId: Sample.branch, joinedOn: Sample.joined)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, status: .full, asOf: Sample.today,
                    unmask: GetMember.Unmask(purpose: .organizationWork), limit: 1,
                    after: Page.cursor(Sample.other.description)),
                Reply(members: [line], next: Page.cursor(Sample.member.description))
            ), minimal: (Params(), Reply(members: [])))
    }
}
