internal import NIOCore
internal import NIOSSL

/// Where a load goes to.
public struct LoadTarget: Sendable {
    public let host: String
    public let port: Int
    /// The certificate authority to trust (PEM).
    public let caFile: String

    public init(host: String, port: Int, caFile: String) {
        self.host = host
        self.port = port
        self.caFile = caFile
    }

    func tls() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = .file(self.caFile)
        return try NIOSSLContext(configuration: configuration)
    }

    /// The name for the certificate; nil where the host is an address.
    var serverName: String? {
        (try? SocketAddress(ipAddress: self.host, port: 0)) == nil ? self.host : nil
    }
}

/// What is sent, how much of it at once, and for how long.
public struct LoadPlan: Sendable {
    public let template: LoadTemplate
    public var connections = 1
    /// Requests in flight on each connection.
    public var depth = 1
    public var warmUp = Duration.seconds(1)
    public var duration = Duration.seconds(5)
    public var seed: UInt64 = 1
    /// A request line without its line break that opens each connection: `session.resume`. Its id must be 0.
    public var opening: [UInt8]?

    public init(_ template: LoadTemplate) {
        self.template = template
    }
}

/// Takes what a load finds. All is called on one thread, one call after the other.
public protocol LoadRecorder: AnyObject, Sendable {
    /// Everything before was warming up.
    func began()
    func answered(after nanoseconds: UInt64)
    func refused(_ reason: String, after nanoseconds: UInt64)
    /// A connection ended before its time.
    func lost(_ reason: String)
    /// What follows does not count.
    func ended()
}

/// Why a load cannot be run.
public struct LoadError: Error, Sendable, CustomStringConvertible {
    public let description: String
}
