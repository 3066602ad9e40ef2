internal import XinglinKit

/// The reasons about imports, exports and pages of the register: 1260 to 1269.
enum RegisterFault {
    static let pageTooLong = FaultKind(
        "membership.pageTooLong", code: 1260,
        message: .init(zh: "人数过多，一页打印不下", en: "There are too many people for one page to print"),
        hint: .init(
            zh: "details.parts 列出下级组织及各自人数，请分别打印；也可用 exports.begin 导出",
            en: "details.parts names the organisations below with their numbers: print them one by one, or export"))

    static let all = [pageTooLong]

    /// The refusal of a page, with the parts of the tree that may be printed instead.
    static func tooLong(_ rows: Int, most: Int, _ table: StatisticsTable, count: (StatisticsTable.Figures) -> Int)
        -> Fault
    {
        let parts = table.lines.filter { $0.depth == 1 && count($0.total) > 0 }.prefix(100).map { line in
            JSONValue.object([
                "organizationId": .string(line.id.description), "nameZh": .string(line.nameZh),
                "rows": .integer(Int64(count(line.total))),
            ])
        }
        return Self.pageTooLong.fault([
            "rows": .integer(Int64(rows)), "most": .integer(Int64(most)), "parts": .array(Array(parts)),
        ])
    }
}
