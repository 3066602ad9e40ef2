/// Text as people type it, brought to one form.
enum PlainText {
    /// The half-width form of full-width letters, digits and signs (`ＭＨ` → `MH`), and of the ideographic space.
    static func halfWidth(_ text: String) -> String {
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

    /// Without any blank.
    static func withoutBlanks(_ text: String) -> String {
        String(text.filter { !$0.isWhitespace })
    }

    /// Without blanks at either end.
    static func trimmed(_ text: String) -> String {
        let head = text.drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }

    /// A licence or batch number: half-width and without blanks, so that one number has one form.
    static func number(_ text: String) -> String {
        self.withoutBlanks(self.halfWidth(text))
    }
}
