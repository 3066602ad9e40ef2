/// Weights written as decimal text, as exact milligrams (PC-04).
enum Milligrams {
    /// Reads `10`, `4.5` or `0.002`; nil for anything else: a sign, a blank, an exponent, a fourth decimal.
    static func parse(grams text: String) -> Int64? {
        DecimalText.parse(text, decimals: 3)
    }

    /// The same in kilograms, with six decimals.
    static func parse(kilograms text: String) -> Int64? {
        DecimalText.parse(text, decimals: 6)
    }
}
