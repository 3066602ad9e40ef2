internal import XinglinKit

/// The days that a report is about, in Asia/Shanghai.
struct ReportPeriod: Equatable {
    let from: LocalDate
    let to: LocalDate

    static let mostDays = 366

    /// From the first of the month unless told, until today unless told.
    /// - Throws: `host.invalidParams` naming the field, for a day to come, an end before the beginning, and more than 366 days.
    init(from: LocalDate?, to: LocalDate?, today: LocalDate) throws {
        let last = to ?? today
        guard last <= today else {
            throw Fault.invalid("/to", expected: "a date that is not in the future", zh: "不晚于今天的日期")
        }
        let first = from ?? last.firstOfMonth
        guard first <= last else {
            throw Fault.invalid("/from", expected: "a date not after `to`", zh: "不晚于 to 的日期")
        }
        guard last.daysSince1970 - first.daysSince1970 < Self.mostDays else {
            throw Fault.invalid(
                "/from", expected: "a date at most 365 days before `to`", zh: "与 to 相隔不超过 365 天")
        }
        self.from = first
        self.to = last
    }

    /// A single day, today unless told.
    init(asOf: LocalDate?, today: LocalDate) throws {
        let day = asOf ?? today
        guard day <= today else {
            throw Fault.invalid("/asOf", expected: "a date that is not in the future", zh: "不晚于今天的日期")
        }
        self.from = day
        self.to = day
    }

    /// A month until its end, or until today while it lasts.
    init(month day: LocalDate, today: LocalDate) throws {
        guard day.firstOfMonth <= today else {
            throw Fault.invalid("/period", expected: "a month that has begun", zh: "已开始的月份")
        }
        self.from = day.firstOfMonth
        self.to = min(today, day.lastOfMonth)
    }

    var days: Int { self.to.daysSince1970 - self.from.daysSince1970 + 1 }

    static let fields: [Schema.Field] = [
        .optional("from", .date, "The first day; the first of the month of `to` unless told."),
        .optional("to", .date, "The last day, at most 365 days later; today unless told."),
    ]
    static let asOfField = Schema.Field.optional("asOf", .date, "At the end of which day; today unless told.")
    static let replyFields: [Schema.Field] = [
        .required("from", .date, "The first day."), .required("to", .date, "The last day."),
    ]
}
