/// An instant, to the microsecond. RFC 3339 with the offset of Asia/Shanghai on the wire: `2026-11-22T14:30:00.123+08:00`.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible, Codable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64

    /// Asia/Shanghai has had no daylight saving time since 1991, so its offset is a constant for every instant we store.
    static let shanghaiOffset: Int64 = 8 * 3_600_000_000
    private static let day: Int64 = 86_400_000_000

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Reads RFC 3339 (`2026-11-22T06:30:00Z`, `2026-11-22T14:30:00.5+08:00`), or nil.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == 0x54 || bytes[10] == 0x74 || bytes[10] == 0x20,
            let date = LocalDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            bytes[13] == 0x3A, bytes[16] == 0x3A,
            let hour = number(bytes[11..<13], 0...23), let minute = number(bytes[14..<16], 0...59),
            let second = number(bytes[17..<19], 0...59)
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        if bytes[position] == 0x2E {
            let digits = bytes[(position + 1)...].prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            for index in 0..<6 {
                fraction = fraction * 10 + (index < digits.count ? Int64(digits[digits.startIndex + index] - 0x30) : 0)
            }
            position += 1 + digits.count
        }
        guard let offset = Self.offset(bytes[position...]) else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second) - offset
        self.microseconds = Int64(date.daysSince1970) * Self.day + seconds * 1_000_000 + fraction
        // The offset may carry it out of the years that dates can be written in.
        guard (1...9999).contains(self.localDate.civil.year), date.civil.year > 1 || offset <= 0 else { return nil }
    }

    /// The date in Asia/Shanghai.
    public var localDate: LocalDate {
        let shifted = self.microseconds + Self.shanghaiOffset
        return LocalDate(daysSince1970: Int(shifted >= 0 ? shifted / Self.day : (shifted - Self.day + 1) / Self.day))
    }

    /// The instant that many seconds later.
    public func adding(seconds: Int64) -> Timestamp {
        Timestamp(microseconds: self.microseconds + seconds * 1_000_000)
    }

    public var description: String {
        let date = self.localDate
        let (year, month, day) = date.civil
        let inDay = self.microseconds + Self.shanghaiOffset - Int64(date.daysSince1970) * Self.day
        let (seconds, micros) = (Int(inDay / 1_000_000), Int(inDay % 1_000_000))
        // By hand, because every log line and audit row has one.
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var text = DigitWriter(buffer)
            text.put(year, 4)
            text.put(0x2D)
            text.put(month, 2)
            text.put(0x2D)
            text.put(day, 2)
            text.put(0x54)
            text.put(seconds / 3600, 2)
            text.put(0x3A)
            text.put(seconds / 60 % 60, 2)
            text.put(0x3A)
            text.put(seconds % 60, 2)
            if micros > 0 {
                text.put(0x2E)
                micros % 1000 == 0 ? text.put(micros / 1000, 3) : text.put(micros, 6)
            }
            for byte in "+08:00".utf8 { text.put(byte) }
            return text.count
        }
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let instant = Timestamp(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "an instant"))
        }
        self = instant
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }

    /// Seconds east of Greenwich: `Z`, `+08:00`, or PostgreSQL's `+08`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard let sign = bytes.first else { return nil }
        if sign == 0x5A || sign == 0x7A { return bytes.count == 1 ? 0 : nil }
        let start = bytes.startIndex + 1
        guard sign == 0x2B || sign == 0x2D, bytes.count == 3 || bytes.count == 6,
            let hours = number(bytes[start..<start + 2], 0...23)
        else { return nil }
        var seconds = Int64(hours * 3600)
        if bytes.count == 6 {
            guard bytes[start + 2] == 0x3A, let minutes = number(bytes[(start + 3)...], 0...59) else { return nil }
            seconds += Int64(minutes * 60)
        }
        return sign == 0x2B ? seconds : -seconds
    }
}

private func number(_ digits: ArraySlice<UInt8>, _ range: ClosedRange<Int>) -> Int? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return range.contains(value) ? value : nil
}

/// Writes numbers of fixed width into a string's memory.
private struct DigitWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        self.buffer = buffer
    }

    mutating func put(_ byte: UInt8) {
        self.buffer[self.count] = byte
        self.count += 1
    }

    mutating func put(_ value: Int, _ width: Int) {
        var rest = value
        for place in (0..<width).reversed() {
            self.buffer[self.count + place] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        self.count += width
    }
}
