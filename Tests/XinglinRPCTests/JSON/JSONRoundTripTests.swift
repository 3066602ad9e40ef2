import Testing
import XinglinKit
import XinglinTesting

@testable import XinglinRPC

@Suite("JSON there and back")
struct JSONRoundTripTests {
    @Test("a random tree is equal after writing and reading", arguments: 0..<20)
    func roundTrip(round: UInt64) throws {
        var random = SeededGenerator(seed: 0x5EED_0000 + round)
        for _ in 0..<50 {
            let tree = random.tree(depth: 5)
            let text = tree.canonicalText
            #expect(try JSONReader.parse(text.utf8) == tree, "seed \(random.seed): \(text)")
            #expect(!text.utf8.contains(0x0A), "seed \(random.seed)")
            #expect(try JSONCodec.encode(tree) == Array(text.utf8), "seed \(random.seed)")
            #expect(try JSONCodec.decode(JSONValue.self, from: tree) == tree, "seed \(random.seed)")
        }
    }

    @Test("no change of a single byte makes the reader misbehave", arguments: 0..<20)
    func mutation(round: UInt64) throws {
        var random = SeededGenerator(seed: 0xBAD_0000 + round)
        for _ in 0..<100 {
            var bytes = Array(random.tree(depth: 4).canonicalText.utf8)
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            let tree = try? JSONReader.parse(bytes)
            let isValid = (try? JSONReader.validate(bytes)) != nil
            #expect(isValid == (tree != nil), "seed \(random.seed)")
            guard let tree else { continue }
            #expect(try JSONReader.parse(tree.canonicalText.utf8) == tree, "seed \(random.seed)")
        }
    }
}

extension SeededGenerator {
    mutating func tree(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self))
        case 2: .integer(Int64.random(in: .min ... .max, using: &self))
        case 3: .integer(Int64.random(in: -20...20, using: &self))
        case 4: .number(["0.5", "-1e9", "18446744073709551616", "3.0E+2"].randomElement(using: &self) ?? "0.1")
        case 5: .string(self.text())
        case 6: .array((0..<Int.random(in: 0...5, using: &self)).map { _ in self.tree(depth: depth - 1) })
        default:
            .object(
                (0..<Int.random(in: 0...20, using: &self)).reduce(into: [:]) { members, _ in
                    members[self.text()] = self.tree(depth: depth - 1)
                })
        }
    }

    mutating func text() -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "Z", "0", "\"", "\\", "/", "\n", "\0", "\u{1F}", "é", "麻", "黄", "\u{2028}", "😀", "\u{10FFFF}",
        ]
        return (0..<Int.random(in: 0...8, using: &self)).reduce(into: "") { text, _ in
            text.unicodeScalars.append(scalars.randomElement(using: &self) ?? "a")
        }
    }
}
