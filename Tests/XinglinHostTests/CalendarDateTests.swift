import Foundation
import Testing
import XinglinKit
import XinglinTesting

@Suite("Months, quarters, weeks and working days")
struct CalendarDateTests {
    private static func date(_ text: String) throws -> LocalDate { try #require(LocalDate(text)) }

    @Test(
        "every day of 1900 to 2100 is as Foundation's calendar has it: weekday, months and years later, month and quarter"
    )
    func asFoundationHasIt() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let (first, last) = (try Self.date("1900-01-01"), try Self.date("2100-12-31"))
        var random = SeededGenerator.printed("dates")
        for number in first.daysSince1970...last.daysSince1970 {
            let (date, months) = (LocalDate(daysSince1970: number), Int.random(in: -1300...1300, using: &random))
            let instant = Date(timeIntervalSince1970: Double(number) * 86_400)
            func day(_ other: Date?) -> Int? { other.map { Int($0.timeIntervalSince1970 / 86_400) } }
            // Not `date(byAdding: .month)`: going back by decades, it gives 28 February 1904, and 1 March 1900 for the end of February.
            func later(_ months: Int) -> Int? {
                let index = date.civil.year * 12 + date.civil.month - 1 + months
                let begin = calendar.date(from: DateComponents(year: index / 12, month: index % 12 + 1, day: 1))
                guard let begin, let days = calendar.range(of: .day, in: .month, for: begin) else { return nil }
                return day(begin).map { $0 + min(date.civil.day, days.count) - 1 }
            }
            let month = calendar.dateInterval(of: .month, for: instant)
            let isRight =
                date.weekday % 7 + 1 == calendar.component(.weekday, from: instant)
                && date.adding(months: months).daysSince1970 == later(months)
                && date.adding(years: months / 12).daysSince1970 == later(months / 12 * 12)
                && date.firstOfMonth.daysSince1970 == day(month?.start)
                && date.lastOfMonth.daysSince1970 + 1 == day(month?.end)
            guard isRight else {
                Issue.record("\(date) and \(months) months")
                return
            }
            let (civil, begin, end) = (date.civil, date.firstOfQuarter.civil, date.lastOfQuarter)
            #expect(begin.year == civil.year && begin.day == 1 && [1, 4, 7, 10].contains(begin.month))
            #expect((0...2).contains(civil.month - begin.month) && end.civil.month == begin.month + 2)
            #expect(end == end.lastOfMonth && end.civil.year == civil.year)
        }
    }

    @Test(
        "the end of a month stays one",
        arguments: [
            ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", -1, "2026-02-28"),
            ("2026-10-31", 6, "2027-04-30"), ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
            ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"), ("2026-05-05", 0, "2026-05-05"),
        ])
    func months(from: String, months: Int, to: String) throws {
        #expect(try Self.date(from).adding(months: months) == Self.date(to))
    }

    @Test(
        "years are completed on the birthday, and on 1 March for 29 February",
        arguments: [
            ("2000-05-10", "2018-05-09", 17), ("2000-05-10", "2018-05-10", 18), ("2000-02-29", "2018-02-28", 17),
            ("2000-02-29", "2018-03-01", 18), ("2000-02-29", "2020-02-28", 19), ("2000-02-29", "2020-02-29", 20),
            ("2026-11-22", "2026-11-21", 0), ("2026-11-22", "2020-01-01", 0),
        ])
    func years(born: String, on day: String, years: Int) throws {
        #expect(try Self.date(born).years(on: Self.date(day)) == years)
    }

    @Test("a working day is one from Monday to Friday: as counted day by day, forwards and back")
    func workingDays() throws {
        func walked(_ date: LocalDate, _ count: Int) -> LocalDate {
            var (day, left) = (date, abs(count))
            while left > 0 {
                day = day.adding(days: count.signum())
                if day.weekday <= 5 { left -= 1 }
            }
            return day
        }
        let start = try Self.date("1969-12-01")
        for offset in 0..<90 {
            let date = start.adding(days: offset)
            for count in -23...23 {
                let other = date.adding(workingDays: count)
                #expect(other == walked(date, count), "\(date) and \(count)")
                #expect(date.workingDays(to: other) == count, "\(date) and \(count)")
            }
        }
        // Friday 20 November 2026 and the Saturday behind it.
        let (friday, monday) = (try Self.date("2026-11-20"), try Self.date("2026-11-23"))
        #expect(friday.weekday == 5 && friday.adding(workingDays: 1) == monday)
        #expect(friday.adding(days: 1).adding(workingDays: 1) == monday)
        #expect(friday.workingDays(to: friday.adding(days: 2)) == 0)
        #expect(try Self.date("1900-01-01").workingDays(to: Self.date("2100-01-01")) == 52_179)
    }
}
