internal import XinglinKit

/// `people.staff.getMany`
struct GetManyStaff: RPCMethod {
    struct Params: Codable, Sendable {
        let staffIds: [RecordID]
    }

    struct Reply: Codable, Sendable {
        let staff: [StaffCard]
        let missing: [RecordID]
    }

    static let name = "people.staff.getMany"
    static let summary = """
        Shows members of staff of the readable sites with title and rights, former ones included, for other modules above \
        all; unknown ids are listed as missing.
        """
    static let effect = Effect.read
    static let access = PeopleAccess.staffReading
    static let params = Schema.object(.required("staffIds", .array(.id, 1...500), "The members of staff."))
    static let reply = Schema.object(
        .required("staff", .array(StaffCard.schema, 0...500), "Those that were found, in the order asked."),
        .required("missing", .array(.id, 0...500), "The ids that no readable site has."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let rows = try call.db.query(StaffStore.many(params.staffIds), as: StaffCard.Columns.self)
        let found = Dictionary(rows.map { ($0.0, StaffCard($0)) }) { first, _ in first }
        var seen: Set<RecordID> = []
        let ids = params.staffIds.filter { seen.insert($0).inserted }
        let staff = ids.compactMap { found[$0] }
        call.recordAccess(basis: Purpose.administration.rawValue, subjects: staff.map(\.personId))
        return Reply(staff: staff, missing: ids.filter { found[$0] == nil })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(staffIds: [Sample.staff, Sample.other]),
                Reply(staff: [StaffCard.sample], missing: [Sample.other])
            ), minimal: (Params(staffIds: [Sample.other]), Reply(staff: [], missing: [Sample.other])))
    }
}
