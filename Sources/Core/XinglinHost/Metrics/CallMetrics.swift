internal import Synchronization
internal import XinglinKit

/// What the host counts while it answers calls. Counting is a handful of relaxed atomic additions per call.
final class CallMetrics: Sendable {
    /// Stands for every method that nobody knows: a client's text never becomes a label.
    let unknown = MethodMeter()
    let inFlight = Atomic<Int>(0)
    private let waits = Lane.allCases.map { _ in TimeHistogram() }
    private let events = CounterBlock(Event.allCases.count)

    /// What is counted one by one.
    enum Event: Int, CaseIterable {
        /// A password at `session.login` was wrong.
        case loginFailed
        /// A stored reply was given in place of doing a write again.
        case replayed
        /// A transaction ran again after a serialisation failure or a deadlock.
        case retried
        /// The connection broke in a COMMIT, which turned out to have taken place.
        case unknownCommitted
        /// The same, and it turned out not to have.
        case unknownNotCommitted
        /// The same, and it could not be found out.
        case unknownUndecided
        case importApplied
        case importRefused
        case importFailed
    }

    func count(_ event: Event) {
        self.events.add(at: event.rawValue)
    }

    func value(of event: Event) -> UInt64 { self.events.value(at: event.rawValue) }

    /// A call of that lane was taken up by a worker.
    func waited(_ time: Duration, in lane: Lane) {
        self.waits[Self.place(lane)].record(time)
    }

    func waits(in lane: Lane) -> TimeHistogram { self.waits[Self.place(lane)] }

    private static func place(_ lane: Lane) -> Int {
        switch lane {
        case .interactive: 0
        case .batch: 1
        case .credential: 2
        }
    }
}
