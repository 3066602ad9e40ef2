import Testing

@testable import XinglinRPC

@Suite("When a connection has taken too long")
struct ConnectionTimersTests {
    typealias Situation = ConnectionTimers.Situation

    private let start = ContinuousClock.now
    private var timers = ConnectionTimers(
        .init(handshake: .seconds(10), line: .seconds(15), idle: .seconds(300), writeStall: .seconds(30)))

    @Test("the handshake has its time from the beginning")
    mutating func handshake() {
        self.observe(Situation(isHandshaking: true), at: 0)
        self.observe(Situation(isHandshaking: true), at: 5)
        self.expect(.handshake, at: 10)
        self.observe(Situation(idle: 1), at: 6)
        self.expect(.idle, at: 306)
    }

    @Test("more bytes of the same line give it no more time; the next line begins anew")
    mutating func line() {
        self.observe(Situation(partialLine: 4, idle: 1), at: 0)
        self.observe(Situation(partialLine: 4, idle: 2), at: 14)
        self.expect(.line, at: 15)
        self.observe(Situation(partialLine: 5, idle: 3), at: 14)
        self.expect(.line, at: 29)
        self.observe(Situation(idle: 4), at: 20)
        self.expect(.idle, at: 320)
    }

    @Test("time in which we hold reading does not count against the line")
    mutating func heldLine() {
        self.observe(Situation(partialLine: 1), at: 0)
        self.observe(Situation(partialLine: 1, isHeld: true), at: 10)
        #expect(self.timers.next == nil)
        self.observe(Situation(partialLine: 1, isHeld: true), at: 500)
        self.observe(Situation(partialLine: 1), at: 1000)
        self.expect(.line, at: 1005)
    }

    @Test("idle time runs only while nothing is in flight, from the last sign of life")
    mutating func idle() {
        self.observe(Situation(idle: 1), at: 0)
        self.observe(Situation(idle: 1), at: 100)
        self.expect(.idle, at: 300)
        self.observe(Situation(), at: 200)
        #expect(self.timers.next == nil)
        self.observe(Situation(idle: 2), at: 250)
        self.expect(.idle, at: 550)
        self.observe(Situation(idle: 3), at: 260)
        self.expect(.idle, at: 560)
    }

    @Test("a write stalls when nothing is sent any more, not when it takes long")
    mutating func writeStall() {
        self.observe(Situation(unsent: 1), at: 0)
        self.observe(Situation(unsent: 2), at: 29)
        self.expect(.writeStall, at: 59)
        self.observe(Situation(unsent: 2), at: 58)
        self.expect(.writeStall, at: 59)
        self.observe(Situation(), at: 58)
        #expect(self.timers.next == nil)
    }

    private mutating func observe(_ situation: Situation, at seconds: Int) {
        self.timers.observe(situation, at: self.start + .seconds(seconds))
    }

    private func expect(_ expiry: ConnectionTimers.Expiry, at seconds: Int) {
        #expect(self.timers.next?.expiry == expiry)
        #expect(self.timers.next?.at == self.start + .seconds(seconds))
    }
}
