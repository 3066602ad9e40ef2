internal import Synchronization

/// What a listener has seen: counted on its event loop without locks, read from anywhere.
public final class TrafficCounters: Sendable {
    let handshakes = Atomic<UInt64>(0)
    let failedHandshakes = Atomic<UInt64>(0)
    let bytesIn = Atomic<UInt64>(0)
    let bytesOut = Atomic<UInt64>(0)
    private let total = Atomic<UInt64>(0)
    private let perAddress = Atomic<UInt64>(0)
    private let beforeLogin = Atomic<UInt64>(0)
    private let perSecond = Atomic<UInt64>(0)
    private let parseErrors = Atomic<UInt64>(0)
    private let invalidRequests = Atomic<UInt64>(0)
    private let whileStopping = Atomic<UInt64>(0)

    public init() {}

    func refused(_ cause: ConnectionGate.Refusal) {
        switch cause {
        case .total: self.total.add(1)
        case .perAddress: self.perAddress.add(1)
        case .beforeLogin: self.beforeLogin.add(1)
        case .perSecond: self.perSecond.add(1)
        }
    }

    /// A request that reached no service.
    func refusedOnTheWire(code: Int) {
        switch code {
        case -32700: self.parseErrors.add(1)
        case -32005: self.whileStopping.add(1)
        default: self.invalidRequests.add(1)
        }
    }

    /// Refused connections, by the limit that they met.
    var refusals: [(cause: String, count: UInt64)] {
        [
            (ConnectionGate.Refusal.total.rawValue, self.total.now),
            (ConnectionGate.Refusal.perAddress.rawValue, self.perAddress.now),
            (ConnectionGate.Refusal.beforeLogin.rawValue, self.beforeLogin.now),
            (ConnectionGate.Refusal.perSecond.rawValue, self.perSecond.now),
        ]
    }

    /// Requests that reached no service, by why.
    var refusedRequests: [(cause: String, count: UInt64)] {
        [
            ("parseError", self.parseErrors.now), ("invalidRequest", self.invalidRequests.now),
            ("shuttingDown", self.whileStopping.now),
        ]
    }
}

extension Atomic<UInt64> {
    func add(_ amount: UInt64) {
        self.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The count at this moment.
    var now: UInt64 { self.load(ordering: .relaxed) }
}

/// What a listener has seen since its start, and what is open now.
public struct Traffic: Sendable {
    public let connections: Int
    public let connectionsWithSession: Int
    public let handshakes: UInt64
    /// Connections that ended before their handshake was done.
    public let failedHandshakes: UInt64
    /// Bytes of lines, after decryption.
    public let bytesIn: UInt64
    public let bytesOut: UInt64
    /// Refused connections, by the limit that they met.
    public let refusedConnections: [(cause: String, count: UInt64)]
    /// Requests that reached no service, by why.
    public let refusedRequests: [(cause: String, count: UInt64)]
}
