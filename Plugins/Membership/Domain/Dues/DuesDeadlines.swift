internal import XinglinKit

/// By when a branch does what DUES asks of it: it opens and assesses a month by the dues day (DUES dayOfMonth), collects until the month ends,
/// closes it by the dues day of the next one, and publishes each year's dues.
struct DuesDeadlines: Sendable {
    let dayOfMonth: Int
    let publicationMonths: Int

    /// - Throws: `membership.ruleUnusable`.
    init(_ rules: RuleBook) throws(Fault) {
        self.init(
            dayOfMonth: Int(try rules.number(DuesRules.key("dayOfMonth"))),
            publicationMonths: Int(try rules.number(DuesRules.key("publicationMonths"))))
    }

    init(dayOfMonth: Int, publicationMonths: Int) {
        self.dayOfMonth = dayOfMonth
        self.publicationMonths = publicationMonths
    }

    /// The dues day of a month.
    func day(of month: CalendarMonth) -> LocalDate { month.first.adding(days: self.dayOfMonth - 1) }

    /// By when a month is closed.
    func closing(of month: CalendarMonth) -> LocalDate { self.day(of: month.adding(1)) }

    /// A year whose dues are to be shown to the members.
    struct Publication: Equatable, Sendable {
        let year: Int
        let dueOn: LocalDate
        /// The last one of the same year, where months between publications are fewer than twelve.
        let last: LocalDate?
    }

    /// The next publication: of the first year that has none. It is due when publicationMonths have passed since the year began, by the day
    /// on which the last of these months is closed. Another year's publication does not stand for it.
    /// - Parameter made: the last day of a publication by the year that it was about.
    func publication(since first: CalendarMonth, made: [Int: LocalDate]) -> Publication {
        var year = first.first.civil.year
        while let last = made[year] {
            let next = last.adding(months: self.publicationMonths)
            if next.civil.year <= year { return Publication(year: year, dueOn: next, last: last) }
            year += 1
        }
        let january = first.adding((year - first.first.civil.year) * 12 - first.first.civil.month + 1)
        return Publication(year: year, dueOn: self.day(of: january.adding(self.publicationMonths)), last: nil)
    }
}
