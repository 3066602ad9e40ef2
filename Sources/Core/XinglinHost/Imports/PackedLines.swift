internal import XinglinKit

/// Prepared lines as one value: for each its number (8 bytes, big-endian), its length (4) and its content.
enum PackedLines {
    /// The bytes do not hold packed lines.
    struct Malformed: Error {}

    static func pack(_ lines: [PreparedLine]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(0) { $0 + 12 + $1.content.count })
        for line in lines {
            withUnsafeBytes(of: UInt64(line.number).bigEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: UInt32(line.content.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: line.content)
        }
        return bytes
    }

    /// - Throws: `Malformed`.
    static func unpack(_ bytes: [UInt8]) throws(Malformed) -> [PreparedLine] {
        var lines: [PreparedLine] = []
        var position = 0
        func number(_ count: Int) throws(Malformed) -> UInt64 {
            guard bytes.count - position >= count else { throw Malformed() }
            defer { position += count }
            return bytes[position..<position + count].reduce(0) { $0 << 8 | UInt64($1) }
        }
        while position < bytes.count {
            guard let line = Int(exactly: try number(8)) else { throw Malformed() }
            let length = Int(try number(4))
            guard bytes.count - position >= length else { throw Malformed() }
            lines.append(PreparedLine(number: line, content: Array(bytes[position..<position + length])))
            position += length
        }
        return lines
    }
}
