/// The id under which one call stands in the log, the audit and its error: 32 hex digits, the call's own.
public enum Trace {
    public static func make() -> String {
        var random = SystemRandomNumberGenerator()
        return self.digits(random.next()) + self.digits(random.next())
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
