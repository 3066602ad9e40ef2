import Testing
import XinglinTesting

@testable import DecoctionPieces

struct MilligramsTests {
    @Test(
        "grams as decimal text are exact milligrams",
        arguments: [
            ("0", 0), ("10", 10_000), ("4.5", 4_500), ("0.05", 50), ("0.002", 2), ("27.565", 27_565), ("27.56", 27_560),
            ("007", 7_000), ("999999999.999", 999_999_999_999),
        ])
    func exact(text: String, milligrams: Int64) {
        #expect(Milligrams.parse(grams: text) == milligrams)
    }

    @Test(
        "anything but plain decimal text is refused",
        arguments: [
            "", ".", "1.", ".5", "-1", "+1", " 1", "1 ", "1e3", "1,5", "0.0001", "1.2340", "1.2.3", "１", "٣", "0x10",
            "NaN",
            "1000000000",
        ])
    func refused(text: String) {
        #expect(Milligrams.parse(grams: text) == nil)
    }

    @Test("written as grams and read again, a weight is itself")
    func roundTrip() {
        var random = SeededGenerator.printed("milligrams")
        for _ in 0..<20_000 {
            let weight = Int64.random(in: 0...Int64.random(in: 0...999_999_999_999, using: &random), using: &random)
            let fraction = String(String(1000 + weight % 1000).dropFirst())
            #expect(Milligrams.parse(grams: "\(weight / 1000).\(fraction)") == weight)
            var short = fraction
            while short.hasSuffix("0") { short.removeLast() }
            #expect(Milligrams.parse(grams: short.isEmpty ? "\(weight / 1000)" : "\(weight / 1000).\(short)") == weight)
        }
    }
}
