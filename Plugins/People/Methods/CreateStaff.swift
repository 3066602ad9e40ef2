internal import XinglinKit

/// `people.staff.create`
struct CreateStaff: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        let departmentId: RecordID
        let title: StaffTitle
        var rights: [StaffRight]?
        var employedOn: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let staffId: RecordID
    }

    static let name = "people.staff.create"
    static let summary =
        "Employs a person in a department of the acting site, with title and rights (PC-02 goes by the title)."
    static let effect = Effect.write
    static let access = PeopleAccess.administration
    static let params = Schema.object(
        .required("personId", .id, "The person; the site must know them."),
        .required("departmentId", .id, "A department of the acting site."),
        .required("title", .enumeration(StaffTitle.codes), "The professional title."),
        .optional(
            "rights", .array(.enumeration(StaffRight.codes), 0...20), "What they may do, from the first day on."),
        .optional("employedOn", .date, "The first day; today unless told. Not in the future."))
    static let reply = Schema.object(.required("staffId", .id, "The new member of staff."))
    static let faults = [PeopleFault.staffExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.employedOn ?? call.today
        guard day <= call.today else {
            throw Fault.invalid("/employedOn", expected: "a date that is not in the future", zh: "不晚于今天的日期")
        }
        let act = try PersonStore.Act(call)
        let id = call.newID()
        let employment = StaffStore.Employment(
            staffID: id, person: params.personId, department: params.departmentId, title: params.title,
            employedOn: day)
        guard try call.db.execute(StaffStore.employ(employment, act)) == 1 else {
            throw try Self.refusal(params, act, call)
        }
        let rights = Set(params.rights ?? []).sorted { $0.rawValue < $1.rawValue }
        try call.db.execute(
            StaffStore.grant(
                rights, to: rights.map { _ in id }, on: rights.map { _ in day }, site: act.site),
            expecting: .rows(rights.count))
        call.note("staffId", .string(id.description))
        call.note("personId", .string(params.personId.description))
        return Reply(staffId: id)
    }

    private static func refusal(_ params: Params, _ act: PersonStore.Act, _ call: Call) throws -> Fault {
        let results = try call.db.batch([
            Statement(StaffStore.employed(params.personId, in: params.departmentId, site: act.site)),
            Statement(PersonStore.current(of: params.personId)),
        ])
        if let staff = try results[0].first(as: RecordID.self) {
            return PeopleFault.staffExists.fault(["staffId": .string(staff.description)])
        }
        return results[1].isEmpty
            ? PeopleFault.notFound("personId", params.personId)
            : PeopleFault.notFound("departmentId", params.departmentId)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(staffId: Sample.staff)
        return Examples(
            full: (
                Params(
                    personId: Sample.person, departmentId: Sample.department, title: .attendingTcmPhysician,
                    rights: [.tcmPrescribing, .toxicDrugs], employedOn: Sample.instant.localDate), reply
            ),
            minimal: (
                Params(personId: Sample.person, departmentId: Sample.department, title: .tcmPharmacist), reply
            ))
    }
}
