import XinglinKit

/// What may be recorded when, reckoned anew: dates as three numbers, rules as a list of conditions. It knows nothing of the module.
struct DevelopmentOracle {
    struct Day: Comparable, Hashable {
        let year: Int
        let month: Int
        let day: Int

        init(_ date: LocalDate) { (self.year, self.month, self.day) = date.civil }

        private init(_ year: Int, _ month: Int, _ day: Int) {
            (self.year, self.month, self.day) = (year, month, day)
        }

        static func < (one: Day, other: Day) -> Bool {
            (one.year, one.month, one.day) < (other.year, other.month, other.day)
        }

        private static func length(_ year: Int, _ month: Int) -> Int {
            switch month {
            case 2: year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }

        /// Month by month, then back to the month's last day.
        func plus(months: Int) -> Day {
            var (year, month) = (self.year, self.month)
            for _ in 0..<months {
                month += 1
                if month == 13 { (year, month) = (year + 1, 1) }
            }
            return Day(year, month, min(self.day, Self.length(year, month)))
        }

        /// Monday to Friday (Zeller).
        var isWorking: Bool {
            let month = self.month < 3 ? self.month + 12 : self.month
            let year = self.month < 3 ? self.year - 1 : self.year
            let place = (self.day + 13 * (month + 1) / 5 + year + year / 4 - year / 100 + year / 400) % 7
            return place > 1
        }

        func minus(days: Int) -> Day {
            var (year, month, day) = (self.year, self.month, self.day)
            for _ in 0..<days {
                day -= 1
                if day == 0 {
                    month -= 1
                    if month == 0 { (year, month) = (year - 1, 12) }
                    day = Self.length(year, month)
                }
            }
            return Day(year, month, day)
        }
    }

    /// Whether a notice of five days from Monday to Friday fits between a day and the day before another one.
    private static func leavesNotice(from start: Day?, before day: Day) -> Bool {
        guard let start else { return true }
        var (working, one) = (0, day.minus(days: 1))
        while one >= start, working < 5 {
            if one.isWorking { working += 1 }
            one = one.minus(days: 1)
        }
        return working == 5
    }

    /// When each step was taken.
    private(set) var days: [Int: Day] = [:]
    private(set) var extended = 0

    /// Whether a step may be taken on a day, given facts that nothing stands against.
    func allows(_ step: Int, on date: LocalDate) -> Bool {
        let day = Day(date)
        var days = self.days
        if let meeting = days[15], days[17] == nil, day > meeting.plus(months: 6) {
            days[15] = nil
            days[16] = nil
        }
        let isReview = step == 10 && days[15] == nil && days[10].map { day > $0 } ?? false
        guard days[step] == nil || isReview else { return false }
        let groups: [Int: [Int]] = [
            9: [8], 10: [8], 11: [8], 12: [9, 10, 11], 15: [10, 14], 18: [17], 19: [17], 20: [17], 21: [17], 22: [17],
            23: [18, 19, 20, 21, 22],
        ]
        for before in groups[step] ?? (step == 1 ? [] : [step - 1]) {
            guard let then = days[before], then <= day else { return false }
        }
        switch step {
        case 2: return day <= (days[1]?.plus(months: 1) ?? day)
        case 7: return day >= (days[3]?.plus(months: 12) ?? day)
        case 8: return Self.leavesNotice(from: days[7], before: day)
        case 13: return Self.leavesNotice(from: days[12], before: day)
        case 12, 15: return day <= (days[10]?.plus(months: 12) ?? day)
        case 17: return day <= (days[15]?.plus(months: 3) ?? day)
        case 22: return day >= (self.end(days)?.minus(days: 7) ?? day)
        case 23: return day >= (self.end(days) ?? day)
        case 24: return day <= (days[23]?.plus(months: 3) ?? day)
        default: return true
        }
    }

    private func end(_ days: [Int: Day]) -> Day? { days[15]?.plus(months: 12).plus(months: self.extended) }

    func allowsExtension(_ months: Int, on date: LocalDate) -> Bool {
        guard self.days[17] != nil, self.days[23] == nil, self.extended == 0, let end = self.end(self.days) else {
            return false
        }
        return (6...12).contains(months) && Day(date) >= end && Day(date) < end.plus(months: months)
    }

    mutating func take(_ step: Int, on date: LocalDate) {
        let day = Day(date)
        if let meeting = self.days[15], self.days[17] == nil, day > meeting.plus(months: 6) {
            self.days[15] = nil
            self.days[16] = nil
        }
        self.days[step] = day
    }

    mutating func extend(_ months: Int) { self.extended += months }
}
