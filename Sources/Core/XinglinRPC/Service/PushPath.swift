/// How a service sends a connection what answers no call.
public protocol PushPath: Sendable {
    /// Sends a line, its line break included, behind everything that was answered or pushed before. Returns at once; on a
    /// connection that is gone the line is dropped.
    func push(_ line: [UInt8])

    /// Bytes of replies and pushed lines that the client has not taken yet.
    var unsentBytes: Int { get }
}
