internal import XinglinKit

/// `decoction.report.expiry`
struct ReportExpiry: RPCMethod {
    struct Params: Codable, Sendable {
        var asOf: LocalDate?
        var withinDays: Int?
    }

    struct Reply: Codable, Sendable {
        let asOf: LocalDate
        let withinDays: Int
        let total: ReportStock.Total
        let expired: Part
        let atRisk: Part
        let months: RowList<Month>
    }

    struct Part: Codable, Sendable {
        let lots: Int64
        let onHandMg: Int64
        let valueFen: Int64
    }

    struct Month: Codable, Sendable {
        let month: LocalDate
        let expired: Bool
        let pieces: Int64
        let lots: Int64
        let onHandMg: Int64
        let valueFen: Int64
    }

    static let name = "decoction.report.expiry"
    static let summary = """
        What was on hand at the end of a day by the month in which it expires: what has expired and was not disposed of, and what \
        is at risk within some days (PC-03).
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(
        ReportPeriod.asOfField,
        .optional("withinDays", .integer(0...1000), "How far `atRisk` looks ahead; 90 days unless told."))
    static let reply = Schema.object(
        .required("asOf", .date, "The day."),
        .required("withinDays", .integer(0...1000), "How far `atRisk` looks ahead."),
        .required(
            "total", .object([ReportFields.count("pieces", "How many kinds.")] + Self.amounts), "All that there was."),
        .required("expired", .object(Self.amounts), "What had expired and was still there."),
        .required("atRisk", .object(Self.amounts), "What expires on that day or within so many days after."),
        .required(
            "months",
            .array(
                .object(
                    [
                        .required("month", .date, "The first day of the month in which it expires."),
                        .required("expired", .boolean, "Whether it had expired; the month of the day may have both."),
                        ReportFields.count("pieces", "How many kinds."),
                    ] + Self.amounts), 0...2400), "By month, the first first: they add up to all."))

    private static let amounts: [Schema.Field] = [
        ReportFields.count("lots", "How many lots."), ReportFields.mg("onHandMg", "What there was"),
        ReportFields.fen("valueFen", "What there was"),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let period = try ReportPeriod(asOf: params.asOf, today: call.today)
        let days = params.withinDays ?? 90
        let asked = try Asked(period, call).atEnd
        let results = try call.db.batch([
            Statement(BalanceStore.total(asked)), Statement(BalanceStore.risk(asked, within: days)),
            Statement(BalanceStore.months(asked)),
        ])
        let total = try results[0].single(as: (Int64, Int64, Int64, Int64).self)
        let risk = try results[1].single(as: (Int64, Int64, Int64, Int64, Int64, Int64).self)
        return Reply(
            asOf: period.to, withinDays: days,
            total: .init(pieces: total.0, lots: total.1, onHandMg: total.2, valueFen: total.3),
            expired: Part(lots: risk.0, onHandMg: risk.1, valueFen: risk.2),
            atRisk: Part(lots: risk.3, onHandMg: risk.4, valueFen: risk.5),
            months: .json(results[2].json(BalanceStore.monthColumns)))
    }

    static var examples: Examples<Params, Reply> {
        let none = Part(lots: 0, onHandMg: 0, valueFen: 0)
        let month = Month(
            month: Sample.expiresOn.firstOfMonth, expired: false, pieces: 1, lots: 1, onHandMg: 4_880_000,
            valueFen: 33_184)
        return Examples(
            full: (
                Params(asOf: Sample.today, withinDays: 90),
                Reply(
                    asOf: Sample.today, withinDays: 90,
                    total: .init(pieces: 1, lots: 1, onHandMg: 4_880_000, valueFen: 33_184), expired: none,
                    atRisk: none, months: .elements([month]))
            ),
            minimal: (
                Params(),
                Reply(
                    asOf: Sample.today, withinDays: 90, total: .init(pieces: 0, lots: 0, onHandMg: 0, valueFen: 0),
                    expired: none, atRisk: none, months: .elements([]))
            ))
    }
}
