internal import XinglinKit

/// `decoction.stockReport`: what lay where at the end of a day; weights and money add up to decoction.report.stock.
struct StockReportExport: BulkExport {
    static let kind = "decoction.stockReport"
    static let summary = LocalizedText(
        zh: "库存报表：每行一个批次在一处的结存，合计等于报表数字", en: "Stock report: each line is a lot at a place; they add up to the report")
    static let access = ReportPart.readers
    static let params = ReportPeriod.dayExportParams
    static let columns = Self.cells.map(\.column)

    private static let cells = StockLines.cells

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        try StockLines.page(after: last, params: params, Self.cells, call)
    }
}

/// `decoction.expiryReport`: the same by when it expires; it adds up to decoction.report.expiry.
struct ExpiryReportExport: BulkExport {
    static let kind = "decoction.expiryReport"
    static let summary = LocalizedText(
        zh: "效期报表：每行一个批次在一处的结存及其到期月份",
        en: "Expiry report: each line is a lot at a place with the month in which it expires")
    static let access = ReportPart.readers
    static let params = ReportPeriod.dayExportParams
    static let columns = Self.cells.map(\.column)

    private static let cells =
        StockLines.cells + [
            ReportColumn("expiryMonth", "到期月份", "Month of expiry", 12),
            ReportColumn("expired", "已过期", "Expired", 11, .flag),
        ]

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        try StockLines.page(after: last, params: params, Self.cells, call)
    }
}

/// What both list.
private enum StockLines {
    static let cells = [
        ReportColumn("pieceCode", "饮片代码", "Piece code", 0), ReportColumn("pieceName", "饮片名称", "Piece", 7, .typed),
        ReportColumn("storageClass", "储存类别", "Storage class", 8),
        ReportColumn("locationName", "存放位置", "Place", 9, .typed),
        ReportColumn("batchNumber", "批号", "Batch number", 10, .typed),
        ReportColumn("expiresOn", "有效期至", "Expires on", 5),
        ReportColumn("quantityG", "数量（克）", "Quantity (g)", 3, .grams),
        ReportColumn("valueYuan", "金额（元）", "Value (yuan)", 4, .yuan), ReportColumn("lotId", "批次编号", "Lot", 1),
        ReportColumn("locationId", "位置编号", "Place id", 2),
    ]

    private static let portion = 1000

    static func page(
        after last: [String]?, params: JSONValue, _ cells: [ReportColumn], _ call: Call
    ) throws -> ExportPage {
        var start = BalanceStore.Cursor()
        if let last, last.count == 3, let lot = RecordID(last[1]), let place = RecordID(last[2]) {
            start = .init(piece: last[0], lot: lot, location: place)
        }
        let asked = try Asked(ReportPeriod.day(params, call), call).atEnd
        let rows = try call.db.rows(BalanceStore.lines(asked, after: start, limit: Self.portion))
        let end = rows.count < Self.portion ? nil : try rows.last.first(as: (String, RecordID, RecordID).self)
        return ExportPage(
            lines: ReportColumn.lines(rows, cells), next: end.map { [$0.0, $0.1.description, $0.2.description] })
    }
}
