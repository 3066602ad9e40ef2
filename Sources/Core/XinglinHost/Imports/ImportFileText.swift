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
    /// - Returns: nil where the first line is not at its end yet.
    /// - Throws: `host.importFileMalformed` for what is no UTF-8.
    static func take(
        _ bytes: [UInt8], firstLine: Int, isEnd: Bool, most: Int = mostLines
    ) throws -> ImportFileText? {
        var boundary = CSVBoundary()
        var ends: [Int] = []
        for (index, byte) in bytes.enumerated() where boundary.take(byte) {
            ends.append(index + 1)
            if ends.count == most { break }
        }
        if ends.count < most, isEnd, ends.last ?? 0 < bytes.count { ends.append(bytes.count) }
        guard let end = ends.last else { return nil }
        let text = Array(bytes.prefix(end))
        guard let valid = String(validating: text, as: UTF8.self) else {
            var start = 0
            for (index, end) in ends.enumerated() {
                guard String(validating: text[start..<end], as: UTF8.self) != nil else {
                    throw ImportRefusal.malformed(line: firstLine + index, ImportText.notUTF8)
                }
                start = end
            }
            throw ImportRefusal.malformed(line: nil, ImportText.notUTF8)
        }
        return ImportFileText(text: valid, bytes: end, lines: ends.count)
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
