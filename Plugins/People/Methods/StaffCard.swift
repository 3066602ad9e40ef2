internal import XinglinKit

/// A member of staff as a reply shows it.
struct StaffCard: Codable, Sendable {
    let staffId: RecordID
    let personId: RecordID
    let nameZh: String
    let departmentId: RecordID
    let departmentCode: String
    let departmentZh: String
    let title: StaffTitle
    let titleZh: String
    let rights: [StaffRight]
    let employedOn: LocalDate
    var leftOn: LocalDate?
    let version: Int64

    static let schema = Schema.object(
        .required("staffId", .id, "The member of staff."),
        .required("personId", .id, "The person."),
        .required("nameZh", .text(1...60), "The name."),
        .required("departmentId", .id, "The department."),
        .required("departmentCode", .code(1...20), "Its code."),
        .required("departmentZh", .text(1...60), "Its name."),
        .required("title", .enumeration(StaffTitle.codes), "The professional title."),
        .required("titleZh", .text(1...20), "The same in Chinese."),
        .required("rights", .array(.enumeration(StaffRight.codes), 0...20), "What they may do today."),
        .required("employedOn", .date, "The first day."),
        .optional("leftOn", .date, "The last day, where the employment has ended."),
        .required("version", .integer(1...Int64.max), "Name it to people.staff.update."))

    /// A row of `StaffStore.list` and `many`.
    typealias Columns = (
        RecordID, RecordID, RecordID, String, RecordID, String, String, StaffTitle, LocalDate, LocalDate?, Int64,
        String?
    )

    init(_ row: Columns) {
        self.staffId = row.0
        self.personId = row.2
        self.nameZh = row.3
        self.departmentId = row.4
        self.departmentCode = row.5
        self.departmentZh = row.6
        self.title = row.7
        self.titleZh = row.7.labelZh
        self.employedOn = row.8
        self.leftOn = row.9
        self.version = row.10
        self.rights = (row.11 ?? "").split(separator: " ").compactMap { StaffRight(rawValue: String($0)) }
    }

    static let sample = StaffCard(
        (
            Sample.staff, Sample.person, Sample.person, "张三", Sample.department, "ZYF", "中药房", .tcmPharmacist,
            Sample.instant.localDate.adding(days: -365), Sample.instant.localDate, 2, "dispensing toxicDrugs"
        ))
}
