public import Synchronization

/// What answers the calls of the wire. The server calls it on its event loop, so it must return soon and never block; calls of
/// long lines come from a thread beside it.
public protocol RPCService: Sendable {
    /// A connection was opened: its TLS handshake is done.
    func opened(_ connection: RPCConnection)

    /// Takes one call. Answer exactly once, from any thread, before or after returning; a second answer is passed over.
    /// Notifications are answered too; their answer is dropped.
    func call(_ request: RPCRequest, on connection: RPCConnection, answer: @escaping @Sendable (RPCAnswer) -> Void)

    /// The connection is gone.
    /// - Parameter wasReset: it ended by a reset, a failed write or a time-out rather than by an orderly end of input.
    func closed(_ connection: RPCConnection, wasReset: Bool)
}

/// The outcome of a call.
public enum RPCAnswer: Sendable, Hashable {
    /// The result's JSON, one value in one line.
    case result([UInt8])
    /// An error object's JSON (see `ErrorObject`).
    case error([UInt8])
}

/// One client's connection.
public final class RPCConnection: Sendable {
    /// Unique within its server.
    public let id: UInt64
    /// The client's address without the port.
    public let peerAddress: String
    /// The certificate that the client has shown (DER), which TLS has found to be of our CA and in its time; nil where it
    /// has shown none. A resumed TLS session brings that of its first handshake, unchecked since.
    public let peerCertificate: [UInt8]?
    /// What counts as one source in limits and shares.
    public let network: String
    /// What the service keeps with the connection.
    public let state = Mutex<(any Sendable)?>(nil)
    /// How to send it what answers no call; nil where that cannot be.
    public let path: (any PushPath)?

    public init(
        id: UInt64, peerAddress: String, peerCertificate: [UInt8]? = nil, path: (any PushPath)? = nil
    ) {
        self.path = path
        self.id = id
        self.peerAddress = peerAddress
        self.peerCertificate = peerCertificate
        self.network = SourceNetwork.name(of: peerAddress)
    }

    private let identified = Atomic(false)

    /// Whether the service knows whom the connection speaks for. Until then it gets shorter lines and fewer calls in flight.
    public var isIdentified: Bool { self.identified.load(ordering: .acquiring) }

    private let listening = Atomic(false)

    /// Whether it waits for what the service pushes, and so is not idle when it sends nothing.
    public var isListening: Bool {
        get { self.listening.load(ordering: .relaxed) }
        set { self.listening.store(newValue, ordering: .relaxed) }
    }

    /// To be called before the answer to the call that made the difference.
    public func identify(_ isKnown: Bool) {
        self.identified.store(isKnown, ordering: .releasing)
    }
}
