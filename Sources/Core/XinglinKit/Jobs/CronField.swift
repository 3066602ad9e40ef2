/// One of the five fields of a cron expression.
enum CronField: String, Sendable, CaseIterable {
    case minute
    case hour
    case dayOfMonth = "day of the month"
    case month
    case dayOfWeek = "day of the week"

    /// The numbers that may stand in it. Sunday is 0, and 7 as well.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// The names of its numbers from the least on.
    private var names: [String] {
        switch self {
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        case .minute, .hour, .dayOfMonth: []
        }
    }

    /// The numbers that the text names, as bits.
    func parse(_ text: Substring) throws(MalformedSchedule) -> UInt64 {
        var bits: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) { bits |= try self.item(item) }
        // Sunday is 0 from here on.
        if self == .dayOfWeek, bits & (1 << 7) != 0 { bits = bits & 0x7F | 1 }
        return bits
    }

    /// `*`, `5`, `1-5`, `*/15` or `8-18/2`.
    private func item(_ text: Substring) throws(MalformedSchedule) -> UInt64 {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let (first, last) = try self.span(parts[0], of: text)
        var step = 1
        if parts.count == 2 {
            guard let given = Self.number(parts[1]), given > 0, parts[0].contains("-") || parts[0] == "*" else {
                throw self.malformed(text)
            }
            step = given
        }
        return stride(from: first, through: last, by: step).reduce(into: 0) { $0 |= 1 << UInt64($1) }
    }

    private func span(_ text: Substring, of item: Substring) throws(MalformedSchedule) -> (Int, Int) {
        if text == "*" { return (self.range.lowerBound, self == .dayOfWeek ? 6 : self.range.upperBound) }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(ends.count), let first = self.value(ends[0]) else { throw self.malformed(item) }
        if ends.count == 1 { return (first, first) }
        guard let last = self.value(ends[1]), first <= last else { throw self.malformed(item) }
        return (first, last)
    }

    private func value(_ text: Substring) -> Int? {
        if let place = self.names.firstIndex(of: text.lowercased()) { return place + self.range.lowerBound }
        return Self.number(text).flatMap { self.range.contains($0) ? $0 : nil }
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private func malformed(_ item: Substring) -> MalformedSchedule {
        let names = self.names.first.map { ", names such as \($0)" } ?? ""
        return MalformedSchedule(
            "the \(self.rawValue) \"\(item)\" is none of its numbers \(self.range.lowerBound)-\(self.range.upperBound)\(names), "
                + "a range from the lesser to the greater, * or one of these with a /step")
    }
}

/// Why a text is no schedule.
public struct MalformedSchedule: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
