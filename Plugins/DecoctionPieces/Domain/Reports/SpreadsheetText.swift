/// Cells of files that people open in a spreadsheet.
enum SpreadsheetText {
    /// What a person typed, so that no spreadsheet takes it for a formula: an apostrophe stands before a first sign that begins one.
    static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else {
            return text
        }
        return "'" + text
    }

    /// A number of units of 10^-`decimals`, negative ones too.
    static func decimal(_ value: Int64, decimals: Int) -> String {
        let text = DecimalText.written(Int64(clamping: value.magnitude), decimals: decimals)
        return value < 0 ? "-" + text : text
    }
}
