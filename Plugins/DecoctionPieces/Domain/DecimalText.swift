/// Decimal numbers written as text, as exact integers of a smaller unit. No floating point comes near a weight or a price.
enum DecimalText {
    /// Reads `10`, `4.5` or `0.002` as a number of units of 10^-`decimals`; nil for anything else: a sign, a blank, an exponent,
    /// one decimal too many, more than nine digits before the point.
    static func parse(_ text: String, decimals: Int) -> Int64? {
        let parts = text.utf8.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = self.number(parts[0], digits: 1...9) else { return nil }
        let scale = (0..<decimals).reduce(Int64(1)) { value, _ in value * 10 }
        guard parts.count == 2 else { return whole * scale }
        guard decimals > 0, let fraction = self.number(parts[1], digits: 1...decimals) else { return nil }
        return whole * scale + (parts[1].count..<decimals).reduce(fraction) { value, _ in value * 10 }
    }

    /// Writes a number of units of 10^-`decimals` so that `parse` reads it, without zeros at its end.
    static func written(_ value: Int64, decimals: Int) -> String {
        let scale = (0..<decimals).reduce(Int64(1)) { value, _ in value * 10 }
        var fraction = String(scale + value % scale).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? String(value / scale) : "\(value / scale).\(fraction)"
    }

    private static func number(_ text: Substring.UTF8View.SubSequence, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
