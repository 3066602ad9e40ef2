import Testing
import XinglinKit

@testable import XinglinRPC

/// Whole families of texts against an independent judge, where the corpus has single samples.
@Suite("Families of JSON texts")
struct FamilyTests {
    private static let quote = UInt8(ascii: "\"")

    private func takes(_ bytes: [UInt8]) -> Bool {
        let tree = try? JSONReader.parse(bytes)
        let isValid = (try? JSONReader.validate(bytes)) != nil
        #expect(isValid == (tree != nil), "the two ways of reading disagree on \(bytes)")
        return isValid
    }

    @Test("of all texts of up to five characters of numbers exactly those of the grammar are taken")
    func numbers() {
        let alphabet = Array("-+.e019".utf8)
        var texts: [[UInt8]] = [[]]
        for _ in 1...5 {
            texts = texts.flatMap { text in alphabet.map { text + [$0] } }
            for text in texts where self.takes(text) != NumberGrammar.holds(text) {
                Issue.record("\(String(decoding: text, as: UTF8.self))")
            }
        }
    }

    @Test("of all single bytes only digits are a text")
    func singleBytes() {
        for byte in UInt8.min ... .max { #expect(self.takes([byte]) == (0x30...0x39).contains(byte), "\(byte)") }
    }

    @Test("of all bytes only the space of JSON may stand around a value")
    func space() {
        for byte in UInt8.min ... .max {
            #expect(self.takes([byte] + Array("[]".utf8)) == [0x20, 0x09, 0x0A, 0x0D].contains(byte), "\(byte)")
            #expect(self.takes(Array("[]".utf8) + [byte]) == [0x20, 0x09, 0x0A, 0x0D].contains(byte), "\(byte)")
        }
    }

    @Test("of all bytes only eight may follow a backslash, and u only with four digits")
    func escapes() {
        for byte in UInt8.min ... .max {
            let isEscape = Array("\"\\/bfnrt".utf8).contains(byte)
            #expect(self.takes(Array("\"\\".utf8) + [byte, Self.quote]) == isEscape, "\(byte)")
            let isHex = (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
            for place in 0..<4 {
                var digits = Array("00e9".utf8)
                digits[place] = byte
                // 0xD800 to 0xDFFF cannot come out: the first digit is 0, or the second is.
                #expect(self.takes(Array("\"\\u".utf8) + digits + [Self.quote]) == isHex, "\(byte) at \(place)")
            }
        }
    }

    @Test("all pairs of bytes in a string are taken exactly where Swift finds UTF-8 in them")
    func pairs() {
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max { self.check([first, second]) }
        }
    }

    @Test("three and four bytes at the edges of UTF-8 are taken exactly where Swift finds UTF-8 in them")
    func longSequences() {
        let edges: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        for lead in UInt8(0xE0) ... .max {
            for second in edges {
                for third in edges {
                    self.check([lead, second, third])
                    for fourth in edges { self.check([lead, second, third, fourth]) }
                }
            }
        }
    }

    private func check(_ bytes: [UInt8]) {
        let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 != Self.quote && $0 != UInt8(ascii: "\\") }
        let text = String(validating: bytes, as: UTF8.self)
        let tree = try? JSONReader.parse([Self.quote] + bytes + [Self.quote])
        // Two bytes may be an escape, or end the string.
        if !isPlain, bytes.contains(UInt8(ascii: "\\")) || bytes.contains(Self.quote) { return }
        if tree != (isPlain ? text.map { JSONValue.string($0) } : nil) { Issue.record("\(bytes)") }
    }

    @Test("no beginning of a text is a text")
    func beginnings() {
        let whole = Array(#"{"a":[1.5e-3,-20,"麻\u9ebb\n😀\uD83D\uDE00",true,false,null,{"b":{}}],"c":[]}"#.utf8)
        #expect(self.takes(whole))
        for length in whole.indices { #expect(!self.takes(Array(whole[..<length])), "\(length)") }
    }

    @Test("no word but three is a value, in any case of its letters")
    func words() {
        for word in ["true", "false", "null"] {
            for pattern in 1..<(1 << word.count) {
                let bytes = word.utf8.enumerated().map {
                    pattern >> $0.offset & 1 == 1 ? $0.element - 0x20 : $0.element
                }
                #expect(!self.takes(bytes))
            }
        }
    }
}

/// The grammar of numbers (RFC 8259, section 6) as a table of states, written apart from the reader.
private enum NumberGrammar {
    private enum State { case start, minus, zero, digits, point, fraction, exponent, sign, power }

    static func holds(_ text: [UInt8]) -> Bool {
        var state = State.start
        for byte in text {
            guard let next = self.step(state, Character(Unicode.Scalar(byte))) else { return false }
            state = next
        }
        return [.zero, .digits, .fraction, .power].contains(state)
    }

    private static func step(_ state: State, _ character: Character) -> State? {
        switch (state, character) {
        case (.start, "-"): .minus
        case (.start, "0"), (.minus, "0"): .zero
        case (.start, "1"..."9"), (.minus, "1"..."9"), (.digits, "0"..."9"): .digits
        case (.zero, "."), (.digits, "."): .point
        case (.point, "0"..."9"), (.fraction, "0"..."9"): .fraction
        case (.zero, "e"), (.digits, "e"), (.fraction, "e"): .exponent
        case (.exponent, "+"), (.exponent, "-"): .sign
        case (.exponent, "0"..."9"), (.sign, "0"..."9"), (.power, "0"..."9"): .power
        default: nil
        }
    }
}
