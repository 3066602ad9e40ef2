internal import XinglinKit

/// `membership.development`: who is on the way to membership on a day, with what was done last and what comes next; names masked.
struct DevelopmentExport: BulkExport {
    static let kind = "membership.development"
    static let summary = LocalizedText(
        zh: "发展党员一览表：每行一名申请人、积极分子或发展对象", en: "Development overview: each line is a candidate")
    static let access = MembershipAccess.officers
    static let params = Schema.object(RegisterQuery.organization, RegisterQuery.asOf)
    static let basis: String? = "partyRegister"
    static let columns = [
        ExportColumn("candidateId", .init(zh: "编号", en: "Candidate")),
        ExportColumn("name", .init(zh: "姓名", en: "Name")),
        ExportColumn("stage", .init(zh: "类别", en: "Stage")), ExportColumn("status", .init(zh: "状态代码", en: "Status")),
        ExportColumn("lastStep", .init(zh: "已完成", en: "Last step")), ExportColumn("since", .init(zh: "自", en: "Since")),
        ExportColumn("organization", .init(zh: "党组织", en: "Organisation")),
        ExportColumn("nextStep", .init(zh: "下一步", en: "Next step")),
    ]

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let query = try RegisterQuery(params, call)
        let found = try call.db.rows(
            RegisterStore.candidates(
                of: query.root, on: query.day, after: RegisterQuery.place(last), limit: RegisterQuery.portion))
        let rows = try CandidateRow.read(found, call)
        let persons = try PeopleIndex.persons(rows.map(\.person), call)
        let organizations = try RegisterBench.organizations(
            call.db.rows(RegisterStore.organizations(on: query.day)))
        let lines: [[String?]] = rows.map { row in
            [
                row.id.description, persons[row.person].map { MaskedName.of($0.nameZh) } ?? "*", row.stage.labelZh,
                row.status, row.ahead.lastZh, row.since.description, organizations.byID[row.organization]?.nameZh,
                row.ahead.nextZh,
            ]
        }
        let isLast = found.count < RegisterQuery.portion
        return ExportPage(
            lines: lines, subjects: rows.map(\.id), next: isLast ? nil : rows.last.map { [$0.id.description] })
    }
}
