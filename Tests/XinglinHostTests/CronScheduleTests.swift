import Foundation
import Testing
import XinglinKit
import XinglinTesting

struct CronScheduleTests {
    /// What a field may say: random items as text, and the numbers that they name.
    private static func field(
        _ range: ClosedRange<Int>, names: [String] = [], _ random: inout SeededGenerator
    ) -> (text: String, numbers: Set<Int>, isStar: Bool) {
        func named(_ number: Int) -> String {
            let place = number - range.lowerBound
            return names.indices.contains(place) && Bool.random(using: &random) ? names[place] : String(number)
        }
        func item(_ kind: Int) -> (String, Set<Int>) {
            let (a, b) = (Int.random(in: range, using: &random), Int.random(in: range, using: &random))
            let (low, high) = (min(a, b), max(a, b))
            let step = Int.random(in: 1...20, using: &random)
            switch kind {
            case 0: return ("*", Set(range))
            case 1: return ("*/\(step)", Set(stride(from: range.lowerBound, through: range.upperBound, by: step)))
            case 2: return ("\(named(low))-\(named(high))", Set(low...high))
            case 3: return ("\(low)-\(high)/\(step)", Set(stride(from: low, through: high, by: step)))
            default: return (named(a), [a])
            }
        }
        let items = (0..<Int.random(in: 1...3, using: &random)).map { _ in item(Int.random(in: 0...6, using: &random)) }
        let text = items.map(\.0).joined(separator: ",")
        return (text, items.reduce(into: []) { $0.formUnion($1.1) }, text.hasPrefix("*"))
    }

