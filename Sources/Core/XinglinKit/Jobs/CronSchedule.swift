/// Times given by a cron expression of five fields (minute, hour, day of the month, month, day of the week), in
/// Asia/Shanghai.
///
/// A field holds `*`, numbers, names (`mon`, `jan`), ranges, lists and steps: `*/15`, `8-18/2`, `mon-fri`, `1,15`. Where both
/// days are restricted, a day on which either fits counts; a field that begins with `*` does not restrict (so cron has it).
/// No clock is ever put forward or back in Asia/Shanghai, so every local time is there once each day.
public struct CronSchedule: Sendable, Hashable, CustomStringConvertible {
    /// The expression, one blank between its fields.
    public let description: String
    private let minutes: UInt64
    private let hours: UInt64
    private let daysOfMonth: UInt64
    private let months: UInt64
    private let daysOfWeek: UInt64
    /// Whether a day must fit both in the month and in the week.
    private let needsBothDays: Bool

    /// - Throws: where it is no expression, or one for times that never come, such as 30 February.
    public init(_ text: String) throws(MalformedSchedule) {
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == CronField.allCases.count else {
            throw MalformedSchedule(
                "\"\(text)\" has \(fields.count) fields; a schedule has five: minute, hour, day of the month, month, day of the week"
            )
        }
        self.description = fields.joined(separator: " ")
        self.minutes = try CronField.minute.parse(fields[0])
        self.hours = try CronField.hour.parse(fields[1])
        self.daysOfMonth = try CronField.dayOfMonth.parse(fields[2])
        self.months = try CronField.month.parse(fields[3])
        self.daysOfWeek = try CronField.dayOfWeek.parse(fields[4])
        self.needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
        // Days repeat every 400 years to the weekday.
        guard self.day(from: LocalDate(daysSince1970: 0), step: 1) != nil else {
            throw MalformedSchedule("\"\(self.description)\" names days that never come")
        }
    }

    /// The first time after an instant; nil only at the end of all calendars.
    public func next(after instant: Timestamp) -> Timestamp? {
        // The first whole minute after it.
        let from = LocalMinute(floor: instant).adding(1)
        if self.fits(from.date), let minute = self.minute(atOrAfter: from.minute) { return from.date.at(minute) }
        return self.day(from: from.date.adding(days: 1), step: 1).flatMap { day in
            self.minute(atOrAfter: 0).map { day.at($0) }
        }
    }

    /// The last time at or before an instant.
    public func last(atOrBefore instant: Timestamp) -> Timestamp? {
        let to = LocalMinute(floor: instant)
        if self.fits(to.date), let minute = self.minute(atOrBefore: to.minute) { return to.date.at(minute) }
        return self.day(from: to.date.adding(days: -1), step: -1).flatMap { day in
            self.minute(atOrBefore: LocalMinute.perDay - 1).map { day.at($0) }
        }
    }

    private static let daysIn400Years = 146_097

    /// The first day on which it fits, from one on in steps.
    private func day(from start: LocalDate, step: Int) -> LocalDate? {
        var day = start
        for _ in 0..<Self.daysIn400Years {
            if self.fits(day) { return day }
            day = day.adding(days: step)
        }
        return nil
    }

    private func fits(_ day: LocalDate) -> Bool {
        let civil = day.civil
        guard Self.has(self.months, civil.month) else { return false }
        let inMonth = Self.has(self.daysOfMonth, civil.day)
        // Sunday is 0 in a schedule.
        let inWeek = Self.has(self.daysOfWeek, day.weekday % 7)
        return self.needsBothDays ? inMonth && inWeek : inMonth || inWeek
    }

    private func minute(atOrAfter start: Int) -> Int? {
        (start..<LocalMinute.perDay).first { self.fits(minute: $0) }
    }

    private func minute(atOrBefore end: Int) -> Int? {
        (0...end).last { self.fits(minute: $0) }
    }

    private func fits(minute: Int) -> Bool {
        Self.has(self.hours, minute / 60) && Self.has(self.minutes, minute % 60)
    }

    private static func has(_ bits: UInt64, _ number: Int) -> Bool { bits & (1 << UInt64(number)) != 0 }
}

/// A minute of a day in Asia/Shanghai.
private struct LocalMinute {
    let date: LocalDate
    let minute: Int

    static let perDay = 1440
    static let microseconds: Int64 = 60_000_000

    init(date: LocalDate, minute: Int) {
        self.date = date
        self.minute = minute
    }

    /// The minute that an instant lies in.
    init(floor instant: Timestamp) {
        let date = instant.localDate
        self.init(
            date: date, minute: Int((instant.microseconds - date.at(0).microseconds) / Self.microseconds))
    }

    func adding(_ minutes: Int) -> LocalMinute {
        let sum = self.minute + minutes
        return LocalMinute(date: self.date.adding(days: sum / Self.perDay), minute: sum % Self.perDay)
    }
}

extension LocalDate {
    /// The instant of a minute of this day in Asia/Shanghai.
    fileprivate func at(_ minute: Int) -> Timestamp {
        Timestamp(
            microseconds: (Int64(self.daysSince1970) * Int64(LocalMinute.perDay) + Int64(minute))
                * LocalMinute.microseconds - Timestamp.shanghaiOffset)
    }
}
