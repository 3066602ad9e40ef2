internal import XinglinKit

/// How often a place is read a day (STORAGE logsPerDay), by the value that held on each day: a later one changes no day that has begun.
struct ClimateRule {
    private let rows: [(entry: RuleBook.Entry, validTo: LocalDate?)]

    init(_ call: Call) throws {
        let site = try call.site.id
        self.rows = try call.db.query(
            RuleStore.history([.climateLogsPerDay]),
            as: (String, String, String, Tighter, LocalDate, LocalDate?, Int, Int, Int, RecordID?).self
        ).filter { $0.9 == nil || $0.9 == site }.map { row in
            (
                RuleBook.Entry(
                    key: RuleKey(row.0, row.1), value: row.2, tighter: row.3, validFrom: row.4, version: row.6,
                    revision: row.7, siteRevision: row.8), row.5
            )
        }
    }

    /// What each of some days wants.
    func wanted(from first: LocalDate, to last: LocalDate) throws -> [(day: LocalDate, logsPerDay: Int64)] {
        try (first.daysSince1970...last.daysSince1970).map { number in
            let day = LocalDate(daysSince1970: number)
            let book = RuleBook(
                self.rows.filter { $0.entry.validFrom <= day && $0.validTo.map { $0 >= day } ?? true }.map(\.entry))
            return (day, try book.number(.climateLogsPerDay))
        }
    }
}
