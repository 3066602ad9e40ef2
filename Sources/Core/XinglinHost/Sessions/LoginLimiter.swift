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
    private static let mostEntries = 10_000

    init() {
        self.state = Mutex(State())
    }

    /// The seconds to wait before the next attempt, or 0.
    func wait(account: String, address: String, now: Timestamp) -> Int64 {
        self.state.withLock { state in
            max(
                Self.wait(state.byPair["\(account)\n\(address)"], free: Self.freeForPair, now: now),
                // Many desks may share an address: it is slowed, but never for long.
                min(
                    Self.longestWaitForAddress,
                    Self.wait(state.byAddress[address], free: Self.freeForAddress, now: now)))
        }
    }

    func failed(account: String, address: String, now: Timestamp) {
        self.state.withLock { state in
            Self.bound(&state.byPair, now)
            Self.bound(&state.byAddress, now)
            Self.add(&state.byPair["\(account)\n\(address)"], now)
            Self.add(&state.byAddress[address], now)
        }
    }

    func succeeded(account: String, address: String) {
        self.state.withLock { $0.byPair["\(account)\n\(address)"] = nil }
    }

    private static func wait(_ failures: Failures?, free: Int, now: Timestamp) -> Int64 {
        guard let failures, failures.count >= free, Self.isRemembered(failures, now) else { return 0 }
        let seconds = min(Self.longestWaitSeconds, 1 << min(6, Int64(failures.count - free)))
        let left = failures.last.adding(seconds: seconds).microseconds - now.microseconds
        return left > 0 ? (left + 999_999) / 1_000_000 : 0
    }

    private static func isRemembered(_ failures: Failures, _ now: Timestamp) -> Bool {
        now < failures.last.adding(seconds: Self.memorySeconds)
    }

    /// Keeps memory bounded under a flood of made-up names.
    private static func bound(_ entries: inout [String: Failures], _ now: Timestamp) {
        guard entries.count >= Self.mostEntries else { return }
        entries = entries.filter { Self.isRemembered($1, now) }
        if entries.count >= Self.mostEntries { entries = [:] }
    }

    private static func add(_ failures: inout Failures?, _ now: Timestamp) {
        var current = failures.flatMap { Self.isRemembered($0, now) ? $0 : nil } ?? Failures(last: now)
        current.count += 1
        current.last = now
        failures = current
    }
}
