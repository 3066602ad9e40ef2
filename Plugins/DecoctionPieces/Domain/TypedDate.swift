internal import XinglinKit

/// Dates as people and spreadsheets write them.
enum TypedDate {
    /// Reads `2026-09-23`, `2026/9/23`, `2026.9.23`, `2026年9月23日` or `20260923`; nil for anything else.
    static func parse(_ text: String) -> LocalDate? {
        let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if digits, text.utf8.count == 8, let number = Int(text) {
            return LocalDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
        for separators in [["-", "-", ""], ["/", "/", ""], [".", ".", ""], ["年", "月", "日"]] {
            if let date = self.parse(text, separators) { return date }
        }
        return nil
    }

    private static func parse(_ text: String, _ separators: [String]) -> LocalDate? {
        guard text.hasSuffix(separators[2]) else { return nil }
        let year = text.dropLast(separators[2].count).split(
            separator: separators[0], maxSplits: 1, omittingEmptySubsequences: false)
        guard year.count == 2 else { return nil }
        let rest = year[1].split(separator: separators[1], maxSplits: 1, omittingEmptySubsequences: false)
        guard rest.count == 2, year[0].utf8.count == 4, let first = self.number(year[0]),
            let second = self.number(rest[0]), let third = self.number(rest[1])
        else { return nil }
        return LocalDate(year: first, month: second, day: third)
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
