internal import XinglinKit

extension CareStore {
    /// How long it is from one look to the next, in effect on the day.
    struct Intervals {
        let months: Int64
        let sensitiveMonths: Int64
        /// Of what spoils easily, in summer alone; nil outside it.
        let summerDays: Int64?
        let preciousDays: Int64
        let toxicDays: Int64

        /// As shipped, outside summer.
        init() {
            (self.months, self.sensitiveMonths, self.summerDays) = (3, 1, nil)
            (self.preciousDays, self.toxicDays) = (7, 1)
        }

        /// - Throws: `decoction.ruleUnusable`.
        init(_ rules: RuleBook, on day: LocalDate) throws(Fault) {
            self.months = try rules.number(.inspectionMonths)
            self.sensitiveMonths = try rules.number(.sensitiveInspectionMonths)
            let summer =
                try rules.number(
                    .summerFromMonth)...max(
                    try rules.number(.summerFromMonth), try rules.number(.summerToMonth))
            self.summerDays = summer.contains(Int64(day.civil.month)) ? try rules.number(.summerInspectionDays) : nil
            self.preciousDays = try rules.number(.preciousCountDays)
            self.toxicDays = try rules.number(.toxicCountDays)
        }
    }
}
