internal import Glibc
internal import XinglinKit

/// Text in GB 18030, which contains GBK and GB 2312. None of the later bytes of a character is a line break, a quotation mark or a delimiter,
/// so lines and fields are cut before they are read.
enum GB18030 {
    /// The text, or nil where bytes of it are none.
    /// - Throws: `host.importFileMalformed` where the system has no table for it.
    static func text(_ bytes: [UInt8]) throws(Fault) -> String? {
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        guard let converter = iconv_open("UTF-8", "GB18030"), Int(bitPattern: converter) != -1 else {
            throw ImportRefusal.malformed(line: nil, Self.unavailable)
        }
        defer { iconv_close(converter) }
        // Two bytes become three, or four at the most.
        var output = [CChar](repeating: 0, count: bytes.count * 2)
        var input = bytes.map { CChar(bitPattern: $0) }
        var (left, room) = (input.count, output.count)
        let isWhole = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                var (source, target) = (from.baseAddress, to.baseAddress)
                // Below zero where a character is none, or is cut off.
                return iconv(converter, &source, &left, &target, &room) != -1 && left == 0
            }
        }
        guard isWhole else { return nil }
        return String(validating: output[..<(output.count - room)], as: UTF8.self)
    }

    private static let unavailable = LocalizedText(
        zh: "文件是 GB 18030 编码，而本主机的系统没有该编码的转换表。请另存为“CSV UTF-8（逗号分隔）”后导入",
        en:
            "The file is GB 18030, and this host's system has no table for it: save it as \"CSV UTF-8 (comma delimited)\""
    )
}
