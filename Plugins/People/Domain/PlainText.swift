/// Text as people type it, brought to one form.
enum PlainText {
    /// The half-width form of full-width letters, digits and signs, and of the ideographic space.
    static func halfWidth(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x3000: result.append(" ")
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Half-width, without blanks at either end and with single blanks inside; the dots that part the names of some
    /// nationalities are one dot (`·`).
    static func name(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in self.halfWidth(text).unicodeScalars {
            switch scalar.value {
            case 0x2022, 0x2027, 0x30FB, 0xFF65, 0x2219, 0x22C5: result.append("\u{B7}")
            case _ where scalar.properties.isWhitespace:
                if let last = result.last, last != " " { result.append(" ") }
            default: result.append(scalar)
            }
        }
        if result.last == " " { result.removeLast() }
        return String(result)
    }

    /// A document's number: half-width, upper case, without blanks, so that one number has one form.
    static func number(_ text: String) -> String {
        String(self.halfWidth(text).filter { !$0.isWhitespace }).uppercased()
    }

    /// A telephone number: digits and a leading `+`; blanks, dashes and brackets are dropped. Nil where anything else stands.
    static func phone(_ text: String) -> String? {
        var digits = ""
        for character in self.halfWidth(text) {
            switch character {
            case "0"..."9": digits.append(character)
            case "+" where digits.isEmpty: digits.append(character)
            case " ", "-", "(", ")", "–", "—": continue
            default: return nil
            }
        }
        return (5...20).contains(digits.utf8.count) ? digits : nil
    }
}
