extension JSONScanner {
    /// The characters of a string that has been read.
    func text(of token: JSONToken) -> String {
        guard token.hasEscapes else { return String(decoding: self.bytes[token.range], as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(token.range.count)
        var place = token.range.lowerBound
        while place < token.range.upperBound {
            let byte = self.bytes[place]
            if byte == UInt8(ascii: "\\") {
                place += self.unescape(at: place, into: &text)
            } else {
                text.append(byte)
                place += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether a string that has been read is that ASCII text.
    func isText(_ token: JSONToken, _ text: StaticString) -> Bool {
        guard token.isPlain else { return self.text(of: token) == "\(text)" }
        return self.bytes[token.range].elementsEqual(
            UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The exact value of a number, or its text where that is no 64-bit integer.
    func value(of number: JSONNumber) -> Int64? {
        guard number.isInteger else { return nil }
        var digits = self.bytes[number.range]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        var value: Int64 = 0
        for byte in digits {
            // Accumulated below zero, where there is one integer more than above.
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, underflow) = tenfold.subtractingReportingOverflow(Int64(byte - 0x30))
            guard !overflow, !underflow else { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// - Returns: how many bytes the escape takes in the text.
    private func unescape(at place: Int, into text: inout [UInt8]) -> Int {
        switch self.bytes[place + 1] {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): return self.unescapeUnit(at: place, into: &text)
        case let byte: text.append(byte)
        }
        return 2
    }

    private func unescapeUnit(at place: Int, into text: inout [UInt8]) -> Int {
        let unit = UInt32(self.codeUnit(at: place) ?? 0xFFFD)
        let isPair = (0xD800...0xDBFF).contains(unit)
        let low = isPair ? UInt32(self.codeUnit(at: place + 6) ?? 0xDC00) : 0
        let scalar = isPair ? 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00) : unit
        text.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
        return isPair ? 12 : 6
    }
}
