internal import XinglinKit

/// Works the indicators of some days out.
struct IndicatorReading {
    private let asked: Asked
    private let rules: RuleBook
    private let tolerancePercent: Int64

    /// By the rules of the last day.
    init(_ period: ReportPeriod, _ call: Call) throws {
        self.asked = try Asked(period, call)
        self.rules = try RuleBook.of(period.to, having: .tolerancePercent, call)
        self.tolerancePercent = try self.rules.number(.tolerancePercent)
    }

    func question(_ code: IndicatorCode) -> IndicatorStore.Question {
        IndicatorStore.Question(code: code, asked: self.asked, tolerancePercent: self.tolerancePercent)
    }

    /// What numerator, denominator and value of an indicator are.
    func value(_ code: IndicatorCode, _ rows: Rows) throws -> IndicatorValue {
        let sums = try rows.single(as: (Int64?, Int64?, Int64?).self)
        return IndicatorValue(code, numerator: sums.0, denominator: sums.1, unmeasured: sums.2)
    }

    /// All of them, by code.
    func all(_ call: Call) throws -> [ListIndicators.Indicator] {
        let results = try call.db.batch(
            [Statement(IndicatorStore.definitions, .rows(IndicatorCode.allCases.count))]
                + IndicatorCode.allCases.map { Statement(IndicatorStore.sums(self.question($0))) })
        typealias Columns = (
            IndicatorCode, String, String, String, String, String, String, String, String, String
        )
        return try zip(results[0].decode(as: Columns.self), results.dropFirst()).map { line, rows in
            let value = try self.value(line.0, rows)
            return ListIndicators.Indicator(
                code: line.0, nameZh: line.1, nameEn: line.2, numeratorZh: line.3,
                denominatorZh: line.4.isEmpty ? nil : line.4, formula: line.5, unit: line.6, direction: line.8,
                basis: line.9, amountUnit: line.0.amountUnit, numerator: value.numerator,
                denominator: value.denominator, value: value.value, reason: value.reason,
                ruleVersion: line.0.rule.flatMap { self.rules.version(of: $0) })
        }
    }
}
