internal import XinglinKit

/// `membership.development.page`
struct DevelopmentPage: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
    }

    struct Reply: Codable, Sendable {
        let html: String
        let applicants: Int
        let activists: Int
        let developmentTargets: Int
    }

    static let name = "membership.development.page"
    static let summary = """
        Gives the overview of an organisation's applicants, activists and development targets with all below it on a day as a page to print \
        (A4), with what was done last and what comes next; names masked unless a purpose is named.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .optional("asOf", .date, "The day, today or earlier; today unless told."), GetMember.Unmask.field)
    static let reply = Schema.object(
        .required("html", .opaque(1...1_000_000), "A page of HTML that needs nothing else."),
        .required("applicants", .integer(0...1_000_000), "Applicants on it."),
        .required("activists", .integer(0...1_000_000), "Activists on it."),
        .required("developmentTargets", .integer(0...1_000_000), "Development targets on it."))
    static let faults = [MembershipFault.organizationEnded, RegisterFault.pageTooLong]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        guard day <= call.today else { throw MembershipFault.future("/asOf") }
        let one = try Organizations.readable(params.organizationId, on: day, call)
        let results = try call.db.batch([
            Statement(RegisterStore.tree(one.id, on: day)),
            Statement(
                RegisterStore.candidates(
                    of: one.id, on: day, after: RegisterQuery.first, limit: PrintedPage.mostRows + 1)),
        ])
        let table = try StatisticsTable(results[0])
        let total = table.lines.first?.total ?? .init()
        let rows = try CandidateRow.read(results[1], call)
        let persons = try PeopleIndex.persons(rows.map(\.person), call)
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: rows.map(\.id))
        if params.unmask != nil { call.note("unmasked", true) }
        let page = DevelopmentOverview(
            siteZh: try call.site.nameZh, nameZh: one.nameZh, day: day, table: table,
            candidates: rows.map { .init(row: $0, person: persons[$0.person]) }, purpose: params.unmask?.purpose
        ).page
        guard rows.count <= PrintedPage.mostRows, page.utf8.count <= PrintedPage.mostBytes else {
            throw RegisterFault.tooLong(total.candidates, most: PrintedPage.mostRows, table) { $0.candidates }
        }
        return Reply(
            html: page, applicants: total.applicants, activists: total.activists,
            developmentTargets: total.developmentTargets)
    }

    static var examples: Examples<Params, Reply> {
        let line = StatisticsTable.Line(
            id: Sample.branch, parentID: nil, kind: .branch, nameZh: "甲字镇中心卫生院党支部", own: .init())
        let overview = DevelopmentOverview(
            siteZh: "甲字镇卫生院", nameZh: line.nameZh, day: Sample.today, table: StatisticsTable([line]), candidates: [],
            purpose: nil)
        let reply = Reply(html: overview.page, applicants: 0, activists: 0, developmentTargets: 0)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, asOf: Sample.today,
                    unmask: GetMember.Unmask(purpose: .development)), reply
            ), minimal: (Params(organizationId: Sample.branch), reply))
    }
}
