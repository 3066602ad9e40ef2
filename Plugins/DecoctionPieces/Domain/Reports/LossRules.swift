internal import XinglinKit

/// By which limits a loss is judged (8.2): the values of STOCKTAKE on a day.
struct LossRules {
    let version: String
    let volatile: [String]
    let limits: (plain: Int64, volatile: Int64)

    init(on day: LocalDate, _ call: Call) throws {
        let book = try RuleBook.of(day, having: .lossLimitPercent, call)
        self.version = book.version(of: RuleKey.lossLimitPercent.rule) ?? ""
        self.volatile = try book.names(.volatileClasses)
        self.limits = (try book.number(.lossLimitPercent), try book.number(.volatileLossLimitPercent))
    }

    /// The rows of `LossStore.groups`, judged.
    func groups(_ rows: Rows) throws -> [ReportLoss.Group] {
        typealias Columns = (Bool, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64)
        return try rows.decode(as: Columns.self).map { row in
            let (loss, base) = (row.2 + row.4, row.7 + row.8)
            let limit = row.0 ? self.limits.volatile : self.limits.plain
            return ReportLoss.Group(
                volatile: row.0, shortageMg: row.1, shortageFen: row.2, writeOffMg: row.3, writeOffFen: row.4,
                surplusMg: row.5, surplusFen: row.6, lossFen: loss, baseFen: base,
                ratePercent: base == 0 ? nil : IndicatorValue.percent(loss, of: base), limitPercent: limit,
                aboveLimit: Int128(loss) * 100 > Int128(base) * Int128(limit))
        }
    }
}

extension RuleBook {
    /// The values of a day, or today's where the rule had none yet.
    static func of(_ day: LocalDate, having key: RuleKey, _ call: Call) throws -> RuleBook {
        let book = try PharmacyRules.book(on: day, call)
        guard book.version(of: key.rule) == nil else { return book }
        return try PharmacyRules.book(on: call.today, call)
    }
}
