// Months, years and weeks. Working days are Monday to Friday: public holidays, and the weekends that are worked in their stead, are
// announced year by year and are not known here.
extension LocalDate {
    /// The same day that many months later, or earlier where negative; the month's last where it has no such day (31 January and
    /// one month: 28 or 29 February).
    public func adding(months: Int) -> LocalDate {
        let (year, month, day) = self.civil
        let index = year * 12 + month - 1 + months
        let later = Self.floor(index, by: 12)
        let first = LocalDate(daysSince1970: Self.days(year: later.quotient, month: later.rest + 1, day: 1))
        return first.adding(days: min(day, first.lastOfMonth.civil.day) - 1)
    }

    /// The same day that many years later, or earlier where negative; 28 February for 29 February where the year has none.
    public func adding(years: Int) -> LocalDate { self.adding(months: years * 12) }

    /// Completed years on a later day, such as an age; who is born on 29 February is a year older on 1 March. 0 on an earlier day.
    public func years(on day: LocalDate) -> Int {
        let (born, now) = (self.civil, day.civil)
        let isBefore = (now.month, now.day) < (born.month, born.day)
        return max(0, now.year - born.year - (isBefore ? 1 : 0))
    }

    /// The first day of its month.
    public var firstOfMonth: LocalDate { self.adding(days: 1 - self.civil.day) }

    /// The last day of its month.
    public var lastOfMonth: LocalDate { self.firstOfMonth.adding(days: 31).firstOfMonth.adding(days: -1) }

    /// The first day of its quarter, which begins in January, April, July or October.
    public var firstOfQuarter: LocalDate {
        let (year, month, _) = self.civil
        return LocalDate(daysSince1970: Self.days(year: year, month: (month - 1) / 3 * 3 + 1, day: 1))
    }

    /// The last day of its quarter.
    public var lastOfQuarter: LocalDate { self.firstOfQuarter.adding(days: 70).lastOfMonth }

    /// 1 on Monday, 7 on Sunday.
    public var weekday: Int { Self.week(of: self.daysSince1970).rest + 1 }

    /// That many working days later, or earlier where negative; the day itself does not count. From a Friday and from the Saturday
    /// behind it, one working day later is the Monday. 0 gives the day itself, on a weekend too.
    public func adding(workingDays: Int) -> LocalDate {
        guard workingDays != 0 else { return self }
        let before = Self.workingDays(through: self.daysSince1970 - (workingDays > 0 ? 0 : 1))
        let ordinal = Self.floor(before + workingDays - (workingDays > 0 ? 1 : 0), by: 5)
        return LocalDate(daysSince1970: ordinal.quotient * 7 + ordinal.rest - Self.mondayBefore1970)
    }

    /// How many working days have passed from this day to a later one: this day does not count, the later one does. Negative towards an
    /// earlier day, which counts while this one does not; so it is what `adding(workingDays:)` was told.
    public func workingDays(to other: LocalDate) -> Int {
        let (from, to) = (self.daysSince1970, other.daysSince1970)
        guard to < from else { return Self.workingDays(through: to) - Self.workingDays(through: from) }
        return Self.workingDays(through: to - 1) - Self.workingDays(through: from - 1)
    }

    /// 1970 began on a Thursday: its week three days before.
    private static let mondayBefore1970 = 3

    /// Working days up to a day, that one included, from the Monday before 1970 on.
    private static func workingDays(through day: Int) -> Int {
        let (week, weekday) = Self.week(of: day)
        return week * 5 + min(weekday + 1, 5)
    }

    /// The week of a day, and its place in it: 0 on Monday.
    private static func week(of day: Int) -> (quotient: Int, rest: Int) {
        Self.floor(day + Self.mondayBefore1970, by: 7)
    }

    private static func floor(_ number: Int, by divisor: Int) -> (quotient: Int, rest: Int) {
        let rest = (number % divisor + divisor) % divisor
        return ((number - rest) / divisor, rest)
    }
}
