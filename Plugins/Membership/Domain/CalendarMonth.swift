internal import XinglinKit

/// A month, `2026-11` on the wire and its first day in the database.
struct CalendarMonth: Hashable, Comparable, Sendable, Codable, SQLBindable, SQLTextDecodable, CustomStringConvertible {
    let first: LocalDate

    /// The month that a day lies in.
    init(of day: LocalDate) {
        self.first = day.firstOfMonth
    }

    /// Reads `YYYY-MM`, or nil.
    init?(code: String) {
        guard let first = LocalDate(code + "-01"), code.utf8.count == 7 else { return nil }
        self.first = first
    }

    init?(sqlText: String) {
        guard let day = LocalDate(sqlText) else { return nil }
        self.init(of: day)
    }

    init(from decoder: any Decoder) throws {
        let code = try decoder.singleValueContainer().decode(String.self)
        guard let month = CalendarMonth(code: code) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a month"))
        }
        self = month
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }

    /// The month as a parameter names it.
    /// - Throws: `host.invalidParams`.
    static func read(_ code: String, at pointer: String) throws(Fault) -> CalendarMonth {
        guard let month = CalendarMonth(code: code), month.first.civil.year >= 1921 else {
            throw Fault.invalid(pointer, expected: "a month YYYY-MM from 1921 on", zh: "1921 年起的月份 YYYY-MM")
        }
        return month
    }

    var last: LocalDate { self.first.lastOfMonth }
    var sqlText: String? { self.first.description }
    var description: String { String(self.first.description.prefix(7)) }

    func adding(_ months: Int) -> CalendarMonth { CalendarMonth(of: self.first.adding(months: months)) }

    /// How many months later another one is.
    func months(to other: CalendarMonth) -> Int {
        let (from, to) = (self.first.civil, other.first.civil)
        return (to.year - from.year) * 12 + to.month - from.month
    }

    static func < (left: CalendarMonth, right: CalendarMonth) -> Bool { left.first < right.first }

    /// How a parameter or a reply has it.
    static let schema = Schema.code(7...7)
}
