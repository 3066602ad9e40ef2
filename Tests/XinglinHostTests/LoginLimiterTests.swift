import Testing
import XinglinKit

@testable import XinglinHost

@Suite("Slowing down guessing")
struct LoginLimiterTests {
    private let start = Timestamp(microseconds: 1_795_000_000_000_000)

    @Test("the sixth failure from one address waits, the wait doubles up to a minute, and time forgives")
    func backsOff() {
        let limiter = LoginLimiter()
        for _ in 0..<LoginLimiter.freeForPair {
            #expect(limiter.wait(account: "a", address: "x", now: start) == 0)
            limiter.failed(account: "a", address: "x", now: start)
        }
        #expect(limiter.wait(account: "a", address: "x", now: start) == 1)
        limiter.failed(account: "a", address: "x", now: start)
        #expect(limiter.wait(account: "a", address: "x", now: start) == 2)
        for _ in 0..<20 { limiter.failed(account: "a", address: "x", now: start) }
        #expect(limiter.wait(account: "a", address: "x", now: start) == LoginLimiter.longestWaitSeconds)
        #expect(
            limiter.wait(account: "a", address: "x", now: start.adding(seconds: LoginLimiter.memorySeconds + 1)) == 0)
    }

    @Test("the account's owner gets in from another address while someone guesses")
    func neverLocksOut() {
        let limiter = LoginLimiter()
        for _ in 0..<50 { limiter.failed(account: "admin", address: "attacker", now: start) }
        #expect(limiter.wait(account: "admin", address: "desk", now: start) == 0)
    }

    @Test("an address that tries many accounts is slowed for all of them")
    func address() {
        let limiter = LoginLimiter()
        for number in 0..<LoginLimiter.freeForAddress {
            limiter.failed(account: "a\(number)", address: "x", now: start)
        }
        #expect(limiter.wait(account: "fresh", address: "x", now: start) > 0)
        #expect(limiter.wait(account: "fresh", address: "y", now: start) == 0)
    }

    @Test("success forgives the pair")
    func success() {
        let limiter = LoginLimiter()
        for _ in 0..<10 { limiter.failed(account: "a", address: "x", now: start) }
        limiter.succeeded(account: "a", address: "x")
        #expect(limiter.wait(account: "a", address: "x", now: start) == 0)
    }
}
