internal import XinglinKit

/// The text of an import's file, or a piece of it, on its way to lines.
enum ImportText {
    /// Bytes of one piece.
    static let mostBytes = 524_288

    /// The records of a piece.
    /// - Parameter firstLine: the number of its first record.
    /// - Throws: `host.importFileMalformed` where the text was not UTF-8 or a quotation mark is never closed.
    static func records(_ text: String, firstLine: Int, _ delimiter: FieldDelimiter) throws -> [CSVRecord] {
        // What a program shows where it read another encoding as UTF-8.
        guard !text.unicodeScalars.contains("\u{FFFD}") else { throw ImportRefusal.malformed(line: nil, Self.notUTF8) }
        do throws(CSVReader.Unclosed) {
            return try CSVReader.records(text, delimiter)
        } catch {
            throw ImportRefusal.malformed(
                line: firstLine + error.record,
                .init(
                    zh: "引号没有成对，这一行没有结束；每次上传须含完整的行",
                    en: "a quotation mark is opened and never closed; upload whole lines at a time"))
        }
    }

    /// What is told about text that was read in another encoding before it came here.
    static let notUTF8 = LocalizedText(
        zh: "文件不是 UTF-8 编码（可能是 GB 18030/GBK）。请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”后重新导入",
        en:
            "The file is not UTF-8 (GB 18030/GBK perhaps). In Excel or WPS save it as \"CSV UTF-8 (comma delimited)\" and import that"
    )

    /// What is told of bytes that are no text in the encoding of the file.
    static func damaged(column: Int, _ encoding: TextEncoding) -> LocalizedText {
        .init(
            zh: "第 \(column) 列有不是 \(encoding.rawValue) 的字节，无法读取。请改正该处，或在 Excel、WPS 中另存为“CSV UTF-8（逗号分隔）”后重新导入",
            en: """
                Column \(column) holds bytes that are no \(encoding.rawValue) and cannot be read. Correct them, or save the file as \
                "CSV UTF-8 (comma delimited)" in Excel or WPS
                """)
    }
}
