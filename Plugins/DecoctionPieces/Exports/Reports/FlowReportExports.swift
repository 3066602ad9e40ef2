internal import XinglinKit

/// `decoction.movementReport`: what there was, came, went and is left of each piece; it adds up to decoction.report.movements.
struct MovementReportExport: BulkExport {
    static let kind = "decoction.movementReport"
    static let summary = LocalizedText(
        zh: "收发存报表：每行一种饮片的期初、收入、发出、期末", en: "Movement report: each line is a piece with opening, in, out and closing")
    static let access = ReportPart.readers
    static let params = ReportPeriod.exportParams
    static let columns = Self.cells.map(\.column)

    private static let cells = [
        ReportColumn("pieceCode", "饮片代码", "Piece code", 0), ReportColumn("pieceName", "饮片名称", "Piece", 1, .typed),
        ReportColumn("openingG", "期初数量（克）", "Opening (g)", 2, .grams),
        ReportColumn("openingYuan", "期初金额（元）", "Opening (yuan)", 3, .yuan),
        ReportColumn("inG", "收入数量（克）", "In (g)", 4, .grams), ReportColumn("inYuan", "收入金额（元）", "In (yuan)", 5, .yuan),
        ReportColumn("outG", "发出数量（克）", "Out (g)", 6, .grams),
        ReportColumn("outYuan", "发出金额（元）", "Out (yuan)", 7, .yuan),
        ReportColumn("closingG", "期末数量（克）", "Closing (g)", 8, .grams),
        ReportColumn("closingYuan", "期末金额（元）", "Closing (yuan)", 9, .yuan),
    ]

    private static let portion = 1000

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let asked = try Asked(ReportPeriod.days(params, call), call)
        let rows = try call.db.rows(
            FlowStore.pieces(asked, piece: nil, after: last?.first ?? "", limit: Self.portion))
        let end = rows.count < Self.portion ? nil : try rows.last.first(as: String.self)
        return ExportPage(lines: ReportColumn.lines(rows, Self.cells), next: end.map { [$0] })
    }
}

/// `decoction.turnoverReport`: how fast each piece goes out; it adds up to decoction.report.turnover.
struct TurnoverReportExport: BulkExport {
    static let kind = "decoction.turnoverReport"
    static let summary = LocalizedText(
        zh: "周转报表：每行一种饮片的出库、平均库存与周转", en: "Turnover report: each line is a piece with what was issued and how fast")
    static let access = ReportPart.readers
    static let params = ReportPeriod.exportParams
    static let columns = Self.cells.map(\.column)

    private static let cells = [
        ReportColumn("pieceCode", "饮片代码", "Piece code", 0), ReportColumn("pieceName", "饮片名称", "Piece", 1, .typed),
        ReportColumn("openingG", "期初数量（克）", "Opening (g)", 2, .grams),
        ReportColumn("openingYuan", "期初金额（元）", "Opening (yuan)", 3, .yuan),
        ReportColumn("closingG", "期末数量（克）", "Closing (g)", 4, .grams),
        ReportColumn("closingYuan", "期末金额（元）", "Closing (yuan)", 5, .yuan),
        ReportColumn("issuedG", "出库数量（克）", "Issued (g)", 6, .grams),
        ReportColumn("issuedYuan", "出库金额（元）", "Issued (yuan)", 7, .yuan),
        ReportColumn("turns", "周转次数", "Turns", 9), ReportColumn("daysOfStock", "库存可用天数", "Days of stock", 10),
        ReportColumn("idle", "期内未动销", "Idle", 8, .flag),
    ]

    private static let portion = 1000

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let asked = try Asked(ReportPeriod.days(params, call), call)
        let rows = try call.db.rows(
            FlowStore.turnover(asked, idleOnly: false, after: last?.first ?? "", limit: Self.portion))
        let end = rows.count < Self.portion ? nil : try rows.last.first(as: String.self)
        return ExportPage(lines: ReportColumn.lines(rows, Self.cells), next: end.map { [$0] })
    }
}

/// `decoction.lossReport`: every movement by which something was lost, or a loss taken back; it adds up to decoction.report.loss.
struct LossReportExport: BulkExport {
    static let kind = "decoction.lossReport"
    static let summary = LocalizedText(
        zh: "损耗报表：每行一笔盘亏或报损，冲正为负数",
        en: "Loss report: each line is a shortage or a disposal; what was taken back is negative")
    static let access = ReportPart.readers
    static let params = ReportPeriod.exportParams
    static let columns = Self.cells.map(\.column)

    private static let cells = [
        ReportColumn("bookedOn", "记账日期", "Booked on", 6), ReportColumn("pieceCode", "饮片代码", "Piece code", 4),
        ReportColumn("pieceName", "饮片名称", "Piece", 10, .typed),
        ReportColumn("batchNumber", "批号", "Batch number", 11, .typed),
        ReportColumn("figure", "类别", "Figure", 12), ReportColumn("reason", "原因", "Reason", 13, .typed),
        ReportColumn("lossG", "损耗数量（克）", "Loss (g)", 7, .grams),
        ReportColumn("lossYuan", "损耗金额（元）", "Loss (yuan)", 8, .yuan), ReportColumn("documentId", "单据编号", "Document", 1),
        ReportColumn("lotId", "批次编号", "Lot", 2), ReportColumn("seq", "流水号", "Movement", 0),
    ]

    private static let portion = 1000

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let asked = try Asked(ReportPeriod.days(params, call), call)
        let start = last?.first.flatMap { Int64($0) } ?? 0
        let rows = try call.db.rows(
            MovementLineStore.lines(asked, .init(figure: .loss), after: start, limit: Self.portion))
        let end = rows.count < Self.portion ? nil : try rows.last.first(as: Int64.self)
        return ExportPage(lines: ReportColumn.lines(rows, Self.cells), next: end.map { [String($0)] })
    }
}
