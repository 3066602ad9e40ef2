import Testing
import XinglinTesting

@testable import XinglinRPC

@Suite("Who may connect")
struct ConnectionGateTests {
    private let start = ContinuousClock.now

    private func gate(
        total: Int = 1000, perAddress: Int = 100, beforeLogin: Int = 10, perSecond: Int = 100
    ) -> ConnectionGate {
        ConnectionGate(
            .init(total: total, perAddress: perAddress, beforeLogin: beforeLogin, perSecond: perSecond))
    }

    @Test("an address has room for few without a session and for many with one")
    func sessions() {
        var gate = self.gate()
        for _ in 0..<100 {
            #expect(gate.admit("a", at: self.start) == nil)
            gate.changed("a", hasSession: true)
        }
        #expect(gate.admit("a", at: self.start) == .perAddress)
        for _ in 0..<10 { #expect(gate.admit("b", at: self.start) == nil) }
        #expect(gate.admit("b", at: self.start) == .beforeLogin)
        #expect(gate.admit("c", at: self.start) == nil)
    }

    @Test("with the standard limits ten thousand desks behind one address come in at once and stay")
    func manyDesks() {
        let settings = LineServerSettings(host: "", port: 0, certificateFile: "", keyFile: "")
        var gate = ConnectionGate(settings.gateLimits)
        for _ in 0..<10_000 {
            #expect(gate.admit("nat", at: self.start) == nil)
            gate.changed("nat", hasSession: true)
        }
        #expect(gate.admit("elsewhere", at: self.start) == nil)
    }

    @Test("who loses a session counts as without one again")
    func logout() {
        var gate = self.gate(beforeLogin: 1)
        #expect(gate.admit("a", at: self.start) == nil)
        gate.changed("a", hasSession: true)
        #expect(gate.admit("a", at: self.start) == nil)
        gate.left("a", hadSession: false)
        gate.changed("a", hasSession: false)
        #expect(gate.admit("a", at: self.start) == .beforeLogin)
        gate.left("a", hadSession: false)
        #expect(gate.admit("a", at: self.start) == nil)
    }

    @Test("the rate is an average: a burst passes, then so many a second")
    func rate() {
        var gate = self.gate(total: 100_000, perAddress: 100_000, beforeLogin: 100_000, perSecond: 5)
        for _ in 0..<5 * ConnectionGate.burstSeconds { #expect(gate.admit("a", at: self.start) == nil) }
        #expect(gate.admit("a", at: self.start) == .perSecond)
        #expect(gate.admit("b", at: self.start) == nil)
        let later = self.start + .seconds(1)
        for _ in 0..<5 { #expect(gate.admit("a", at: later) == nil) }
        #expect(gate.admit("a", at: later) == .perSecond)
    }

    @Test("connections that came and went leave no more than a bounded number of addresses behind")
    func memory() {
        var gate = self.gate()
        for number in 0..<50_000 {
            #expect(gate.admit("a\(number)", at: self.start) == nil)
            gate.left("a\(number)", hadSession: false)
        }
        #expect(gate.addressCount <= ConnectionGate.mostIdleAddresses + 1)
        #expect(gate.count == 0)
    }

    @Test("the count never drifts, whatever comes and goes", arguments: [UInt64(1), 2, 3])
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var gate = self.gate(total: 40, perAddress: 15, beforeLogin: 6, perSecond: 10_000)
        var open: [(name: String, hasSession: Bool)] = []
        for _ in 0..<5_000 {
            let name = "a\(Int.random(in: 0..<4, using: &random))"
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let mine = open.filter { $0.name == name }
                let refusal: ConnectionGate.Refusal? =
                    open.count >= 40
                    ? .total : mine.count >= 15 ? .perAddress : mine.count { !$0.hasSession } >= 6 ? .beforeLogin : nil
                #expect(gate.admit(name, at: self.start) == refusal, "seed \(seed)")
                if refusal == nil { open.append((name, false)) }
            case 1:
                guard let index = open.indices.randomElement(using: &random) else { continue }
                open[index].hasSession.toggle()
                gate.changed(open[index].name, hasSession: open[index].hasSession)
            default:
                guard let index = open.indices.randomElement(using: &random) else { continue }
                let gone = open.remove(at: index)
                gate.left(gone.name, hadSession: gone.hasSession)
            }
            #expect(gate.count == open.count, "seed \(seed)")
        }
    }

    @Test(
        "an IPv6 network is one source, and an IPv4 address is the same however it is written",
        arguments: [
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"), ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "0:0:0:0::/64"),
            ("fe80::1%eth0", "fe80:0:0:0::/64"), ("in process", "in process"), ("not:an:address", "not:an:address"),
        ])
    func network(address: String, name: String) {
        #expect(SourceNetwork.name(of: address) == name)
    }
}
