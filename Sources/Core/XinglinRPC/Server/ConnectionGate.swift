/// Who may connect. A pure machine: it is told the address and the time. Connections without a session are counted apart, so
/// that a hospital behind one address may keep thousands of idle ones while a flood from it is held small.
struct ConnectionGate {
    typealias Instant = ContinuousClock.Instant

    struct Limits: Sendable {
        var total: Int
        /// Connections of one address, whether logged in or not.
        var perAddress: Int
        /// Connections of one address that are in their handshake or have no session.
        var beforeLogin: Int
        /// New connections of one address, averaged over `burstSeconds`.
        var perSecond: Int
    }

    enum Refusal: String, Equatable, Sendable {
        case total
        case perAddress
        case beforeLogin
        case perSecond
    }

    /// How many seconds' worth of connections an address may open at once, as after the host's restart.
    static let burstSeconds = 20
    /// Addresses that are remembered without an open connection.
    static let mostIdleAddresses = 10_000

    private struct Address {
        var open = 0
        var withoutSession = 0
        var tokens: Double
        var refilledAt: Instant
    }

    private let limits: Limits
    private var addresses: [String: Address] = [:]
    private(set) var count = 0

    init(_ limits: Limits) {
        self.limits = limits
    }

    /// How many addresses are remembered.
    var addressCount: Int { self.addresses.count }

    /// Counts a new connection in, or says why it must not be.
    mutating func admit(_ name: String, at now: Instant) -> Refusal? {
        guard self.count < self.limits.total else { return .total }
        self.forgetIdle(at: now)
        var address = self.address(name, at: now)
        defer { self.addresses[name] = address }
        guard address.tokens >= 1 else { return .perSecond }
        guard address.open < self.limits.perAddress else { return .perAddress }
        guard address.withoutSession < self.limits.beforeLogin else { return .beforeLogin }
        address.tokens -= 1
        address.open += 1
        address.withoutSession += 1
        self.count += 1
        return nil
    }

    /// A connection got a session, or lost it.
    mutating func changed(_ name: String, hasSession: Bool) {
        self.addresses[name]?.withoutSession += hasSession ? -1 : 1
    }

    /// A connection is gone.
    mutating func left(_ name: String, hadSession: Bool) {
        self.count -= 1
        self.addresses[name]?.open -= 1
        if !hadSession { self.addresses[name]?.withoutSession -= 1 }
    }

    private var capacity: Double { Double(self.limits.perSecond * Self.burstSeconds) }

    private func address(_ name: String, at now: Instant) -> Address {
        guard var address = self.addresses[name] else { return Address(tokens: self.capacity, refilledAt: now) }
        let passed = (now - address.refilledAt) / .seconds(1)
        address.tokens = min(self.capacity, address.tokens + passed * Double(self.limits.perSecond))
        address.refilledAt = now
        return address
    }

    /// Keeps memory bounded under a flood from made-up addresses: those that have nothing open and have rested long enough go;
    /// where that is not enough, all that have nothing open.
    private mutating func forgetIdle(at now: Instant) {
        guard self.addresses.count >= Self.mostIdleAddresses + self.count else { return }
        self.addresses = self.addresses.filter {
            $1.open > 0 || now - $1.refilledAt < .seconds(Self.burstSeconds)
        }
        if self.addresses.count >= Self.mostIdleAddresses + self.count {
            self.addresses = self.addresses.filter { $1.open > 0 }
        }
    }
}
