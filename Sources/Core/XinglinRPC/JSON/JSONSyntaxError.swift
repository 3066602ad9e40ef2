/// Why a text is no JSON value that we take.
public struct JSONSyntaxError: Error, Sendable, Hashable {
    /// The byte at which reading stopped.
    public let offset: Int
    /// What is wrong there; never any of the text itself.
    public let reason: String

    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }
}
