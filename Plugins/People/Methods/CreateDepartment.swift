internal import XinglinKit

/// `people.department.create`
struct CreateDepartment: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let nameZh: String
        let kind: DepartmentKind
    }

    struct Reply: Codable, Sendable {
        let departmentId: RecordID
    }

    static let name = "people.department.create"
    static let summary = "Records a department of the acting site."
    static let effect = Effect.write
    static let access = PeopleAccess.administration
    static let params = Schema.object(
        .required("code", .code(1...20), "Its code, unique in the site."),
        .required("nameZh", .text(1...60), "Its name."),
        .required("kind", .enumeration(DepartmentKind.codes), "What it does."))
    static let reply = Schema.object(.required("departmentId", .id, "The new department."))
    static let faults = [PeopleFault.departmentExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = call.newID()
        let act = try PersonStore.Act(call)
        let added = try call.db.execute(
            StaffStore.createDepartment(
                id, code: params.code, nameZh: PlainText.name(params.nameZh), kind: params.kind, act))
        guard added == 1 else {
            let known = try call.db.first(
                StaffStore.departments(coded: [params.code], site: act.site), as: (RecordID, String).self)
            throw PeopleFault.departmentExists.fault([
                "departmentId": known.map { .string($0.0.description) } ?? .null
            ])
        }
        call.note("departmentId", .string(id.description))
        return Reply(departmentId: id)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(code: "ZYF", nameZh: "中药房", kind: .pharmacy), reply: Reply(departmentId: Sample.department)
        )
        return Examples(full: example, minimal: example)
    }
}
