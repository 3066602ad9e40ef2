internal import XinglinKit

/// `decoction.climate.missing`
struct MissingClimate: RPCMethod {
    struct Params: Codable, Sendable {
        var from: LocalDate?
        var to: LocalDate?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let missing: RowList<Gap>
        var next: String?
    }

    struct Gap: Codable, Sendable {
        let day: LocalDate
        let locationId: RecordID
        let climate: StoreClimate
        let missing: Int
    }

    static let name = "decoction.climate.missing"
    static let summary = "Lists the days and watched places with fewer readings than two a day, one in each half (8.2)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .optional("from", .date, "The first day; a week before the last unless told."),
            .optional("to", .date, "The last day; yesterday unless told. At most 366 days in all."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "missing",
            .array(
                .object(
                    .required("day", .date, "The day."),
                    .required("locationId", .id, "The place; the main store has the site's own id."),
                    .required("climate", .enumeration(StoreClimate.codes), "What it is kept at."),
                    .required("missing", .integer(1...24), "In how many parts of the day nothing was read.")),
                0...500), "The gaps of this page, by day."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let last = params.to ?? call.today.adding(days: -1)
        let first = params.from ?? last.adding(days: -6)
        guard first <= last, last.daysSince1970 - first.daysSince1970 < 366 else {
            throw Fault.invalid("/from", expected: "a day at most 366 days before to", zh: "不晚于 to 且相距不超过 366 天的日期")
        }
        let site = try call.site.id
        let found = try call.db.rows(
            ClimateStore.missing(
                try ClimateRule(call).wanted(from: first, to: last), site: site,
                after: page.after(0) ?? LocalDate(daysSince1970: 0), page.after(1) ?? RecordID(high: 0, low: 0),
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let end = hasMore ? try rows.last.first(as: (LocalDate, RecordID).self) : nil
        return Reply(
            missing: .json(rows.json(ClimateStore.missingColumns)),
            next: end.map { Page.cursor($0.description, $1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let day = Sample.instant.localDate
        let cursor = Page.cursor(day.description, Sample.location.description)
        return Examples(
            full: (
                Params(from: day.adding(days: -30), to: day, limit: 1, after: cursor),
                Reply(
                    missing: .elements([Gap(day: day, locationId: Sample.location, climate: .cool, missing: 1)]),
                    next: cursor)
            ), minimal: (Params(), Reply(missing: .elements([]))))
    }
}
