internal import XinglinKit

/// The statements of reports and indicators, for the conformance suite.
enum ReportStatements {
    static let asked = Asked(
        site: RecordID(high: 0, low: 0), from: LocalDate(daysSince1970: 0), to: LocalDate(daysSince1970: 0),
        today: LocalDate(daysSince1970: 0))

    static var samples: [SQL] {
        let asked = Self.asked
        let id = asked.site
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let moved = MovementLineStore.Filter(figure: .loss)
        let count = OutpatientCountStore.New(
            month: asked.from, version: 1, outpatientVisits: 1, tcmVisits: 1, outpatientPrescriptions: 1, source: "",
            reason: "")
        let ofLedger = [
            BalanceStore.figures(asked, by: .piece, after: "", limit: 1), BalanceStore.total(asked),
            BalanceStore.lines(asked, after: .init(), limit: 1), BalanceStore.months(asked),
            BalanceStore.risk(asked, within: 1), FlowStore.total(asked, piece: nil), FlowStore.kinds(asked, piece: nil),
            FlowStore.pieces(asked, piece: nil, after: "", limit: 1),
            FlowStore.turnover(asked, idleOnly: false, after: "", limit: 1), LossStore.groups(asked, volatile: []),
            LossStore.pieces(asked, volatile: [], limits: (1, 2), after: "", limit: 1), LossStore.reasons(asked),
            MovementLineStore.total(asked, moved), MovementLineStore.lines(asked, moved, after: 0, limit: 1),
            ToxicLedgerStore.pieces(asked, piece: nil),
            ToxicLedgerStore.entries(asked, piece: nil, after: .init(), limit: 1),
        ]
        let ofPrescriptions = [
            PrescriptionReportStore.counts(asked), PrescriptionReportStore.rules(asked),
            PrescriptionReportStore.signers(asked), PrescriptionReportStore.total(asked, .init()),
            PrescriptionReportStore.lines(asked, .init(), after: .init(), limit: 1),
            OutpatientCountStore.record(count, act), OutpatientCountStore.latest(asked.from, site: id),
            OutpatientCountStore.list(site: id, before: asked.from, 1, limit: 1), IndicatorStore.definitions,
        ]
        let ofIndicators = IndicatorCode.allCases.flatMap { code in
            let question = IndicatorStore.Question(code: code, asked: asked, tolerancePercent: 5)
            return [
                IndicatorStore.sums(question),
                IndicatorStore.lines(question, part: "numerator", after: "", limit: 1),
            ]
        }
        return ofLedger + ofPrescriptions + ofIndicators
    }
}
