internal import XinglinKit

/// `people.staff.update`
struct UpdateStaff: RPCMethod {
    struct Params: Codable, Sendable {
        let staffId: RecordID
        let version: Int64
        var title: StaffTitle?
        var departmentId: RecordID?
        var rights: [StaffRight]?
        var leftOn: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let staffId: RecordID
        let version: Int64
    }

    static let name = "people.staff.update"
    static let summary = """
        Changes title, department or rights of a member of staff, or ends the employment, which takes all rights away.
        """
    static let effect = Effect.write
    static let access = PeopleAccess.administration
    static let params = Schema.object(
        .required("staffId", .id, "The member of staff, at the acting site."),
        .required("version", .integer(1...Int64.max), "The version read; `host.conflict` where it changed since."),
        .optional("title", .enumeration(StaffTitle.codes), "The new title."),
        .optional("departmentId", .id, "The new department."),
        .optional(
            "rights", .array(.enumeration(StaffRight.codes), 0...20),
            "All rights from today on: what is not named here is taken away."),
        .optional("leftOn", .date, "The last day of the employment, today or before."))
    static let reply = Schema.object(
        .required("staffId", .id, "The member of staff."),
        .required("version", .integer(1...Int64.max), "The version from now on."))
    static let faults = [PeopleFault.staffLeft, PeopleFault.staffExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let here: Int? = try call.db.first(StaffStore.isOf(site, params.staffId))
        guard here == 1, let row = try call.db.first(StaffStore.many([params.staffId]), as: StaffCard.Columns.self)
        else { throw PeopleFault.notFound("staffId", params.staffId) }
        guard row.9 == nil else { throw PeopleFault.staffLeft.fault(["leftOn": .string("\(row.9 ?? call.today)")]) }
        if let day = params.leftOn, day > call.today || day < row.8 {
            throw Fault.invalid(
                "/leftOn", expected: "a date from the first day of the employment to today", zh: "入职之日至今天之间的日期")
        }
        let change = StaffStore.Change(
            staffID: params.staffId, version: params.version, title: params.title, department: params.departmentId,
            leftOn: params.leftOn)
        if let department = params.departmentId, department != row.4,
            let there = try call.db.first(
                StaffStore.employed(row.2, in: department, site: site), as: RecordID.self), there != params.staffId
        {
            throw PeopleFault.staffExists.fault(["staffId": .string(there.description)])
        }
        try call.db.execute(
            StaffStore.update(change, site: site), expecting: .rows(1),
            otherwise: HostFault.conflict.fault(["version": .integer(row.10)]))
        if let rights = params.leftOn == nil ? params.rights : [] { try Self.set(rights, row, params, call) }
        call.note("staffId", .string(params.staffId.description))
        return Reply(staffId: params.staffId, version: params.version + 1)
    }

    /// Takes away what is not named and gives what is new.
    private static func set(_ rights: [StaffRight], _ row: StaffCard.Columns, _ params: Params, _ call: Call) throws {
        let site = try call.site.id
        let day = params.leftOn ?? call.today
        let new = Set(rights).subtracting(StaffCard(row).rights).sorted { $0.rawValue < $1.rawValue }
        try call.db.batch([
            Statement(StaffStore.revoke(from: params.staffId, allBut: rights, on: day, site: site)),
            Statement(
                StaffStore.grant(
                    new, to: new.map { _ in params.staffId }, on: new.map { _ in call.today }, site: site),
                .rows(new.count)),
        ])
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(staffId: Sample.staff, version: 2)
        return Examples(
            full: (
                Params(
                    staffId: Sample.staff, version: 1, title: .tcmPharmacistInCharge, departmentId: Sample.department,
                    rights: [.prescriptionReview], leftOn: Sample.instant.localDate), reply
            ), minimal: (Params(staffId: Sample.staff, version: 1, rights: [.dispensing]), reply))
    }
}
