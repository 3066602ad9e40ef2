internal import XinglinKit

/// `decoction.stock`: what is on hand, a line for each batch, as the import of opening stock takes it. Rejected lots are left out;
/// lots that await acceptance and expired ones are in it.
struct StockExport: BulkExport {
    static let kind = "decoction.stock"
    static let summary = LocalizedText(zh: "库存：每行一个批次的在库饮片", en: "Stock: each line is one batch of a piece on hand")
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let columns = [
        "pieceCode", "pieceName", "batchNumber", "supplierLicence", "supplierName", "producedOn", "expiresOn",
        "quantityG", "unitCostYuanPerKg",
    ].compactMap { code in OpeningStockImport.columns.first { $0.code == code }.map { ExportColumn($0) } }

    private static let portion = 1000
    private typealias Columns = (String, String, String, LocalDate, LocalDate, Int64, String, String, Int64)

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let rows = try call.db.query(
            StockExportStore.list(site: call.site.id, after: Self.place(last), limit: Self.portion), as: Columns.self)
        let lines: [[String?]] = rows.map { row in
            [
                row.0, row.6, row.2, row.1, row.7, row.3.description, row.4.description,
                DecimalText.written(row.8, decimals: 3), DecimalText.written(row.5, decimals: 2),
            ]
        }
        let end = rows.count < Self.portion ? nil : rows.last
        return ExportPage(
            lines: lines,
            next: end.map { [$0.0, $0.1, $0.2, $0.3.description, $0.4.description, String($0.5)] })
    }

    private static func place(_ last: [String]?) -> StockExportStore.Place {
        guard let last, last.count == 6, let produced = LocalDate(last[3]), let expires = LocalDate(last[4]),
            let cost = Int64(last[5])
        else { return StockExportStore.Place() }
        return .init(
            piece: last[0], licence: last[1], batch: last[2], producedOn: produced, expiresOn: expires, cost: cost)
    }
}
