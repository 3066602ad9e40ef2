/// Grams written as decimal text, as exact milligrams (PC-04). No floating point comes near a weight.
enum Milligrams {
    /// Reads `10`, `4.5` or `0.002`; nil for anything else: a sign, a blank, an exponent, a fourth decimal.
    static func parse(grams text: String) -> Int64? {
        let parts = text.utf8.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = self.number(parts[0], digits: 1...9) else { return nil }
        guard parts.count == 2 else { return whole * 1000 }
        guard let fraction = self.number(parts[1], digits: 1...3) else { return nil }
        let scale: Int64 = parts[1].count == 1 ? 100 : parts[1].count == 2 ? 10 : 1
        return whole * 1000 + fraction * scale
    }

    private static func number(_ text: Substring.UTF8View.SubSequence, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
