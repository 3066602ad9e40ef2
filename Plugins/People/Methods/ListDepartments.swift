internal import XinglinKit

/// `people.department.list`
struct ListDepartments: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let departments: RowList<Department>
        var next: String?
    }

    struct Department: Codable, Sendable {
        let code: String
        let departmentId: RecordID
        let nameZh: String
        let kind: DepartmentKind
        let kindZh: String
    }

    static let name = "people.department.list"
    static let summary = "Lists the acting site's departments, by code."
    static let effect = Effect.read
    static let access = PeopleAccess.staffReading
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "departments",
            .array(
                .object(
                    .required("code", .code(1...20), "Its code."),
                    .required("departmentId", .id, "The department."),
                    .required("nameZh", .text(1...60), "Its name."),
                    .required("kind", .enumeration(DepartmentKind.codes), "What it does."),
                    .required("kindZh", .text(1...20), "The same in Chinese.")), 0...500),
            "The departments of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            StaffStore.listDepartments(site: call.site.id, after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(departments: .json(rows.json(StaffStore.departmentColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let department = Department(
            code: "ZYF", departmentId: Sample.department, nameZh: "中药房", kind: .pharmacy,
            kindZh: DepartmentKind.pharmacy.labelZh)
        return Examples(
            full: (Params(limit: 1, after: "NK"), Reply(departments: .elements([department]), next: "ZYF")),
            minimal: (Params(), Reply(departments: .elements([]))))
    }
}
