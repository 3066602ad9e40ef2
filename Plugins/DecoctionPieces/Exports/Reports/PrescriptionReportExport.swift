internal import XinglinKit

/// `decoction.prescriptionReport`: everything that decoction.report.prescriptions counts, with a column of its own for each figure.
struct PrescriptionReportExport: BulkExport {
    static let kind = "decoction.prescriptionReport"
    static let summary = LocalizedText(
        zh: "处方审核报表：每行一件事，各列合计等于报表数字；不含患者信息",
        en: "Prescription report: each line is an event, the columns add up to the figures; nothing of patients")
    static let access = ReportPart.readers
    static let params = ReportPeriod.exportParams
    static let columns =
        [
            ExportColumn("on", .init(zh: "日期", en: "Day")),
            ExportColumn("prescriptionId", .init(zh: "处方编号", en: "Prescription")),
            ExportColumn("rule", .init(zh: "规则", en: "Rule")),
            ExportColumn("severity", .init(zh: "级别", en: "Severity")),
            ExportColumn("staffId", .init(zh: "人员编号", en: "Member of staff")),
            ExportColumn("accountId", .init(zh: "账号编号", en: "Account")),
        ] + Self.figures.map { ExportColumn($0.0.rawValue, .init(zh: $0.1, en: $0.2)) }

    private static let figures: [(LineFigure, String, String)] = [
        (.submitted, "提交", "Submitted"), (.approved, "审核通过", "Approved"), (.refused, "审核拒绝", "Refused"),
        (.withdrawn, "撤回", "Withdrawn"), (.found, "规则提示", "Found"), (.refusedUnder, "拒绝时的规则提示", "Refused under"),
        (.signed, "二次签名", "Signed"),
    ]

    private static let portion = 1000

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        var start = PrescriptionReportStore.Cursor()
        if let last, last.count == 4, let event = RecordID(last[1]) {
            start = .init(figure: last[0], event: event, rule: last[2], severity: last[3])
        }
        let asked = try Asked(ReportPeriod.days(params, call), call)
        let rows = try call.db.rows(
            PrescriptionReportStore.lines(asked, .init(), after: start, limit: Self.portion))
        let lines = rows.text.map { row -> [String?] in
            [row[7], row[4], row[2], row[3], row[5], row[6]]
                + Self.figures.map { row[0] == $0.0.rawValue ? "1" : nil }
        }
        let end =
            rows.count < Self.portion ? nil : try rows.last.first(as: (String, RecordID, String?, String?).self)
        return ExportPage(
            lines: lines, next: end.map { [$0.0, $0.1.description, $0.2 ?? "", $0.3 ?? ""] })
    }
}
