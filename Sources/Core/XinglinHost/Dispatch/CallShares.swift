internal import Synchronization
internal import XinglinKit

/// How many calls each caller has in the queue and at work, so that no account takes the whole of it, nor an address without a
/// session.
final class CallShares: Sendable {
    enum Holder: Hashable, Sendable {
        case account(RecordID)
        /// Calls without a session, by where they come from.
        case network(String)
    }

    private let perAccount: Int
    private let perNetwork: Int
    private let taken = Mutex<[Holder: Int]>([:])

    /// - Parameter queue: how many calls may wait. An account may have half as many under way, an address a quarter, and
    ///   either as many as one connection may send.
    init(queue: Int) {
        self.perAccount = max(64, queue / 2)
        self.perNetwork = max(64, queue / 4)
    }

    /// How many holders have calls under way.
    var holders: Int { self.taken.withLock { $0.count } }

    func limit(of holder: Holder) -> Int {
        switch holder {
        case .account: self.perAccount
        case .network: self.perNetwork
        }
    }

    /// Counts a call in, or says that the holder has its share.
    func take(_ holder: Holder) -> Bool {
        let limit = self.limit(of: holder)
        return self.taken.withLock { taken in
            guard taken[holder, default: 0] < limit else { return false }
            taken[holder, default: 0] += 1
            return true
        }
    }

    /// Counts a call out.
    func giveBack(_ holder: Holder) {
        self.taken.withLock { taken in
            guard let count = taken[holder] else { return }
            taken[holder] = count > 1 ? count - 1 : nil
        }
    }
}
