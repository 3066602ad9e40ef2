internal import XinglinKit

/// `decoction.period.list`
struct ListPeriods: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let periods: RowList<Period>
        var next: String?
    }

    struct Period: Codable, Sendable {
        let month: LocalDate
        let closedAt: Timestamp
        let accountId: RecordID
        let lots: Int64
        let valueFen: Int64
    }

    static let name = "decoction.period.list"
    static let summary = "Lists the closed months, the latest first, with what lay there at their end."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "periods",
            .array(
                .object(
                    .required("month", .date, "The first day of the month."),
                    .required("closedAt", .timestamp, "When it was closed."),
                    .required("accountId", .id, "By whom."),
                    .required("lots", .integer(0...Int64.max), "How many lots there were at its end."),
                    .required("valueFen", .integer(0...Int64.max), "What they cost, in fen.")),
                0...500), "The months of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let start = try page.after(0) ?? call.today.adding(days: 1)
        let found = try call.db.rows(
            PeriodStore.list(site: call.site.id, before: start, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: LocalDate.self) : nil
        return Reply(
            periods: .json(rows.json(PeriodStore.columns)), next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let month = Sample.instant.localDate.firstOfMonth
        let period = Period(
            month: month, closedAt: Sample.instant, accountId: Sample.account, lots: 398, valueFen: 2_713_600)
        return Examples(
            full: (
                Params(limit: 1, after: Sample.instant.localDate.description),
                Reply(periods: .elements([period]), next: month.description)
            ), minimal: (Params(), Reply(periods: .elements([]))))
    }
}
