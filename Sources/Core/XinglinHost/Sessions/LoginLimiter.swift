internal import Synchronization
internal import XinglinKit

/// Slows down guessing by account and address. It backs off and never locks an account: from an address that has not
/// failed, the owner always gets in.
final class LoginLimiter: Sendable {
    private struct Failures {
        var count = 0
        var last: Timestamp
    }
    private struct State {
        var byPair: [String: Failures] = [:]
        var byAddress: [String: Failures] = [:]
    }
    private let state: Mutex<State>

    /// Failures of one account from one address before the first wait, and of one address with any accounts.
    static let freeForPair = 5
    static let freeForAddress = 100
    static let longestWaitSeconds: Int64 = 60
    static let longestWaitForAddress: Int64 = 3
    /// Failures older than this are forgotten.
    static let memorySeconds: Int64 = 900
    static let mostEntries = 10_000

    init() {
        self.state = Mutex(State())
    }

    /// How many pairs and addresses are remembered.
    var entries: Int { self.state.withLock { $0.byPair.count + $0.byAddress.count } }

    /// Begins an attempt, or gives the seconds to wait for it. An attempt counts as failed until it has `succeeded` or was
    /// `abandoned`, so that many at once get no further than one after the other.
    func begin(account: String, address: String, now: Timestamp) -> Int64 {
        let pair = Self.pair(account, address)
        return self.state.withLock { state in
            let seconds = max(
                Self.wait(state.byPair[pair], free: Self.freeForPair, now: now),
                // Many desks may share an address: it is slowed, but never for long.
                min(
                    Self.longestWaitForAddress,
                    Self.wait(state.byAddress[address], free: Self.freeForAddress, now: now)))
            guard seconds == 0 else { return seconds }
            Self.bound(&state.byPair, now)
            Self.bound(&state.byAddress, now)
            Self.add(&state.byPair[pair], now)
            Self.add(&state.byAddress[address], now)
            return 0
        }
    }

    /// The password was right: the pair is forgiven, the address has not failed.
    func succeeded(account: String, address: String) {
        self.state.withLock { state in
            state.byPair[Self.pair(account, address)] = nil
            Self.takeBack(&state.byAddress[address])
        }
    }

    /// The attempt came to no judgement.
    func abandoned(account: String, address: String) {
        self.state.withLock { state in
            Self.takeBack(&state.byPair[Self.pair(account, address)])
            Self.takeBack(&state.byAddress[address])
        }
    }

    private static func pair(_ account: String, _ address: String) -> String { "\(account)\n\(address)" }

    private static func wait(_ failures: Failures?, free: Int, now: Timestamp) -> Int64 {
        // After the clock was set back, whoever failed before it must not wait until it is where it was.
        guard let failures, failures.count >= free, failures.last <= now, Self.isRemembered(failures, now) else {
            return 0
        }
        let seconds = min(Self.longestWaitSeconds, 1 << min(6, Int64(failures.count - free)))
        let left = failures.last.adding(seconds: seconds).microseconds - now.microseconds
        return left > 0 ? (left + 999_999) / 1_000_000 : 0
    }

    private static func isRemembered(_ failures: Failures, _ now: Timestamp) -> Bool {
        now < failures.last.adding(seconds: Self.memorySeconds)
    }

    /// Keeps memory bounded under a flood of made-up names, and does not let one wash away what counts: the half with the
    /// fewest failures goes first.
    private static func bound(_ entries: inout [String: Failures], _ now: Timestamp) {
        guard entries.count >= Self.mostEntries else { return }
        entries = entries.filter { Self.isRemembered($1, now) }
        guard entries.count >= Self.mostEntries else { return }
        let kept = entries.sorted { ($0.value.count, $0.value.last) > ($1.value.count, $1.value.last) }
        entries = Dictionary(uniqueKeysWithValues: kept.prefix(Self.mostEntries / 2).map { ($0.key, $0.value) })
    }

    private static func add(_ failures: inout Failures?, _ now: Timestamp) {
        var current = failures.flatMap { Self.isRemembered($0, now) ? $0 : nil } ?? Failures(last: now)
        current.count += 1
        current.last = now
        failures = current
    }

    private static func takeBack(_ failures: inout Failures?) {
        guard let count = failures?.count else { return }
        if count > 1 { failures?.count = count - 1 } else { failures = nil }
    }
}
