internal import XinglinKit

/// `people.staff`: the acting site's staff, with whole documents, as the import of that name takes them.
struct StaffExport: BulkExport {
    static let kind = "people.staff"
    static let summary = StaffImport.summary
    static let access = StaffImport.access
    static let columns = StaffImport.columns.map { ExportColumn($0) }
    static let basis: String? = Purpose.administration.rawValue

    private typealias Columns = (
        RecordID, String, StaffTitle, LocalDate, String?, RecordID, RecordID, String, Sex, LocalDate?, SQLBytes?,
        SQLBytes?, Int64, RecordID?, DocumentKind?, SQLBytes?, String?
    )

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let rows = try call.db.query(
            ExportStore.staff(site: call.site.id, after: PersonExport.place(last), limit: PersonExport.portion),
            as: Columns.self)
        var subjects: [RecordID] = []
        let lines = try rows.map { row in
            let card = try PersonCard(
                (
                    row.5, row.6, row.7, row.8, row.9, row.10, row.11, row.12, row.13, row.14, row.15, row.16
                ), unmasked: true, call)
            subjects.append(card.personId)
            let rights = (row.4 ?? "").split(separator: " ").compactMap { StaffRight(rawValue: String($0))?.labelZh }
            return PersonExport.fields(card) + [
                row.1, row.2.labelZh, rights.joined(separator: ";"), row.3.description,
            ]
        }
        return ExportPage(
            lines: lines, subjects: subjects,
            next: rows.count < PersonExport.portion ? nil : rows.last.map { [$0.0.description] })
    }
}
