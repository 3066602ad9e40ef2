internal import XinglinKit

/// `decoction.report.stock`
struct ReportStock: RPCMethod {
    struct Params: Codable, Sendable {
        var asOf: LocalDate?
        var by: BalanceStore.Grouping?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let asOf: LocalDate
        let by: BalanceStore.Grouping
        let total: Total
        let figures: RowList<Figure>
        var next: String?
    }

    struct Total: Codable, Sendable {
        let pieces: Int64
        let lots: Int64
        let onHandMg: Int64
        let valueFen: Int64
    }

    struct Figure: Codable, Sendable {
        let key: String
        let nameZh: String
        let pieces: Int64
        let lots: Int64
        let onHandMg: Int64
        let valueFen: Int64
    }

    static let name = "decoction.report.stock"
    static let summary = """
        What was on hand at the end of a day, by piece, storage class or place: kinds, lots, weight and what it cost \
        (PC-04). Lots in every state count; decoction.report.lines `closing` lists what adds up to it.
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(
        [
            ReportPeriod.asOfField,
            .optional("by", .enumeration(BalanceStore.Grouping.codes), "By what it is added up; piece unless told."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("asOf", .date, "The day."),
        .required("by", .enumeration(BalanceStore.Grouping.codes), "By what it is added up."),
        .required("total", .object(Self.amounts), "All of it; of every page the same."),
        .required(
            "figures",
            .array(
                .object(
                    [
                        .required("key", .text(1...40), "The piece's code, the storage class or the place's id."),
                        .required("nameZh", .text(1...100), "Its name."),
                    ] + Self.amounts), 0...500), "The figures of this page, by key."),
        Schema.pageReply)

    private static let amounts: [Schema.Field] = [
        ReportFields.count("pieces", "How many kinds."), ReportFields.count("lots", "How many lots."),
        ReportFields.mg("onHandMg", "What there was"), ReportFields.fen("valueFen", "What there was"),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let period = try ReportPeriod(asOf: params.asOf, today: call.today)
        let asked = try Asked(period, call).atEnd
        let grouping = params.by ?? .piece
        let results = try call.db.batch([
            Statement(BalanceStore.total(asked)),
            Statement(
                BalanceStore.figures(asked, by: grouping, after: page.after(0) ?? "", limit: page.limit + 1)),
        ])
        let total = try results[0].single(as: (Int64, Int64, Int64, Int64).self)
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            asOf: period.to, by: grouping,
            total: Total(pieces: total.0, lots: total.1, onHandMg: total.2, valueFen: total.3),
            figures: .json(rows.json(BalanceStore.figureColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let figure = Figure(
            key: "XLYP0001", nameZh: "麻黄", pieces: 1, lots: 2, onHandMg: 4_880_000, valueFen: 33_184)
        return Examples(
            full: (
                Params(asOf: Sample.today, by: .piece, limit: 1, after: "XLYP0000"),
                Reply(
                    asOf: Sample.today, by: .piece,
                    total: Total(pieces: 398, lots: 512, onHandMg: 398_880_000, valueFen: 2_713_600),
                    figures: .elements([figure]), next: "XLYP0001")
            ),
            minimal: (
                Params(),
                Reply(
                    asOf: Sample.today, by: .piece, total: Total(pieces: 0, lots: 0, onHandMg: 0, valueFen: 0),
                    figures: .elements([]))
            ))
    }
}
