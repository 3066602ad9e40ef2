internal import XinglinKit

/// How the file of an import is written, as its first lines tell.
struct ImportForm: Sendable, Hashable {
    /// Nil while nothing but ASCII was seen, which every encoding writes alike.
    var encoding: TextEncoding?
    var delimiter: FieldDelimiter = .comma

    /// The form of a file by what it begins with; `isEnd` where that is all of it.
    /// - Throws: `host.importFileMalformed` for a workbook, and for UTF-16.
    init(of bytes: [UInt8], isEnd: Bool) throws(Fault) {
        if let unfit = UnfitFile.of(bytes) { throw ImportRefusal.malformed(line: nil, unfit) }
        self.encoding = TextEncoding.of(bytes, isEnd: isEnd)
        self.delimiter = FieldDelimiter.of(bytes)
    }

    /// The form of lines that a caller uploads: JSON has one encoding.
    init(header: String) {
        self.encoding = .utf8
        self.delimiter = FieldDelimiter.of(Array(header.utf8))
    }

    init(encoding: TextEncoding? = nil, delimiter: FieldDelimiter = .comma) {
        (self.encoding, self.delimiter) = (encoding, delimiter)
    }
}

/// How a file's characters are written.
enum TextEncoding: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    case utf8 = "UTF-8"
    /// With GBK and GB 2312, which it contains.
    case gb18030 = "GB18030"

    /// Tells the encoding by whole lines that hold more than ASCII: that of the first one where its Chinese is UTF-8 by itself (the header),
    /// else that of most of them. A short word of GBK may be UTF-8 by chance, and a UTF-8 file may have a damaged line: neither decides alone.
    /// - Returns: nil where there is only ASCII.
    static func of(_ bytes: [UInt8], isEnd: Bool) -> TextEncoding? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // The last line may be cut within a character.
        if !isEnd, lines.count > 1 { lines.removeLast() }
        var counts = (utf8: 0, other: 0)
        for (number, line) in lines.enumerated() where line.contains(where: { $0 >= 0x80 }) {
            let isUTF8 = String(validating: line, as: UTF8.self) != nil
            if number == 0, isUTF8, line.count(where: { $0 >= 0x80 }) >= Self.surely { return .utf8 }
            if isUTF8 { counts.utf8 += 1 } else { counts.other += 1 }
        }
        if counts == (0, 0) { return nil }
        return counts.other > counts.utf8 ? .gb18030 : .utf8
    }

    /// As many bytes of GBK are never UTF-8 by chance in a header.
    private static let surely = 6

    /// The text, or nil where bytes of it are none.
    func text(_ bytes: [UInt8]) throws(Fault) -> String? {
        switch self {
        case .utf8: String(validating: bytes, as: UTF8.self)
        case .gb18030: try GB18030.text(bytes)
        }
    }
}
