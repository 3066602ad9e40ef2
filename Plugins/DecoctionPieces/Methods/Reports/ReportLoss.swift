internal import XinglinKit

/// `decoction.report.loss`
struct ReportLoss: RPCMethod {
    struct Params: Codable, Sendable {
        var from: LocalDate?
        var to: LocalDate?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let from: LocalDate
        let to: LocalDate
        let ruleVersion: String
        let lossFen: Int64
        let baseFen: Int64
        var ratePercent: String?
        let groups: [Group]
        let reasons: RowList<Reason>
        let pieces: RowList<Piece>
        var next: String?
    }

    struct Group: Codable, Sendable {
        let volatile: Bool
        let shortageMg: Int64
        let shortageFen: Int64
        let writeOffMg: Int64
        let writeOffFen: Int64
        let surplusMg: Int64
        let surplusFen: Int64
        let lossFen: Int64
        let baseFen: Int64
        var ratePercent: String?
        let limitPercent: Int64
        let aboveLimit: Bool
    }

    struct Reason: Codable, Sendable {
        let figure: LineFigure
        let reason: String
        let movements: Int64
        let lossMg: Int64
        let lossFen: Int64
    }

    struct Piece: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let shortageMg: Int64
        let shortageFen: Int64
        let writeOffMg: Int64
        let writeOffFen: Int64
        let surplusMg: Int64
        let surplusFen: Int64
        let lossFen: Int64
        let baseFen: Int64
        var ratePercent: String?
        let limitPercent: Int64
        let aboveLimit: Bool
    }

    static let name = "decoction.report.loss"
    static let summary = """
        What stocktakes found missing and what was disposed of within some days, by piece and reason, net of what was taken \
        back; as a part of what was issued and is left, by value, beside its limit (8.2).
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(ReportPeriod.fields + Schema.pageParams)
    static let reply = Schema.object(
        ReportPeriod.replyFields + [
            .required(
                "ruleVersion", .text(1...40), "Of the values of STOCKTAKE by which it is judged: those of the last day."
            )
        ] + Self.rate + [
            .required(
                "groups",
                .array(
                    .object(
                        [
                            .required(
                                "volatile", .boolean,
                                "Whether it is the pieces that have the limit of volatile and hygroscopic ones.")
                        ] + Self.amounts + Self.rate + Self.limit), 0...2),
                "What is not volatile, and what is: they add up to all."),
            .required(
                "reasons",
                .array(
                    .object(
                        .required("figure", .enumeration(["shortage", "writeOff"]), "Found missing, or disposed of."),
                        .required("reason", .text(1...200), "The reason given."),
                        ReportFields.count("movements", "How many movements, with those that took some back."),
                        ReportFields.mg("lossMg", "What was lost"), ReportFields.fen("lossFen", "What was lost")),
                    0...100_000), "By reason, the greatest first: they add up to the loss."),
            .required(
                "pieces",
                .array(.object(ReportFields.pieceNames + Self.amounts + Self.rate + Self.limit), 0...500),
                "The pieces of this page of which something was missing, disposed of or too much, by code."),
            Schema.pageReply,
        ])

    private static let amounts: [Schema.Field] = [
        ReportFields.mg("shortageMg", "What was missing"), ReportFields.fen("shortageFen", "What was missing"),
        ReportFields.mg("writeOffMg", "What was disposed of"), ReportFields.fen("writeOffFen", "What was disposed of"),
        ReportFields.mg("surplusMg", "What was too much (no loss)"),
        ReportFields.fen("surplusFen", "What was too much (no loss)"),
    ]
    private static let rate: [Schema.Field] = [
        ReportFields.fen("lossFen", "What was missing and what was disposed of"),
        ReportFields.fen("baseFen", "What was issued, to patients and other sites, and is left"),
        .optional(
            "ratePercent", .text(1...40), "lossFen of baseFen in per cent; absent where there is nothing to divide by."),
    ]
    private static let limit: [Schema.Field] = [
        .required("limitPercent", .integer(0...100), "How much is allowed."),
        .required("aboveLimit", .boolean, "Whether it is more."),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let period = try ReportPeriod(from: params.from, to: params.to, today: call.today)
        let rules = try LossRules(on: period.to, call)
        let asked = try Asked(period, call)
        let results = try call.db.batch([
            Statement(LossStore.groups(asked, volatile: rules.volatile)), Statement(LossStore.reasons(asked)),
            Statement(
                LossStore.pieces(
                    asked, volatile: rules.volatile, limits: rules.limits, after: page.after(0) ?? "",
                    limit: page.limit + 1)),
        ])
        let groups = try rules.groups(results[0])
        let (loss, base) = groups.reduce((0, 0)) { ($0.0 + $1.lossFen, $0.1 + $1.baseFen) }
        let (rows, hasMore) = results[2].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            from: period.from, to: period.to, ruleVersion: rules.version, lossFen: loss, baseFen: base,
            ratePercent: base == 0 ? nil : IndicatorValue.percent(loss, of: base), groups: groups,
            reasons: .json(results[1].json(LossStore.reasonColumns)),
            pieces: .json(rows.json(LossStore.pieceColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let group = Group(
            volatile: false, shortageMg: 10_000, shortageFen: 68, writeOffMg: 0, writeOffFen: 0, surplusMg: 0,
            surplusFen: 0, lossFen: 68, baseFen: 34_000, ratePercent: "0.20", limitPercent: 1, aboveLimit: false)
        let piece = Piece(
            pieceCode: "XLYP0001", nameZh: "麻黄", shortageMg: 10_000, shortageFen: 68, writeOffMg: 0, writeOffFen: 0,
            surplusMg: 0, surplusFen: 0, lossFen: 68, baseFen: 34_000, ratePercent: "0.20", limitPercent: 1,
            aboveLimit: false)
        let reason = Reason(figure: .shortage, reason: "称量误差", movements: 1, lossMg: 10_000, lossFen: 68)
        return Examples(
            full: (
                Params(from: Sample.monthBegin, to: Sample.today, limit: 1, after: "XLYP0000"),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, ruleVersion: "1.0", lossFen: 68, baseFen: 34_000,
                    ratePercent: "0.20", groups: [group], reasons: .elements([reason]), pieces: .elements([piece]),
                    next: "XLYP0001")
            ),
            minimal: (
                Params(),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, ruleVersion: "1.0", lossFen: 0, baseFen: 0, groups: [],
                    reasons: .elements([]), pieces: .elements([]))
            ))
    }
}
