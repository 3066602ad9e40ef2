internal import XinglinKit

/// `decoction.indicator.lines`
struct ListIndicatorLines: RPCMethod {
    struct Params: Codable, Sendable {
        let code: IndicatorCode
        let part: Part
        let period: LocalDate
        var limit: Int?
        var after: String?
    }

    /// Which side of the fraction; of C04 also what nobody has weighed again.
    enum Part: String, CaseIterable, Codable, Sendable {
        case numerator, denominator, unmeasured

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    struct Reply: Codable, Sendable {
        let from: LocalDate
        let to: LocalDate
        var amount: Int64?
        let lines: RowList<Line>
        var next: String?
    }

    struct Line: Codable, Sendable {
        let position: String
        let on: LocalDate
        let amount: Int64
        var documentId: RecordID?
        var prescriptionId: RecordID?
        var lotId: RecordID?
        var pieceCode: String?
        var quantityMg: Int64?
    }

    static let name = "decoction.indicator.lines"
    static let summary = """
        Lists what numerator or denominator of an indicator is made of; the amounts of all pages add up to it. Ids alone are \
        shown, no patient.
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(
        [
            .required("code", .enumeration(IndicatorCode.codes), "The indicator."),
            .required(
                "part", .enumeration(Part.codes),
                "Which side; `unmeasured`: the doses of C04's spot-checks that were not weighed again."),
            .required("period", .date, "Any day of a month that has begun."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("from", .date, "The first day."), .required("to", .date, "The last day."),
        .optional("amount", ReportFields.milligrams, "What they add up to; absent where it is missing."),
        .required(
            "lines",
            .array(
                .object(
                    .required(
                        "position", .text(1...60),
                        "Its place in the list; of C02, and C03's denominator, the version of decoction.outpatientCount.list."
                    ),
                    .required("on", .date, "Its day."),
                    .required("amount", ReportFields.milligrams, "What it adds, in the indicator's `amountUnit`."),
                    .optional("documentId", .id, "The document."),
                    .optional("prescriptionId", .id, "The prescription."),
                    .optional("lotId", .id, "The lot."), .optional("pieceCode", .code(1...20), "The piece."),
                    .optional("quantityMg", ReportFields.milligrams, "What it weighs, in milligrams.")),
                0...500), "The lines of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let period = try ReportPeriod(month: params.period, today: call.today)
        let reading = try IndicatorReading(period, call)
        let question = reading.question(params.code)
        let results = try call.db.batch([
            Statement(IndicatorStore.sums(question)),
            Statement(
                IndicatorStore.lines(
                    question, part: params.part.rawValue, after: page.after(0) ?? "", limit: page.limit + 1)),
        ])
        let value = try reading.value(params.code, results[0])
        let unmeasured = try results[0].first(as: (Int64?, Int64?, Int64?).self)?.2
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        let amount =
            switch params.part {
            case .numerator: value.numerator
            case .denominator: value.denominator
            case .unmeasured: unmeasured
            }
        return Reply(
            from: period.from, to: period.to, amount: amount, lines: .json(rows.json(IndicatorStore.lineColumns)),
            next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            position: "XLYP0001", on: Sample.today, amount: 1, documentId: Sample.document,
            prescriptionId: Sample.prescription, lotId: Sample.lot, pieceCode: "XLYP0001", quantityMg: 4_880_000)
        return Examples(
            full: (
                Params(code: .kinds, part: .numerator, period: Sample.today, limit: 1, after: "XLYP0000"),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, amount: 398, lines: .elements([line]), next: "XLYP0001")
            ),
            minimal: (
                Params(code: .visits, part: .denominator, period: Sample.today),
                Reply(from: Sample.monthBegin, to: Sample.today, lines: .elements([]))
            ))
    }
}
