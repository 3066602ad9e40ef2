/// A string of the text, by the place of its content between the quotes.
struct JSONToken {
    let range: Range<Int>
    let hasEscapes: Bool
    /// ASCII without escapes: its bytes are its characters.
    let isPlain: Bool
}

/// A number of the text.
struct JSONNumber {
    let range: Range<Int>
    /// Written without fraction and exponent.
    let isInteger: Bool
}

extension JSONScanner {
    /// More digits than any number that we could mean; it bounds what a number costs.
    static let longestNumber = 400

    /// Reads a string and checks its escapes and its UTF-8.
    mutating func string() throws(JSONSyntaxError) -> JSONToken {
        self.position += 1
        let start = self.position
        var hasEscapes = false
        var isASCII = true
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            switch byte {
            case UInt8(ascii: "\""):
                let range = start..<self.position
                self.position += 1
                return JSONToken(range: range, hasEscapes: hasEscapes, isPlain: isASCII && !hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try self.escape()
            case 0..<0x20: throw self.fail("a control character in a string")
            case 0x80...:
                isASCII = false
                try self.multiByteScalar(byte)
            default: self.position += 1
            }
        }
        throw self.fail("unexpected end in a string")
    }

    /// Reads a number by the grammar of RFC 8259.
    mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = self.position
        var isInteger = true
        if self.isAt(UInt8(ascii: "-")) { self.position += 1 }
        if self.isAt(UInt8(ascii: "0")) { self.position += 1 } else { try self.digits() }
        if self.isAt(UInt8(ascii: ".")) {
            isInteger = false
            self.position += 1
            try self.digits()
        }
        if self.isAt(UInt8(ascii: "e")) || self.isAt(UInt8(ascii: "E")) {
            isInteger = false
            self.position += 1
            if self.isAt(UInt8(ascii: "+")) || self.isAt(UInt8(ascii: "-")) { self.position += 1 }
            try self.digits()
        }
        guard self.position - start <= Self.longestNumber else { throw self.fail("a number of too many digits") }
        return JSONNumber(range: start..<self.position, isInteger: isInteger)
    }

    /// Reads `true`, `false` or `null`, which is nil.
    mutating func literal() throws(JSONSyntaxError) -> Bool? {
        if self.takes("null") { return nil }
        if self.takes("true") { return true }
        if self.takes("false") { return false }
        throw self.fail("expected a value")
    }

    private mutating func takes(_ word: StaticString) -> Bool {
        guard self.position + word.utf8CodeUnitCount <= self.bytes.count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where self.bytes[self.position + offset] != word.utf8Start[offset] {
            return false
        }
        self.position += word.utf8CodeUnitCount
        return true
    }

    private func isAt(_ byte: UInt8) -> Bool {
        self.position < self.bytes.count && self.bytes[self.position] == byte
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = self.position
        while self.position < self.bytes.count, case 0x30...0x39 = self.bytes[self.position] { self.position += 1 }
        guard self.position > start else { throw self.fail("expected a digit") }
    }

    private mutating func escape() throws(JSONSyntaxError) {
        guard self.position + 1 < self.bytes.count else { throw self.fail("unexpected end in a string") }
        switch self.bytes[self.position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.position += 2
        case UInt8(ascii: "u"):
            guard let unit = self.codeUnit(at: self.position) else { throw self.fail("expected four hex digits") }
            switch unit {
            case 0xD800...0xDBFF:
                guard let low = self.codeUnit(at: self.position + 6), (0xDC00...0xDFFF).contains(low) else {
                    throw self.fail("half of a surrogate pair")
                }
                self.position += 12
            case 0xDC00...0xDFFF: throw self.fail("half of a surrogate pair")
            default: self.position += 6
            }
        default: throw self.fail("an unknown escape")
        }
    }

    /// The UTF-16 code unit of a `\uXXXX` at that place.
    func codeUnit(at place: Int) -> UInt16? {
        guard place + 6 <= self.bytes.count, self.bytes[place] == UInt8(ascii: "\\"),
            self.bytes[place + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for offset in 2..<6 {
            switch self.bytes[place + offset] {
            case let byte where (0x30...0x39).contains(byte): unit = unit << 4 | UInt16(byte - 0x30)
            case let byte where (0x41...0x46).contains(byte): unit = unit << 4 | UInt16(byte - 0x41 + 10)
            case let byte where (0x61...0x66).contains(byte): unit = unit << 4 | UInt16(byte - 0x61 + 10)
            default: return nil
            }
        }
        return unit
    }

    /// Steps over one scalar of two to four bytes (Unicode 15, table 3-7): no overlong forms, no surrogates, none beyond U+10FFFF.
    private mutating func multiByteScalar(_ lead: UInt8) throws(JSONSyntaxError) {
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw self.fail("bytes that are not UTF-8")
        }
        guard self.position + length <= self.bytes.count, second.contains(self.bytes[self.position + 1]) else {
            throw self.fail("bytes that are not UTF-8")
        }
        for offset in 2..<max(length, 2) where !(0x80...0xBF).contains(self.bytes[self.position + offset]) {
            throw self.fail("bytes that are not UTF-8")
        }
        self.position += length
    }
}
