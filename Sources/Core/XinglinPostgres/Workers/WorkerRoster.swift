/// Which workers of one group run, wait for PostgreSQL or have nothing to do, and whom to wake. Pure state.
///
/// Short calls are served by as few workers as there are processors: they go from call to call without being put to sleep, and
/// their backends stay in the processors' caches. A worker whose server takes longer does not count, so that the others serve
/// meanwhile. Whoever parked last is woken first.
struct WorkerRoster {
    private enum Place {
        case parked
        case awake
        /// It waits for its server, or for a connection.
        case away
    }

    private var places: [Int: Place]
    private var parked: [Int] = []
    private var awake: Int
    private let limit: Int

    /// - Parameter limit: how many that are awake are enough.
    init(_ workers: Range<Int>, limit: Int) {
        self.places = Dictionary(uniqueKeysWithValues: workers.map { ($0, .away) })
        self.awake = 0
        self.limit = max(1, limit)
    }

    /// The worker to wake for a call that waits, or nil where enough are awake or nobody is parked.
    mutating func wake() -> Int? {
        guard self.awake < self.limit else { return nil }
        return self.wakeAnyway()
    }

    /// The same where those who are awake have let a call wait too long.
    mutating func wakeAnyway() -> Int? {
        guard let worker = self.parked.popLast() else { return nil }
        self.move(worker, to: .awake)
        return worker
    }

    mutating func park(_ worker: Int) {
        guard self.places[worker] != .parked else { return }
        self.parked.append(worker)
        self.move(worker, to: .parked)
    }

    mutating func leave(_ worker: Int) {
        self.unpark(worker)
        self.move(worker, to: .away)
    }

    mutating func comeBack(_ worker: Int) {
        self.unpark(worker)
        self.move(worker, to: .awake)
    }

    private mutating func unpark(_ worker: Int) {
        guard self.places[worker] == .parked, let place = self.parked.lastIndex(of: worker) else { return }
        self.parked.remove(at: place)
    }

    private mutating func move(_ worker: Int, to place: Place) {
        if self.places[worker] == .awake { self.awake -= 1 }
        if place == .awake { self.awake += 1 }
        self.places[worker] = place
    }
}
