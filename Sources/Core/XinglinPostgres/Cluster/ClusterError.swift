/// Why the embedded cluster does not run; the reason says what the operator can do.
public struct ClusterError: Error, Sendable, Hashable, CustomStringConvertible {
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { self.reason }
}
