internal import Synchronization
internal import XinglinKit

/// Counts connections that were refused and says so now and then: a flood of them must not become a flood of log lines.
final class RefusalReport: Sendable {
    private struct State {
        var counts: [ConnectionGate.Refusal: Int] = [:]
        var next: ContinuousClock.Instant?
    }

    private static let pause = Duration.seconds(10)
    private let state = Mutex(State())

    /// - Returns: what to log: the refusals since the last report, where that was long enough ago.
    func add(
        _ refusal: ConnectionGate.Refusal, from address: String, at now: ContinuousClock.Instant
    ) -> Logger.Metadata? {
        self.state.withLock { state in
            state.counts[refusal, default: 0] += 1
            if let next = state.next, now < next { return nil }
            state.next = now + Self.pause
            defer { state.counts = [:] }
            var report: Logger.Metadata = ["lastFrom": .string(address)]
            for (limit, count) in state.counts { report[limit.rawValue] = .stringConvertible(count) }
            return report
        }
    }
}
