internal import Synchronization
internal import XinglinKit

/// A session as a connection holds it. The token itself is never kept, only its SM3.
final class Session: Sendable {
    let tokenDigest: SQLBytes
    let accountID: RecordID
    let epoch: Int64
    let expiresAt: Timestamp
    private let lastUsed: Mutex<Timestamp>

    init(tokenDigest: SQLBytes, accountID: RecordID, epoch: Int64, expiresAt: Timestamp, lastUsed: Timestamp) {
        self.tokenDigest = tokenDigest
        self.accountID = accountID
        self.epoch = epoch
        self.expiresAt = expiresAt
        self.lastUsed = Mutex(lastUsed)
    }

    var lastUsedAt: Timestamp { self.lastUsed.withLock { $0 } }

    /// Takes over a use that was seen elsewhere.
    func wasUsed(at instant: Timestamp) {
        self.lastUsed.withLock { $0 = max($0, instant) }
    }

    /// Whether it has expired, without marking it as used.
    func isOver(at now: Timestamp, idleMinutes: Int) -> Bool {
        now >= self.expiresAt || now >= self.lastUsedAt.adding(seconds: Int64(idleMinutes) * 60)
    }

    /// Marks the session as used, unless it has expired: at its end, or by standing idle too long.
    func use(at now: Timestamp, idleMinutes: Int) -> Bool {
        guard now < self.expiresAt else { return false }
        return self.lastUsed.withLock { last in
            guard now < last.adding(seconds: Int64(idleMinutes) * 60) else { return false }
            last = max(last, now)
            return true
        }
    }
}
