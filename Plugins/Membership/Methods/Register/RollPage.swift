internal import XinglinKit

/// `membership.roll.page`
struct RollPage: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
    }

    struct Reply: Codable, Sendable {
        let html: String
        let full: Int
        let probationary: Int
    }

    static let name = "membership.roll.page"
    static let summary = """
        Gives the roll of an organisation's members with all below it on a day as a page to print (A4), organisation by organisation with \
        counts that add up; names masked unless a purpose is named.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .optional("asOf", .date, "The day, today or earlier; today unless told."), GetMember.Unmask.field)
    static let reply = Schema.object(
        .required("html", .opaque(1...1_000_000), "A page of HTML that needs nothing else."),
        .required("full", .integer(0...1_000_000), "Full members on it."),
        .required("probationary", .integer(0...1_000_000), "Probationary members on it."))
    static let faults = [MembershipFault.organizationEnded, RegisterFault.pageTooLong]

    private typealias Columns = (
        RecordID, RecordID, LocalDate, MemberStatus, LocalDate, RecordID, LocalDate, LocalDate?
    )

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        guard day <= call.today else { throw MembershipFault.future("/asOf") }
        let one = try Organizations.readable(params.organizationId, on: day, call)
        let results = try call.db.batch([
            Statement(RegisterStore.tree(one.id, on: day)),
            Statement(
                RegisterStore.members(
                    of: one.id, on: day, after: RegisterQuery.first, limit: PrintedPage.mostRows + 1)),
        ])
        let table = try StatisticsTable(results[0])
        let total = table.lines.first?.total ?? .init()
        guard results[1].count <= PrintedPage.mostRows else {
            throw RegisterFault.tooLong(total.members, most: PrintedPage.mostRows, table) { $0.members }
        }
        let rows = try results[1].decode(as: Columns.self)
        let persons = try PeopleIndex.persons(rows.map(\.1), call)
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: rows.map(\.0))
        if params.unmask != nil { call.note("unmasked", true) }
        let members = rows.map { row in
            Roll.Member(
                id: row.0, person: persons[row.1], status: row.3, fullFrom: row.7, joinedOn: row.2, organization: row.5)
        }
        let page = Roll(
            siteZh: try call.site.nameZh, nameZh: one.nameZh, day: day, table: table, members: members,
            purpose: params.unmask?.purpose
        ).page
        guard page.utf8.count <= PrintedPage.mostBytes else {
            throw RegisterFault.tooLong(total.members, most: PrintedPage.mostRows, table) { $0.members }
        }
        return Reply(html: page, full: total.full, probationary: total.probationary)
    }

    static var examples: Examples<Params, Reply> {
        let line = StatisticsTable.Line(
            id: Sample.branch, parentID: nil, kind: .branch, nameZh: "甲字镇中心卫生院党支部", own: .init(full: 1))
        let roll = Roll(
            siteZh: "甲字镇卫生院", nameZh: line.nameZh, day: Sample.today, table: StatisticsTable([line]),
            members: [
                Roll.Member(
                    id: Sample.member, person: nil, status: .full, fullFrom: Sample.joined.adding(years: 1),
                    joinedOn: Sample.joined, organization: Sample.branch)
            ], purpose: nil)
        let reply = Reply(html: roll.page, full: 1, probationary: 0)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, asOf: Sample.today,
                    unmask: GetMember.Unmask(purpose: .organizationWork)), reply
            ), minimal: (Params(organizationId: Sample.branch), reply))
    }
}