    @Test("the next and the last time are those that a search through the calendar finds")
    func bruteForce() throws {
        var random = SeededGenerator.printed("schedules")
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "Asia/Shanghai"))
        var found = 0
        while found < 300 {
            let minutes = Self.field(0...59, &random)
            let hours = Self.field(0...23, &random)
            let days = Self.field(1...31, &random)
            let months = Self.field(1...12, names: "jan feb mar apr may jun jul aug sep oct nov dec".words, &random)
            let weekdays = Self.field(0...6, names: "sun mon tue wed thu fri sat".words, &random)
            let text = [minutes, hours, days, months, weekdays].map(\.text).joined(separator: " ")
            func fits(_ day: Date) -> Bool {
                let parts = calendar.dateComponents([.day, .month, .weekday], from: day)
                guard let number = parts.day, let month = parts.month, let weekday = parts.weekday else { return false }
                let (inMonth, inWeek) = (days.numbers.contains(number), weekdays.numbers.contains(weekday - 1))
                return months.numbers.contains(month)
                    && (days.isStar || weekdays.isStar ? inMonth && inWeek : inMonth || inWeek)
            }
            let times = hours.numbers.sorted().flatMap { hour in minutes.numbers.sorted().map { hour * 60 + $0 } }
            // From 1998 on: the search goes back by 2,000 days at the most, and the last summer time ended in 1991.
            let instant = Timestamp(
                microseconds: Int64.random(in: 883_612_800...4_000_000_000, using: &random) * 1_000_000
                    + Int64.random(in: 0...1, using: &random))
            let midnight = calendar.startOfDay(for: Date(timeIntervalSince1970: instant.seconds))
            func time(_ dayOffset: Int, _ minute: Int) -> Timestamp? {
                guard let day = calendar.date(byAdding: .day, value: dayOffset, to: midnight) else { return nil }
                return Timestamp(microseconds: Int64(day.timeIntervalSince1970 + Double(minute * 60)) * 1_000_000)
            }
            func day(_ offset: Int) -> Bool {
                calendar.date(byAdding: .day, value: offset, to: midnight).map(fits) ?? false
            }
            let schedule: CronSchedule
            do {
                schedule = try CronSchedule(text)
            } catch {
                #expect(!(0..<2_000).contains(where: day), "\(text): \(error)")
                continue
            }
            guard
                let ahead = (0..<2_000).first(where: { offset in
                    day(offset) && times.contains { time(offset, $0).map { $0 > instant } ?? false }
                }),
                let behind = (0..<2_000).first(where: { offset in
                    day(-offset) && times.contains { time(-offset, $0).map { $0 <= instant } ?? false }
                })
            else { continue }
            found += 1
            let next = times.compactMap { time(ahead, $0) }.first { $0 > instant }
            let last = times.compactMap { time(-behind, $0) }.last { $0 <= instant }
            #expect(schedule.next(after: instant) == next, "\(text) after \(instant)")
            #expect(schedule.last(atOrBefore: instant) == last, "\(text) at \(instant)")
        }
    }

    @Test(
        "known times",
        arguments: [
            ("30 6 * * *", "2026-11-22T06:30:00+08:00", "2026-11-23T06:30:00+08:00"),
            ("30 6 * * *", "2026-11-22T06:29:59.999999+08:00", "2026-11-22T06:30:00+08:00"),
            ("0 0 29 2 *", "2026-01-01T00:00:00+08:00", "2028-02-29T00:00:00+08:00"),
            ("0 0 29 2 *", "2097-01-01T00:00:00+08:00", "2104-02-29T00:00:00+08:00"),
            // 1 March 2026 is a Sunday.
            ("0 8 1 * mon", "2026-02-28T09:00:00+08:00", "2026-03-01T08:00:00+08:00"),
            ("0 8 1 * mon", "2026-03-01T08:00:00+08:00", "2026-03-02T08:00:00+08:00"),
            ("0 8 */31 * mon", "2026-03-01T00:00:00+08:00", "2026-06-01T08:00:00+08:00"),
            ("59 23 31 12 7", "2026-12-28T00:00:00+08:00", "2026-12-31T23:59:00+08:00"),
            ("*/20 8-9 * * MON-FRI", "2026-11-20T09:40:00+08:00", "2026-11-23T08:00:00+08:00"),
            ("0 0 * * 5-7", "2026-11-22T00:00:00+08:00", "2026-11-27T00:00:00+08:00"),
        ])
    func knownTimes(text: String, after: String, next: String) throws {
        let schedule = try CronSchedule(text)
        #expect(schedule.next(after: try #require(Timestamp(after)))?.description == next)
        let time = try #require(Timestamp(next))
        #expect(schedule.last(atOrBefore: time) == time)
    }

    @Test(
        "what is no schedule, or never comes, is refused with a reason",
        arguments: [
            ("", "five"), ("* * * *", "five"), ("* * * * * *", "five"), ("@daily", "five"), ("60 * * * *", "minute"),
            ("* 24 * * *", "hour"), ("* * 0 * *", "day of the month"), ("* * 32 * *", "day of the month"),
            ("* * * 13 *", "month"), ("* * * * 8", "day of the week"), ("* * * * funday", "day of the week"),
            ("5-1 * * * *", "minute"), ("*/0 * * * *", "minute"), ("5/2 * * * *", "minute"), ("1,,2 * * * *", "minute"),
            ("-1 * * * *", "minute"), ("1- * * * *", "minute"), ("1-2-3 * * * *", "minute"), ("001 * * * *", "minute"),
            ("fri-mon * * * *", "minute"), ("* * * * fri-mon", "day of the week"), ("٣ * * * *", "minute"),
            ("0 0 30 2 *", "never"), ("0 0 31 4,6,9,11 *", "never"), ("0 0 30-31 feb *", "never"),
        ])
    func refused(text: String, why: String) throws {
        let error = #expect(throws: MalformedSchedule.self) { try CronSchedule(text) }
        #expect(try #require(error).description.contains(why))
    }
}

extension String {
    fileprivate var words: [String] { self.split(separator: " ").map(String.init) }
}

extension Timestamp {
    fileprivate var seconds: Double { Double(self.microseconds) / 1_000_000 }
}
