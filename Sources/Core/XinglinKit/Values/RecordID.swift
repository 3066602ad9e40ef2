/// The identifier of a record: a UUID of version 7 (RFC 9562), made by the host and ordered by time of creation.
/// On the wire and in the database its text is lowercase, `0198f3a2-…`.
public struct RecordID: Sendable, Hashable, Comparable, CustomStringConvertible, Codable {
    private let high: UInt64
    private let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a new identifier for that instant.
    public static func make(at now: Timestamp) -> RecordID {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(bitPattern: now.microseconds / 1000)
        // The twelve bits after the version hold the fraction of the millisecond, so ids made in one order sort in it.
        let fraction = UInt64(((now.microseconds % 1000) * 4096) / 1000) & 0x0FFF
        return RecordID(
            high: (milliseconds << 16) | 0x7000 | fraction,
            low: (random.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        )
    }

    /// Reads the canonical text of a UUID (36 characters, either case), or nil.
    public init?(_ text: some StringProtocol) {
        var digits: [UInt64] = [0, 0]
        var count = 0
        for (position, byte) in text.utf8.enumerated() {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == 0x2D else { return nil }
                continue
            }
            guard count < 32, let digit = Self.value(ofHex: byte) else { return nil }
            digits[count / 16] = digits[count / 16] << 4 | digit
            count += 1
        }
        guard count == 32, text.utf8.count == 36 else { return nil }
        self.high = digits[0]
        self.low = digits[1]
    }

    public var description: String {
        let hex = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[position] = 0x2D
                    position += 1
                }
                let half = nibble < 16 ? self.high : self.low
                buffer[position] = hex[Int(half >> UInt64(60 - 4 * (nibble % 16)) & 15)]
                position += 1
            }
            return 36
        }
    }

    public static func < (left: RecordID, right: RecordID) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = RecordID(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a UUID"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }

    private static func value(ofHex byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x61...0x66: UInt64(byte - 0x61 + 10)
        case 0x41...0x46: UInt64(byte - 0x41 + 10)
        default: nil
        }
    }
}
