/// Waits between attempts: twice as long each time, up to a limit, and anywhere between nothing and that (full jitter),
/// so that many clients do not come back at the same instant.
struct Backoff {
    private let first: Duration
    private let limit: Duration
    private var failures = 0

    init(first: Duration = .milliseconds(100), limit: Duration = .seconds(10)) {
        self.first = first
        self.limit = limit
    }

    /// The longest that the next wait may be.
    var ceiling: Duration { min(self.limit, self.first * (1 << min(self.failures, 20))) }

    /// How long to wait after another failure.
    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        defer { self.failures += 1 }
        return self.ceiling * Double.random(in: 0...1, using: &random)
    }

    mutating func next() -> Duration {
        var random = SystemRandomNumberGenerator()
        return self.next(using: &random)
    }

    mutating func reset() {
        self.failures = 0
    }
}
