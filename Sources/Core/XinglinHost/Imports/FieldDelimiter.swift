internal import XinglinKit

/// What parts the fields of a line: what Excel and WPS save has commas or tabs, and semicolons where the system is set so.
package enum FieldDelimiter: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    case comma
    case tab
    case semicolon

    package var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .tab: UInt8(ascii: "\t")
        case .semicolon: UInt8(ascii: ";")
        }
    }

    /// What parts most fields of the header, outside of quotation marks.
    package static func of(_ bytes: [UInt8]) -> FieldDelimiter {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") { break }
            counts[byte, default: 0] += 1
        }
        var best = FieldDelimiter.comma
        for other in [FieldDelimiter.tab, .semicolon] where counts[other.byte] ?? 0 > counts[best.byte] ?? 0 {
            best = other
        }
        return best
    }
}
