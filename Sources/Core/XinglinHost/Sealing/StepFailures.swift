internal import Logging
internal import XinglinKit

/// The steps of the sealer that fail now. Each is tried again by itself, later and later, so that it holds up no other.
struct StepFailures {
    private struct Failure {
        var count = 0
        var nextAt: ContinuousClock.Instant
        var reportedAt: ContinuousClock.Instant
    }
    private var failures: [String: Failure] = [:]

    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(10)
    private static let silence = Duration.seconds(60)

    /// The names of the steps that failed when they were last tried.
    var names: Set<String> { Set(self.failures.keys) }

    func isDue(_ step: String, _ now: ContinuousClock.Instant = .now) -> Bool {
        self.failures[step].map { now >= $0.nextAt } ?? true
    }

    mutating func succeeded(_ step: String) {
        self.failures[step] = nil
    }

    /// - Returns: whether it is to be reported, which is not each time.
    mutating func failed(_ step: String, _ now: ContinuousClock.Instant = .now) -> Bool {
        var failure = self.failures[step] ?? Failure(nextAt: now, reportedAt: now - Self.silence)
        failure.nextAt = now + min(Self.longest, Self.first * (1 << min(failure.count, 10)))
        failure.count += 1
        let isReported = now - failure.reportedAt >= Self.silence
        if isReported { failure.reportedAt = now }
        self.failures[step] = failure
        return isReported
    }
}
