internal import XinglinKit

/// What the workers of a pool share.
struct PoolState {
    /// A worker's connection.
    enum Link {
        case up
        case connecting(since: ContinuousClock.Instant)
        case down
    }

    /// How long a group without any connection is given to get one before its calls are refused.
    static let patience = Duration.seconds(1)

    var queue: FairQueue<JobHandle>
    /// Who of each group runs, waits or has nothing to do.
    private var rosters: [WorkerRoster]
    /// Whether somebody looks every few milliseconds after calls that wait.
    var isWatched = false
    var active: [Int: JobHandle] = [:]
    var cancels: [JobHandle] = []
    var isAccepting = true
    var isStopping = false
    var areWorkersGone = false
    private var links: [Link]
    private let general: Range<Int>
    private var wasDown = [false, false]

    init(_ settings: WorkerPoolSettings, now: ContinuousClock.Instant) {
        self.queue = FairQueue(workers: settings.workers, bound: settings.queue)
        self.general = 0..<settings.workers
        let count = settings.workers + settings.credentialWorkers
        self.rosters = [
            WorkerRoster(self.general, limit: settings.workersAwake),
            WorkerRoster(settings.workers..<count, limit: settings.credentialWorkers),
        ]
        self.links = Array(repeating: .connecting(since: now), count: count)
    }

    mutating func set(_ link: Link, of worker: Int) {
        // An attempt after a failure is no news: only the first one is waited for.
        if case .connecting = link, case .down = self.links[worker] { return }
        self.links[worker] = link
    }

    /// The worker to wake, now that something may wait; nil where none is needed.
    mutating func wake(_ group: FairQueue<JobHandle>.Group) -> Int? {
        self.queue.count(in: group) == 0 ? nil : self.rosters[group.rawValue].wake()
    }

    /// The worker to wake for a call that those who are awake have left waiting.
    mutating func wakeAnyway(_ group: FairQueue<JobHandle>.Group) -> Int? {
        self.queue.count(in: group) == 0 ? nil : self.rosters[group.rawValue].wakeAnyway()
    }

    mutating func park(_ worker: Int, in group: FairQueue<JobHandle>.Group) {
        self.rosters[group.rawValue].park(worker)
    }

    mutating func leave(_ worker: Int, in group: FairQueue<JobHandle>.Group) {
        self.rosters[group.rawValue].leave(worker)
    }

    mutating func comeBack(_ worker: Int, in group: FairQueue<JobHandle>.Group) {
        self.rosters[group.rawValue].comeBack(worker)
    }

    /// Whether a worker of the group has a connection.
    func isUp(_ group: FairQueue<JobHandle>.Group) -> Bool {
        self.links(of: group).contains { if case .up = $0 { true } else { false } }
    }

    /// Whether there is no point in waiting: no worker of the group has a connection, nor has tried only just now.
    func isDown(_ group: FairQueue<JobHandle>.Group, at now: ContinuousClock.Instant) -> Bool {
        self.links(of: group).allSatisfy { link in
            switch link {
            case .up: false
            case .connecting(let since): now - since > Self.patience
            case .down: true
            }
        }
    }

    /// Whether somebody waits in a group that has no connection.
    var isUncertain: Bool {
        FairQueue<JobHandle>.Group.allCases.contains { self.queue.count(in: $0) > 0 && !self.isUp($0) }
    }

    /// Takes out what waits in groups that are down.
    mutating func takeHopeless(at now: ContinuousClock.Instant) -> [JobHandle] {
        FairQueue<JobHandle>.Group.allCases.filter { self.isDown($0, at: now) }.flatMap { self.queue.drain($0) }
    }

    /// Whether the group went down or came up since the last time this was asked.
    mutating func takeChange(of group: FairQueue<JobHandle>.Group, at now: ContinuousClock.Instant) -> Bool? {
        let isDown = self.isDown(group, at: now)
        guard isDown != self.wasDown[group.rawValue] else { return nil }
        self.wasDown[group.rawValue] = isDown
        return isDown
    }

    /// How many workers of the group there are, and how many of them have a connection.
    func links(in group: FairQueue<JobHandle>.Group) -> (all: Int, up: Int) {
        let links = self.links(of: group)
        return (links.count, links.count { if case .up = $0 { true } else { false } })
    }

    private func links(of group: FairQueue<JobHandle>.Group) -> ArraySlice<Link> {
        group == .general ? self.links[self.general] : self.links[self.general.upperBound...]
    }
}

/// What threads of a pool wait for; workers wait each at a place of its own.
enum PoolCondition: Int, CaseIterable {
    /// Another worker got a connection.
    case reachable
    /// Nothing waits and nothing runs.
    case idle
    /// A cancel to be sent.
    case cancels
    /// Somebody waits without a connection.
    case doubt
    /// A call waits for workers that are busy.
    case watch
}
