internal import XinglinKit

/// How often a place is read a day (STORAGE logsPerDay), by the value that held on each day: a later one changes no day that has begun.
struct ClimateRule {
    private let history: RuleHistory

    init(_ call: Call) throws {
        self.history = try PharmacyRules.history([.climateLogsPerDay], call)
    }

    /// What each of some days wants.
    func wanted(from first: LocalDate, to last: LocalDate) throws -> [(day: LocalDate, logsPerDay: Int64)] {
        try (first.daysSince1970...last.daysSince1970).map { number in
            let day = LocalDate(daysSince1970: number)
            return (day, try self.history.book(on: day).number(.climateLogsPerDay))
        }
    }
}
