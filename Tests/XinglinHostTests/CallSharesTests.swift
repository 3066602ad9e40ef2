import Testing
import XinglinKit

@testable import XinglinHost

@Suite("Shares of the queue")
struct CallSharesTests {
    private let account = CallShares.Holder.account(RecordID(high: 1, low: 2))
    private let other = CallShares.Holder.account(RecordID(high: 1, low: 3))

    @Test("an account takes half of the queue and an address without a session a quarter, and no more")
    func shares() {
        let shares = CallShares(queue: 1024)
        #expect((0..<2000).count { _ in shares.take(self.account) } == 512)
        #expect((0..<2000).count { _ in shares.take(.network("x")) } == 256)
        #expect(shares.take(self.other))
        #expect(shares.take(.network("y")))
        shares.giveBack(self.account)
        #expect(shares.take(self.account))
        #expect(!shares.take(self.account))
    }

    @Test("however small the queue is, one connection may send what it may have in flight")
    func small() {
        let shares = CallShares(queue: 1)
        #expect((0..<100).count { _ in shares.take(self.account) } == 64)
    }

    @Test("nothing is remembered of callers without calls")
    func forgets() {
        let shares = CallShares(queue: 1024)
        for number in 0..<10_000 {
            let holder = CallShares.Holder.network("a\(number)")
            #expect(shares.take(holder))
            shares.giveBack(holder)
            shares.giveBack(holder)
        }
        #expect(shares.holders == 0)
    }
}
