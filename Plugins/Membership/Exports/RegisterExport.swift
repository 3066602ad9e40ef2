internal import XinglinKit

/// `membership.register`: the members of a tree on a day, in the columns of the import. Names are masked and numbers left out unless a purpose
/// is named; then the import of the same name takes the file as it is.
struct RegisterExport: BulkExport {
    static let kind = "membership.register"
    static let summary = RegisterImport.summary
    static let access = MembershipAccess.officers
    static let columns = RegisterImport.columns.map { ExportColumn($0) }
    static let params = Schema.object(RegisterQuery.organization, RegisterQuery.asOf, GetMember.Unmask.field)
    static let basis: String? = "partyRegister"

    private typealias Columns = (
        RecordID, RecordID, LocalDate, MemberStatus, LocalDate, RecordID, LocalDate, LocalDate?
    )

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let query = try RegisterQuery(params, call)
        let rows = try call.db.query(
            RegisterStore.members(
                of: query.root, on: query.day, after: RegisterQuery.place(last), limit: RegisterQuery.portion),
            as: Columns.self)
        let organizations = try RegisterBench.organizations(
            call.db.rows(RegisterStore.organizations(on: query.day)))
        let persons = try Self.persons(rows.map(\.1), query, call)
        if let purpose = query.purpose { call.note("purpose", .string(purpose.rawValue)) }
        let lines: [[String?]] = rows.map { row in
            let keeper = organizations.byID[row.5]?.keptAt
            let place = organizations.written(row.5) {
                $0.keptAt == keeper && $0.kind.hasMembers && !$0.isEnded
            }
            return (persons[row.1] ?? ["*", nil, nil, nil, nil]) + [
                place, row.3.labelZh, row.2.description, row.7?.description, row.6.description,
            ]
        }
        return ExportPage(
            lines: lines, subjects: rows.map(\.0),
            next: rows.count < RegisterQuery.portion ? nil : rows.last.map { [$0.0.description] })
    }

    /// The first five columns of each person.
    private static func persons(
        _ ids: [RecordID], _ query: RegisterQuery, _ call: Call
    ) throws -> [RecordID: [String?]] {
        guard query.purpose != nil else {
            return try PeopleIndex.persons(ids, call).mapValues { [MaskedName.of($0.nameZh), nil, nil, nil, nil] }
        }
        return try RegisterPeople.whole(ids, call).mapValues { person in
            [person.nameZh, person.documentNumber, person.sexZh, person.birthDate?.description, person.phone]
        }
    }
}
