internal import XinglinKit

/// `example.day.list`
struct ListDays: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let days: RowList<Day>
        var next: String?
    }

    struct Day: Codable, Sendable {
        let writtenOn: LocalDate
        let notes: Int64
    }

    static let name = "example.day.list"
    static let summary = "Lists how many notes were left on each day, the latest first; it follows the notes by a moment."
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin, .pharmacist, .nurse, .doctor])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "days",
            .array(
                .object(
                    .required("writtenOn", .date, "The day in Asia/Shanghai."),
                    .required("notes", .integer(1...Int64.max), "How many notes were left on it.")),
                0...500),
            "The days of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            DayStore.list(site: call.site.id, before: page.after(0) ?? DayStore.end, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: LocalDate.self) : nil
        return Reply(
            days: .json(rows.json(DayStore.columns)),
            next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let day = Day(writtenOn: Timestamp(microseconds: 1_795_330_200_000_000).localDate, notes: 3)
        return Examples(
            full: (Params(limit: 1, after: "2026-11-23"), Reply(days: .elements([day]), next: "2026-11-22")),
            minimal: (Params(), Reply(days: .elements([]))))
    }
}
