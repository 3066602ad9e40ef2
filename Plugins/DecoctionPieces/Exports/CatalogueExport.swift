internal import XinglinKit

/// `decoction.catalogue`: the county's catalogue, a line for each piece, as the import takes it. What is exported, imported and
/// exported again is the same byte for byte.
struct CatalogueExport: BulkExport {
    static let kind = "decoction.catalogue"
    static let summary = LocalizedText(zh: "饮片目录：每行一种饮片", en: "The catalogue: each line is one piece")
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let columns = CatalogueImport.columns.map { ExportColumn($0) }

    private static let portion = 500

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let contents = try CatalogueStore.contents(
            call.db.rows(CatalogueStore.contents(after: last?.first ?? "", limit: Self.portion)))
        let aliases = try AliasStore.aliases(call.db.rows(AliasStore.of(contents.map(\.code))))
        let lines = contents.map { content -> [String?] in
            [content.code] + PieceField.all.map { content.cell($0) } + [PieceAlias.text(aliases[content.code] ?? [])]
        }
        return ExportPage(
            lines: lines, next: contents.count < Self.portion ? nil : contents.last.map { [$0.code] })
    }
}
