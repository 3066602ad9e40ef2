internal import XinglinCrypto
internal import XinglinKit

/// A link of the audit's chains: what docs/audit.md describes for outsiders, byte by byte.
struct AuditLink {
    /// The site, or `hostChain`.
    let chain: RecordID
    /// 1, 2, 3, … within the chain.
    let number: Int64
    /// The audit row.
    let seq: Int64
    let sealedAt: Timestamp
    /// The row's digest.
    let digest: SQLBytes

    /// The chain of the rows that belong to no site.
    static let hostChain = RecordID(high: 0, low: 0)
    /// The largest number of a link: the largest that everybody's JSON has exactly. No chain ever comes to it, so a larger
    /// one was forged, and nothing is sealed behind it.
    static let last: Int64 = 9_007_199_254_740_991
    /// What the first link of a chain follows.
    static let beginning = SQLBytes([UInt8](repeating: 0, count: SM3.byteCount))

    /// The digest that is sealed of a row; zeros where the row has none that could be, so that it is found to be altered.
    static func digest(_ stored: SQLBytes?) -> SQLBytes {
        stored.flatMap { $0.bytes.count == SM3.byteCount ? $0 : nil }
            ?? SQLBytes([UInt8](repeating: 0, count: SM3.byteCount))
    }

    /// Whether a chain goes on behind a link of that number and that many hexadecimal digits.
    static func canBeFollowed(number: Int64, digits: String) -> Bool {
        (1..<Self.last).contains(number) && digits.utf8.count == 2 * SM3.byteCount
    }

    private static let mark = Array("xinglin audit link 1".utf8)

    /// SM3 of the link before it and of this one's fields, all of fixed width.
    func value(after previous: SQLBytes) throws -> SQLBytes {
        var bytes = Self.mark
        bytes.reserveCapacity(160)
        bytes += previous.bytes
        bytes += Self.bytes(of: self.chain)
        Self.append(self.number, to: &bytes)
        Self.append(self.seq, to: &bytes)
        Self.append(self.sealedAt.microseconds, to: &bytes)
        bytes += self.digest.bytes
        return SQLBytes(try SM3.digest(bytes))
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: UInt64(bitPattern: number) >> UInt64(shift)))
        }
    }

    private static func bytes(of id: RecordID) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in id.description.utf8 where digit != 0x2D {
            let nibble = digit < 0x3A ? digit - 0x30 : digit - 0x61 + 10
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        return bytes
    }
}
