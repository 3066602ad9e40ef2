internal import XinglinKit

/// `membership.dues.summary`
struct SummarizeDues: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let from: String
        let until: String
    }

    struct Reply: Codable, Sendable {
        let sums: DuesSums
        let voluntaryFen: Int64
        let forCentreFen: Int64
        let months: [Line]
    }

    struct Line: Codable, Sendable {
        let organizationId: RecordID
        let month: CalendarMonth
        let state: DuesMonthState
        let sums: DuesSums
    }

    static let name = "membership.dues.summary"
    static let summary = """
        Sums the dues of an organisation and all below it from one month to another, by branch and month (DUES): due and excess are paid, \
        waived and arrears. `membership.duesLine.list` shows the lines of each. Of the readable sites alone.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let lane = Lane.batch
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."),
        .required("from", CalendarMonth.schema, "The first month, YYYY-MM."),
        .required("until", CalendarMonth.schema, "The last month, at most three years later."))
    static let reply = Schema.object(
        .required("sums", DuesSums.schema, "The sums of all."),
        .required("voluntaryFen", .fen, "What members gave beyond their dues in these months."),
        .required("forCentreFen", .fen, "What of that goes to the centre (DUES centralFen)."),
        .required(
            "months",
            .array(
                .object(
                    .required("organizationId", .id, "The branch."),
                    .required("month", CalendarMonth.schema, "The month."),
                    .required("state", .enumeration(DuesMonthState.codes), "open or closed."),
                    .required("sums", DuesSums.schema, "Its sums, back-payments included.")), 0...1_000_000),
            "Each branch and month that was opened, by month."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let (from, until) = try DuesPeriod.read(params.from, params.until)
        guard !(try call.db.rows(OrganizationStore.latest(params.organizationId)).isEmpty) else {
            throw MembershipFault.notFound("organizationId", params.organizationId)
        }
        return try Self.sum(params.organizationId, from: from, through: until, call)
    }

    /// Shared with the yearly publication.
    static func sum(_ root: RecordID, from: CalendarMonth, through: CalendarMonth, _ call: Call) throws -> Reply {
        let results = try call.db.batch([
            Statement(DuesFigures.sums(root, from: from, through: through)),
            Statement(DuesFigures.gifts(root, from: from, through: through)),
        ])
        let rows = try results[0].decode(
            as: (RecordID, CalendarMonth, Bool, Int, Int64, Int64, Int64, Int64, Int64, Int64).self)
        let months = rows.map { row in
            Line(
                organizationId: row.0, month: row.1, state: row.2 ? .closed : .open,
                sums: DuesSums(
                    lines: row.3, dueFen: row.4, waivedFen: row.5, paidFen: row.6, laterFen: row.7, arrearsFen: row.8,
                    excessFen: row.9))
        }
        let (_, voluntary, centre) = try results[1].first(as: (Int, Int64, Int64).self) ?? (0, Int64(0), Int64(0))
        return Reply(
            sums: months.reduce(into: DuesSums()) { $0.add($1.sums) }, voluntaryFen: voluntary, forCentreFen: centre,
            months: months)
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(organizationId: Sample.committee, from: "2026-01", until: DuesSample.month)
        let line = Line(
            organizationId: Sample.branch, month: DuesSample.duesMonth, state: .closed, sums: DuesSums.sample)
        return Examples(
            full: (
                params, Reply(sums: DuesSums.sample, voluntaryFen: 100_000, forCentreFen: 100_000, months: [line])
            ), minimal: (params, Reply(sums: DuesSums(), voluntaryFen: 0, forCentreFen: 0, months: [])))
    }
}
