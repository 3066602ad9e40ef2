/// The id under which one call stands in the log, the audit and its error: 32 hex digits, the call's own.
public enum Trace {
    public static func make() -> String {
        var random = SystemRandomNumberGenerator()
        let (high, low): (UInt64, UInt64) = (random.next(), random.next())
        return String(unsafeUninitializedCapacity: 32) { buffer in
            for place in 0..<16 {
                let shift = UInt64(60 - place * 4)
                buffer[place] = Self.digit(UInt8(truncatingIfNeeded: high >> shift) & 15)
                buffer[place + 16] = Self.digit(UInt8(truncatingIfNeeded: low >> shift) & 15)
            }
            return 32
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x57 + value
    }
}
