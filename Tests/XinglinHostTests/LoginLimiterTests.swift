import Testing
import XinglinKit

@testable import XinglinHost

@Suite("Slowing down guessing")
struct LoginLimiterTests {
    private let start = Timestamp(microseconds: 1_795_000_000_000_000)

    /// Guesses wrongly as often as that, waiting for nothing; gives how many guesses were let through.
    @discardableResult
    private func guess(
        _ limiter: LoginLimiter, _ account: String, from address: String, times: Int, at now: Timestamp? = nil
    ) -> Int {
        (0..<times).count { _ in limiter.begin(account: account, address: address, now: now ?? self.start) == 0 }
    }

    @Test("the sixth guess from one address waits, the wait doubles up to a minute, and time forgives")
    func backsOff() {
        let limiter = LoginLimiter()
        #expect(self.guess(limiter, "a", from: "x", times: 50) == LoginLimiter.freeForPair)
        #expect(limiter.begin(account: "a", address: "x", now: self.start) == 1)
        var now = self.start
        var waits: [Int64] = []
        for _ in 0..<9 {
            let wait = limiter.begin(account: "a", address: "x", now: now)
            waits.append(wait)
            now = now.adding(seconds: wait)
            #expect(limiter.begin(account: "a", address: "x", now: now) == 0)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        now = now.adding(seconds: LoginLimiter.memorySeconds + 1)
        #expect(self.guess(limiter, "a", from: "x", times: 50, at: now) == LoginLimiter.freeForPair)
    }

    @Test("a clock that is set back makes nobody wait for it, and forgives nobody")
    func clockSetBack() {
        let limiter = LoginLimiter()
        self.guess(limiter, "a", from: "x", times: 50)
        let earlier = self.start.adding(seconds: -3600)
        #expect(limiter.begin(account: "a", address: "x", now: earlier) == 0)
        #expect(limiter.begin(account: "a", address: "x", now: earlier) == 2)
    }

    @Test("many guesses at once get no further than one after the other")
    func parallel() async {
        let limiter = LoginLimiter()
        let start = self.start
        let passed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<200 {
                group.addTask { limiter.begin(account: "admin", address: "x", now: start) == 0 ? 1 : 0 }
            }
            return await group.reduce(0, +)
        }
        #expect(passed == LoginLimiter.freeForPair)
    }

    @Test("the account's owner gets in from another address while someone guesses")
    func neverLocksOut() {
        let limiter = LoginLimiter()
        self.guess(limiter, "admin", from: "attacker", times: 50)
        for number in 0..<1000 { self.guess(limiter, "admin", from: "bot \(number)", times: 10) }
        #expect(limiter.begin(account: "admin", address: "desk", now: self.start) == 0)
    }

    @Test("an address that tries many accounts is slowed for all of them, for seconds only")
    func address() {
        let limiter = LoginLimiter()
        for number in 0..<10 * LoginLimiter.freeForAddress { self.guess(limiter, "a\(number)", from: "x", times: 1) }
        let wait = limiter.begin(account: "fresh", address: "x", now: self.start)
        #expect((1...LoginLimiter.longestWaitForAddress).contains(wait))
        #expect(limiter.begin(account: "fresh", address: "y", now: self.start) == 0)
    }

    @Test("success forgives the pair, and many desks that log in rightly never slow their address")
    func success() {
        let limiter = LoginLimiter()
        self.guess(limiter, "a", from: "x", times: 4)
        #expect(limiter.begin(account: "a", address: "x", now: self.start) == 0)
        limiter.succeeded(account: "a", address: "x")
        #expect(self.guess(limiter, "a", from: "x", times: 50) == LoginLimiter.freeForPair)
        for number in 0..<5_000 {
            #expect(limiter.begin(account: "desk \(number)", address: "y", now: self.start) == 0)
            limiter.succeeded(account: "desk \(number)", address: "y")
        }
    }

    @Test("an attempt that came to no judgement does not count")
    func abandoned() {
        let limiter = LoginLimiter()
        for _ in 0..<500 {
            #expect(limiter.begin(account: "a", address: "x", now: self.start) == 0)
            limiter.abandoned(account: "a", address: "x")
        }
        #expect(limiter.entries == 0)
    }

    @Test("two hundred thousand made-up names take bounded memory and do not wash away what counts")
    func flood() {
        let limiter = LoginLimiter()
        self.guess(limiter, "admin", from: "x", times: 50)
        for number in 0..<200_000 {
            _ = limiter.begin(account: "name \(number)", address: "address \(number)", now: self.start)
        }
        #expect(limiter.entries <= 2 * LoginLimiter.mostEntries)
        #expect(limiter.begin(account: "admin", address: "x", now: self.start) > 0)
    }
}
