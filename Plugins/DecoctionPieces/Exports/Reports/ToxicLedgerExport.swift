internal import XinglinKit

/// `decoction.toxicLedger`: the entries of the separate ledger of toxic and narcotic pieces, as decoction.report.toxicLedger lists them.
struct ToxicLedgerExport: BulkExport {
    static let kind = "decoction.toxicLedger"
    static let summary = LocalizedText(
        zh: "毒麻饮片专账：每行一笔，附单据、两人与结存", en: "Toxic ledger: each line is an entry with document, two persons and balance")
    static let access = ReportToxicLedger.access
    static let params = ReportPeriod.exportParams
    static let columns = Self.cells.map(\.column)

    private static let cells = [
        ReportColumn("pieceCode", "饮片代码", "Piece code", 0), ReportColumn("pieceName", "饮片名称", "Piece", 15, .typed),
        ReportColumn("bookedOn", "记账日期", "Booked on", 1), ReportColumn("seq", "流水号", "Movement", 2),
        ReportColumn("kind", "类别", "Kind", 16), ReportColumn("documentId", "单据编号", "Document", 5),
        ReportColumn("prescriptionId", "处方编号", "Prescription", 6),
        ReportColumn("batchNumber", "批号", "Batch number", 8, .typed),
        ReportColumn("quantityG", "收发数量（克）", "Quantity (g)", 10, .grams),
        ReportColumn("balanceG", "结存（克）", "Balance (g)", 11, .grams),
        ReportColumn("accountId", "经手账号", "Account", 12),
        ReportColumn("secondAccountId", "第二人账号", "Second account", 13),
        ReportColumn("secondStaffId", "复核人员", "Second member of staff", 14),
    ]

    private static let portion = 1000

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        var start = ToxicLedgerStore.Cursor()
        if let last, last.count == 3, let day = LocalDate(last[1]), let seq = Int64(last[2]) {
            start = .init(piece: last[0], bookedOn: day, seq: seq)
        }
        let asked = try Asked(ReportPeriod.days(params, call), call)
        let rows = try call.db.rows(
            ToxicLedgerStore.entries(asked, piece: nil, after: start, limit: Self.portion))
        let end = rows.count < Self.portion ? nil : try rows.last.first(as: (String, LocalDate, Int64).self)
        return ExportPage(
            lines: ReportColumn.lines(rows, Self.cells), next: end.map { [$0.0, $0.1.description, String($0.2)] })
    }
}
