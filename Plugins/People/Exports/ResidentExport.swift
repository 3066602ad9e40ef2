internal import XinglinKit

/// `people.residents`: the persons registered at the acting site, with whole documents, as the import of that name takes them.
struct ResidentExport: BulkExport {
    static let kind = "people.residents"
    static let summary = ResidentImport.summary
    static let access = ResidentImport.access
    static let columns = PersonExport.columns
    static let basis: String? = Purpose.publicHealth.rawValue

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let rows = try call.db.query(
            ExportStore.residents(site: call.site.id, after: PersonExport.place(last), limit: PersonExport.portion),
            as: PersonCard.Columns.self)
        let cards = try rows.map { try PersonCard($0, unmasked: true, call) }
        return ExportPage(
            lines: cards.map(PersonExport.fields), subjects: cards.map(\.personId),
            next: rows.count < PersonExport.portion ? nil : rows.last.map { [$0.0.description] })
    }
}
