internal import XinglinKit

/// `people.staff.list`
struct ListStaff: RPCMethod {
    struct Params: Codable, Sendable {
        var departmentId: RecordID?
        var formerToo: Bool?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let staff: [StaffCard]
        var next: String?
    }

    static let name = "people.staff.list"
    static let summary = "Lists the acting site's staff in the order in which they were recorded."
    static let effect = Effect.read
    static let access = PeopleAccess.staffReading
    static let params = Schema.object(
        [
            .optional("departmentId", .id, "Only of this department."),
            .optional("formerToo", .boolean, "With those whose employment has ended."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("staff", .array(StaffCard.schema, 0...500), "The staff of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            StaffStore.list(
                site: call.site.id, department: params.departmentId, formerToo: params.formerToo ?? false,
                after: page.after(0) ?? RecordID(high: 0, low: 0), limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let staff = try rows.decode(as: StaffCard.Columns.self).map { StaffCard($0) }
        call.recordAccess(basis: Purpose.administration.rawValue, subjects: staff.map(\.personId))
        return Reply(staff: staff, next: hasMore ? staff.last.map { Page.cursor($0.staffId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let cursor = Page.cursor(Sample.staff.description)
        return Examples(
            full: (
                Params(departmentId: Sample.department, formerToo: true, limit: 1, after: cursor),
                Reply(staff: [StaffCard.sample], next: cursor)
            ), minimal: (Params(), Reply(staff: [])))
    }
}
