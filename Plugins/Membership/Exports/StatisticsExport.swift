internal import XinglinKit

/// `membership.statistics`: the figures of a tree on a day, a line for each organisation: what it has itself, and with all below it. The
/// columns of what they have themselves add up to the root's totals, and these to membership.statistics.count.
struct StatisticsExport: BulkExport {
    static let kind = "membership.statistics"
    static let summary = LocalizedText(
        zh: "党组织统计表：每行一个党组织", en: "Statistics: each line is a Party organisation with its members and candidates")
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation, with what stands below it."), RegisterQuery.asOf)
    static let columns: [ExportColumn] =
        [
            ExportColumn("level", .init(zh: "层级", en: "Level")), ExportColumn("kind", .init(zh: "类别", en: "Kind")),
            ExportColumn("nameZh", .init(zh: "名称", en: "Name")),
            ExportColumn("organizationId", .init(zh: "编号", en: "Organisation")),
            ExportColumn("parentId", .init(zh: "上级编号", en: "Parent")),
            ExportColumn("asOf", .init(zh: "截至", en: "As of")),
        ]
        + Self.figures.flatMap { code, zh, en in
            [
                ExportColumn(code, .init(zh: zh, en: en)),
                ExportColumn(code + "Total", .init(zh: "\(zh)（含下级）", en: "\(en), with all below")),
            ]
        }

    private static let figures = [
        ("full", "正式党员", "Full members"), ("probationary", "预备党员", "Probationary members"),
        ("activists", "入党积极分子", "Activists"), ("developmentTargets", "发展对象", "Development targets"),
        ("applicants", "入党申请人", "Applicants"),
    ]

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let query = try RegisterQuery(params, call)
        guard let root = query.root else { throw MembershipFault.notFound("organizationId", RegisterQuery.first) }
        let table = try StatisticsTable(call.db.rows(RegisterStore.tree(root, on: query.day)))
        let lines: [[String?]] = table.lines.map { line in
            let own = Self.values(line.own)
            let total = Self.values(line.total)
            return [
                String(line.depth), line.kind.labelZh, line.nameZh, line.id.description, line.parentID?.description,
                query.day.description,
            ] + zip(own, total).flatMap { [String($0), String($1)] }
        }
        return ExportPage(lines: lines, next: nil)
    }

    private static func values(_ figures: StatisticsTable.Figures) -> [Int] {
        [figures.full, figures.probationary, figures.activists, figures.developmentTargets, figures.applicants]
    }
}
