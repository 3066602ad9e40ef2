/// Why the host does not start: one sentence, and what to do about it.
public struct StartFailure: Error, Sendable, CustomStringConvertible {
    public let reason: String
    public let remedy: String

    public init(_ reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    public var description: String { "\(self.reason) — \(self.remedy)" }
}
