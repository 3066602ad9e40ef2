/// How long something took, in a fixed number of buckets.
final class TimeHistogram: Sendable {
    /// The buckets' upper ends, in microseconds; one more takes what is longer.
    static let bounds: [UInt64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000, 30_000_000,
    ]

    private let cells = CounterBlock(TimeHistogram.bounds.count + 2)
    private static let sumPlace = TimeHistogram.bounds.count + 1

    func record(_ time: Duration) {
        let (seconds, attoseconds) = time.components
        let microseconds = UInt64(max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
        var place = 0
        while place < Self.bounds.count, microseconds > Self.bounds[place] { place += 1 }
        self.cells.add(at: place)
        self.cells.add(microseconds, at: Self.sumPlace)
    }

    /// What was recorded: how many in each bucket, not added up, and the sum in microseconds.
    var contents: (buckets: [UInt64], sum: UInt64) {
        ((0...Self.bounds.count).map { self.cells.value(at: $0) }, self.cells.value(at: Self.sumPlace))
    }
}
