internal import XinglinKit

/// `membership.duesLine.list`
struct ListDuesLines: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let month: String
        var withReversed: Bool?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let lines: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let memberId: RecordID
        let name: String
        let organizationId: RecordID
        let category: DuesCategory
        var baseFen: Int64?
        var rateBasisPoints: Int64?
        let unroundedFen: Int64
        let dueFen: Int64
        let waivedFen: Int64
        let paidFen: Int64
        let laterFen: Int64
        let arrearsFen: Int64
        let excessFen: Int64
        let version: Int
        let supplement: Bool
        var closedArrearsFen: Int64?
        var exemptionId: RecordID?
        var reversedBecause: String?
    }

    static let name = "membership.duesLine.list"
    static let summary = """
        Lists what each member owes for a month, of a branch or of all branches below an organisation: the lines that \
        `membership.dues.summary` sums up (DUES). Due and excess are paid, waived and arrears. Names are masked unless a purpose is named.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .required("organizationId", .id, "The branch, or an organisation above it."),
            .required("month", CalendarMonth.schema, "The month, YYYY-MM."),
            .optional(
                "withReversed", .boolean,
                "Whether supplements stand here too that were taken back (`membership.dues.reverseSupplement`); false unless told."
            ), GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("lines", .array(Self.line, 0...500), "The lines of this page, by member."), Schema.pageReply)

    private static let line = Schema.object(
        .required("memberId", .id, "The member."),
        .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
        .required("organizationId", .id, "The branch."),
        .required("category", .enumeration(DuesCategory.codes), "As what the member pays."),
        .optional("baseFen", .fen, "The base; absent where the amount is fixed."),
        .optional("rateBasisPoints", .integer(1...1000), "The rate of the whole base, in hundredths of a percent."),
        .required("unroundedFen", .fen, "Before rounding, in whole fen."), .required("dueFen", .fen, "What is due."),
        .required("waivedFen", .fen, "What of it is waived."), .required("paidFen", .fen, "What was paid in all."),
        .required("laterFen", .fen, "Of that: after the month was closed."),
        .required("arrearsFen", .fen, "What is still to be paid."),
        .required("excessFen", .fen, "What was paid beyond what is owed now; 0 in closed months."),
        .required("version", .integer(1...100_000), "How often it was assessed anew."),
        .required("supplement", .boolean, "Whether it came when the month was closed."),
        .optional("closedArrearsFen", .fen, "What was not paid when the month was closed."),
        .optional("exemptionId", .id, "The reduction or waiver."),
        .optional("reversedBecause", .text(1...200), "Why the supplement was taken back: nothing is due any more."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try CalendarMonth.read(params.month, at: "/month")
        guard !(try call.db.rows(OrganizationStore.latest(params.organizationId)).isEmpty) else {
            throw MembershipFault.notFound("organizationId", params.organizationId)
        }
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last: RecordID = try page.after(0) ?? RecordID(high: 0, low: 0)
        let sql = DuesFigures.lines(
            params.organizationId, month, withReversed: params.withReversed ?? false, after: last, limit: page.limit + 1
        )
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let found = try rows.decode(as: Columns.self)
        let persons = try PeopleIndex.persons(found.map(\.1), call)
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: found.map(\.0))
        if params.unmask != nil { call.note("unmasked", true) }
        let lines = found.map { row in
            let open = row.7 - row.8 - row.9
            let name = persons[row.1].map { params.unmask == nil ? MaskedName.of($0.nameZh) : $0.nameZh }
            return Line(
                memberId: row.0, name: name ?? "*", organizationId: row.2, category: row.3, baseFen: row.4,
                rateBasisPoints: row.5, unroundedFen: row.6, dueFen: row.7, waivedFen: row.8, paidFen: row.9,
                laterFen: row.10, arrearsFen: max(0, open), excessFen: max(0, -open), version: row.11,
                supplement: row.12,
                closedArrearsFen: row.13, exemptionId: row.14, reversedBecause: row.15)
        }
        return Reply(lines: lines, next: hasMore ? lines.last.map { Page.cursor($0.memberId.description) } : nil)
    }

    private typealias Columns = (
        RecordID, RecordID, RecordID, DuesCategory, Int64?, Int64?, Int64, Int64, Int64, Int64, Int64, Int, Bool,
        Int64?,
        RecordID?, String?
    )

    static var examples: Examples<Params, Reply> {
        let line = Line(
            memberId: Sample.member, name: "张*", organizationId: Sample.branch, category: .salaried, baseFen: 500_000,
            rateBasisPoints: 100, unroundedFen: 5000, dueFen: 5000, waivedFen: 0, paidFen: 5000, laterFen: 1000,
            arrearsFen: 0,
            excessFen: 0, version: 1, supplement: false, closedArrearsFen: 1000, exemptionId: DuesSample.exemption,
            reversedBecause: "当月已在原单位交纳")
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, month: DuesSample.month, withReversed: true,
                    unmask: .init(purpose: .dues), limit: 1,
                    after: Page.cursor(Sample.other.description)),
                Reply(lines: [line], next: Page.cursor(Sample.member.description))
            ), minimal: (Params(organizationId: Sample.branch, month: DuesSample.month), Reply(lines: [])))
    }
}
