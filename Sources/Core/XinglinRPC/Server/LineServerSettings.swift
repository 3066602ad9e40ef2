public import XinglinKit

/// How the server listens and what it bears.
public struct LineServerSettings: Sendable {
    public var host: String
    /// 0 takes any free port.
    public var port: Int
    /// The certificate chain, PEM.
    public var certificateFile: String
    /// Its private key, PEM.
    public var keyFile: String
    /// The CA (PEM) whose client certificates are accepted; nil asks for none. A client may always come without.
    public var clientCAFile: String?
    /// `1.3` or `1.2`.
    public var minimumTLS = "1.3"
    /// Bytes of one request line.
    public var lineBytes = 1_048_576
    /// The same while the connection has no session.
    public var lineBytesBeforeLogin = 65_536
    /// Calls in flight per connection before reading stops.
    public var inFlight = 64
    /// The same while the connection has no session.
    public var inFlightBeforeLogin = 8
    /// Requests in one batch.
    public var batch = 100
    public var replyBytes = 1_000_000
    public var connections = 20_000
    /// Open connections of one address (of one /64 network with IPv6).
    public var connectionsPerAddress = 16_000
    /// Those of them that are in their handshake or have no session.
    public var connectionsBeforeLogin = 2_000
    /// New connections of one address, averaged over 20 s.
    public var connectionsPerSecond = 500
    public var handshakeSeconds = 10
    /// A whole line must arrive within this time of its first byte.
    public var lineSeconds = 15
    public var idleSeconds = 300
    /// How long a client may leave replies unread.
    public var writeStallSeconds = 30
    /// The language of messages where a call does not name one.
    public var locale = Locale.zh

    public init(host: String, port: Int, certificateFile: String, keyFile: String) {
        self.host = host
        self.port = port
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    var gateLimits: ConnectionGate.Limits {
        ConnectionGate.Limits(
            total: self.connections, perAddress: self.connectionsPerAddress, beforeLogin: self.connectionsBeforeLogin,
            perSecond: self.connectionsPerSecond)
    }

    var timerLimits: ConnectionTimers.Limits {
        ConnectionTimers.Limits(
            handshake: .seconds(self.handshakeSeconds), line: .seconds(self.lineSeconds),
            idle: .seconds(self.idleSeconds), writeStall: .seconds(self.writeStallSeconds))
    }
}

/// Why the server cannot serve, in words for the operator.
public struct LineServerError: Error, Sendable, CustomStringConvertible {
    public let description: String
    /// The system's code where the address cannot be listened on; nil for everything else.
    public let listenCode: Int32?

    init(_ description: String, listenCode: Int32? = nil) {
        self.description = description
        self.listenCode = listenCode
    }
}
