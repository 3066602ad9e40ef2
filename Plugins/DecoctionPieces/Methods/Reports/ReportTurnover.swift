internal import XinglinKit

/// `decoction.report.turnover`
struct ReportTurnover: RPCMethod {
    struct Params: Codable, Sendable {
        var from: LocalDate?
        var to: LocalDate?
        var idleOnly: Bool?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let from: LocalDate
        let to: LocalDate
        let days: Int
        let openingFen: Int64
        let closingFen: Int64
        let issuedMg: Int64
        let issuedFen: Int64
        var turns: String?
        var daysOfStock: String?
        let idlePieces: Int64
        let pieces: RowList<Piece>
        var next: String?
    }

    struct Piece: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let openingMg: Int64
        let openingFen: Int64
        let closingMg: Int64
        let closingFen: Int64
        let issuedMg: Int64
        let issuedFen: Int64
        let idle: Bool
        var turns: String?
        var daysOfStock: String?
    }

    static let name = "decoction.report.turnover"
    static let summary = """
        How often the average stock (half of what there was at the beginning and at the end) was issued within some days, and for \
        how many days it lasts, by value; and the pieces that lie and were not issued.
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(
        ReportPeriod.fields + [
            .optional("idleOnly", .boolean, "Only pieces that lie at the end and were not issued.")
        ] + Schema.pageParams)
    static let reply = Schema.object(
        ReportPeriod.replyFields + [
            .required("days", .integer(1...366), "How many days."),
            ReportFields.fen("openingFen", "What there was when the first day began"),
            ReportFields.fen("closingFen", "What was there at the end of the last day"),
            ReportFields.mg("issuedMg", "What was issued, to patients and other sites, net of what came back"),
            ReportFields.fen("issuedFen", "What was issued"),
        ] + Self.rates + [
            ReportFields.count("idlePieces", "How many pieces lie and were not issued."),
            .required(
                "pieces",
                .array(
                    .object(
                        ReportFields.pieceNames + [
                            ReportFields.mg("openingMg", "What there was when the first day began"),
                            ReportFields.fen("openingFen", "What there was when the first day began"),
                            ReportFields.mg("closingMg", "What was there at the end of the last day"),
                            ReportFields.fen("closingFen", "What was there at the end of the last day"),
                            ReportFields.mg("issuedMg", "What was issued"),
                            ReportFields.fen("issuedFen", "What was issued"),
                            .required("idle", .boolean, "Whether it lies at the end and was not issued."),
                        ] + Self.rates), 0...500), "The pieces of this page, by code."),
            Schema.pageReply,
        ])

    private static let rates: [Schema.Field] = [
        .optional("turns", .text(1...40), "How often the average stock was issued; absent where there was no stock."),
        .optional(
            "daysOfStock", .text(1...40), "For how many days the average stock lasts; absent where nothing was issued."),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let period = try ReportPeriod(from: params.from, to: params.to, today: call.today)
        let asked = try Asked(period, call)
        let results = try call.db.batch([
            Statement(FlowStore.total(asked, piece: nil)),
            Statement(
                FlowStore.turnover(
                    asked, idleOnly: params.idleOnly ?? false, after: page.after(0) ?? "", limit: page.limit + 1)),
        ])
        let sum = try FlowStore.Sum(results[0])
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            from: period.from, to: period.to, days: period.days, openingFen: sum.flow.openingFen,
            closingFen: sum.flow.closingFen, issuedMg: sum.issuedMg, issuedFen: sum.issuedFen, turns: sum.turns,
            daysOfStock: sum.daysOfStock, idlePieces: sum.idlePieces,
            pieces: .json(rows.json(FlowStore.turnoverColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let piece = Piece(
            pieceCode: "XLYP0001", nameZh: "麻黄", openingMg: 5_000_000, openingFen: 34_000, closingMg: 4_880_000,
            closingFen: 33_184, issuedMg: 120_000, issuedFen: 816, idle: false, turns: "0.0243", daysOfStock: "905.7")
        return Examples(
            full: (
                Params(from: Sample.monthBegin, to: Sample.today, idleOnly: false, limit: 1, after: "XLYP0000"),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, days: 22, openingFen: 34_000, closingFen: 33_184,
                    issuedMg: 120_000, issuedFen: 816, turns: "0.0243", daysOfStock: "905.7", idlePieces: 0,
                    pieces: .elements([piece]), next: "XLYP0001")
            ),
            minimal: (
                Params(),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, days: 22, openingFen: 0, closingFen: 0, issuedMg: 0,
                    issuedFen: 0, idlePieces: 0, pieces: .elements([]))
            ))
    }
}
