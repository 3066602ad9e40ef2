/// Where one thread waits until another lets it go on. A word to go on that comes first is not lost.
final class ParkingPlace: Sendable {
    private enum Condition: Int, CaseIterable {
        case mayGo
    }
    private let monitor = Monitor<Bool, Condition>(false)

    /// Waits, at most for that time.
    func wait(atMost limit: Duration) {
        _ = self.monitor.wait(for: .mayGo, atMost: limit) { mayGo -> Bool? in
            guard mayGo else { return nil }
            mayGo = false
            return true
        }
    }

    func go() {
        self.monitor.withLock { $0 = true }
        self.monitor.signal(.mayGo)
    }
}
