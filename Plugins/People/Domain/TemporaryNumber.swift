internal import XinglinKit

/// The number of a person without a document: `T`, the date (6), a running number (at least 5), a check digit
/// (GB/T 17710, ISO 7064 MOD 11,10), such as `T261122000426`. The running number never returns, so neither does the whole.
struct TemporaryNumber: Equatable {
    let text: String

    init(on date: LocalDate, sequence: Int64) {
        let (year, month, day) = date.civil
        let running = Self.padded(Int(sequence), 5)
        let digits = Self.padded(year % 100, 2) + Self.padded(month, 2) + Self.padded(day, 2) + running
        self.text = "T\(digits)\(Self.check(of: digits))"
    }

    /// Reads one as people type it, or nil where it is none or mistyped.
    init?(_ text: String) {
        let normal = PlainText.number(text)
        let digits = normal.dropFirst()
        guard normal.first == "T", digits.utf8.count >= 12, digits.utf8.count <= 26,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let last = digits.last?.wholeNumberValue,
            Self.check(of: String(digits.dropLast())) == last
        else { return nil }
        self.text = normal
    }

    private static func check(of digits: String) -> Int {
        var product = 10
        for byte in digits.utf8 {
            let sum = (product + Int(byte) - 0x30) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (11 - product) % 10
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
