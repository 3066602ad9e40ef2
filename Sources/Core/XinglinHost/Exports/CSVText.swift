/// Lines of a comma-separated file (RFC 4180), as spreadsheets and `CSVReader` read them.
enum CSVText {
    /// What tells a spreadsheet that the file is UTF-8.
    static let byteOrderMark = "\u{FEFF}"

    /// One line with its break.
    static func line(_ fields: [String?]) -> String {
        // One empty field would be an empty line, which readers pass over.
        if fields.count == 1, fields[0] ?? "" == "" { return "\"\"\r\n" }
        return fields.map { Self.field($0 ?? "") }.joined(separator: ",") + "\r\n"
    }

    private static func field(_ text: String) -> String {
        let needsQuotes =
            text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D } || text.first == " "
            || text.last == " "
        guard needsQuotes else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
