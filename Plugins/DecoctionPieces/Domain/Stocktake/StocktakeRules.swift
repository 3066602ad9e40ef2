internal import XinglinKit

extension RuleKey {
    static let stocktakeMonths = RuleKey("STOCKTAKE", "intervalMonths")
    static let stocktakeToxicDays = RuleKey("STOCKTAKE", "toxicIntervalDays")
    static let stocktakePreciousDays = RuleKey("STOCKTAKE", "preciousIntervalDays")
    static let lossLimitPercent = RuleKey("STOCKTAKE", "lossLimitPercent")
    static let volatileLossLimitPercent = RuleKey("STOCKTAKE", "volatileLossLimitPercent")
    static let volatileClasses = RuleKey("STOCKTAKE", "volatileClasses")
    static let recountBasisPoints = RuleKey("STOCKTAKE", "recountBasisPoints")
    static let controlledRecountBasisPoints = RuleKey("STOCKTAKE", "controlledRecountBasisPoints")

    static let ofStocktakes = [
        stocktakeMonths, stocktakeToxicDays, stocktakePreciousDays, lossLimitPercent, volatileLossLimitPercent,
        volatileClasses, recountBasisPoints, controlledRecountBasisPoints,
    ]
}

/// What stocktakes are judged by at a site on a day.
struct StocktakeRules {
    let book: RuleBook

    init(_ call: Call) throws {
        self.book = try PharmacyRules.book(on: call.today, call)
    }

    var version: String { self.book.version(of: "STOCKTAKE") ?? "" }

    func judgement(isControlled: Bool) throws -> CountJudgement {
        CountJudgement(
            needsTwoPersons: isControlled,
            toleranceBasisPoints: try self.book.number(
                isControlled ? RuleKey.controlledRecountBasisPoints : RuleKey.recountBasisPoints))
    }

    func limitBasisPoints(volatile: Bool) throws -> Int64 {
        try self.book.number(volatile ? RuleKey.volatileLossLimitPercent : RuleKey.lossLimitPercent) * 100
    }
}
