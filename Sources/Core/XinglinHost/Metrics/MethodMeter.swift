/// What became of one method's calls, and how long they took.
final class MethodMeter: Sendable {
    private let outcomes = CounterBlock(CallOutcome.allCases.count)
    let times = TimeHistogram()

    func record(_ outcome: CallOutcome, _ time: Duration) {
        self.outcomes.add(at: outcome.rawValue)
        self.times.record(time)
    }

    func count(_ outcome: CallOutcome) -> UInt64 {
        self.outcomes.value(at: outcome.rawValue)
    }
}
