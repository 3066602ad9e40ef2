internal import XinglinKit

/// Whole lines out of the bytes of a file that are at hand.
struct ImportFileText {
    /// The lines.
    let text: String
    /// The bytes that they take in the file.
    let bytes: Int
    let lines: Int

    /// Lines that are checked at once.
    static let mostLines = 2000

    /// Takes as many whole lines from the front as there are, up to a limit.
    /// - Parameters:
    ///   - firstLine: the number of the first.
    ///   - isEnd: whether the file ends with these bytes, so that a last line may lack its break.
    ///   - form: how the file is written.
    ///   - columns: the codes of its columns, for what cannot be read.
    /// - Returns: nil where the first line is not at its end yet.
    /// - Throws: `host.importFileMalformed` with line and column for bytes that are no text in the file's encoding.
    static func take(
        _ bytes: [UInt8], firstLine: Int, isEnd: Bool, _ form: ImportForm, columns: [String] = [], most: Int = mostLines
    ) throws -> ImportFileText? {
        var boundary = CSVBoundary(form.delimiter)
        var ends: [Int] = []
        for (index, byte) in bytes.enumerated() where boundary.take(byte) {
            ends.append(index + 1)
            if ends.count == most { break }
        }
        if ends.count < most, isEnd, ends.last ?? 0 < bytes.count { ends.append(bytes.count) }
        guard let end = ends.last else { return nil }
        let text = Array(bytes.prefix(end))
        let encoding = form.encoding ?? .utf8
        if let read = try encoding.text(text) { return ImportFileText(text: read, bytes: end, lines: ends.count) }
        var start = 0
        for (index, end) in ends.enumerated() {
            if let column = try Self.damagedColumn(Array(text[start..<end]), encoding, form.delimiter) {
                throw ImportRefusal.malformed(
                    line: firstLine + index, field: column < columns.count ? columns[column] : nil,
                    ImportText.damaged(column: column + 1, encoding))
            }
            start = end
        }
        throw ImportRefusal.malformed(line: nil, ImportText.notUTF8)
    }

    /// The first column of a line, from 0, whose bytes are no text.
    private static func damagedColumn(
        _ line: [UInt8], _ encoding: TextEncoding, _ delimiter: FieldDelimiter
    ) throws -> Int? {
        guard try encoding.text(line) == nil else { return nil }
        var boundary = CSVBoundary(delimiter)
        var (column, start) = (0, 0)
        for (index, byte) in line.enumerated() {
            let isEnd = boundary.take(byte)
            guard isEnd || byte == delimiter.byte && boundary.place == .start else { continue }
            if try encoding.text(Array(line[start..<index])) == nil { return column }
            (column, start) = (column + 1, index + 1)
        }
        return column
    }

    /// What is told of a line that does not end.
    static func tooLong(line: Int) -> Fault {
        ImportRefusal.malformed(
            line: line,
            .init(
                zh: "这一行过长（超过 512 KiB），多半是引号没有成对",
                en: "the line is longer than 512 KiB: a quotation mark is probably never closed"))
    }
}
