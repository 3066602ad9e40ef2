internal import Synchronization
public import XinglinKit

/// Threads that each own one connection and run whole calls on it. Call `stop` before letting go of it.
public final class WorkerPool: Sendable {
    typealias Group = FairQueue<JobHandle>.Group

    let settings: WorkerPoolSettings
    let clock: HostClock
    let log: Logger
    let monitor: Monitor<PoolState, PoolCondition>
    let places: [ParkingPlace]
    /// When a worker last lost its server.
    private let doubtedAt = Mutex<ContinuousClock.Instant?>(nil)
    private let threads = Mutex<(workers: [OSThread], others: [OSThread])>(([], []))

    public init(_ settings: WorkerPoolSettings, clock: HostClock, log: Logger) {
        self.settings = settings
        self.clock = clock
        self.log = log
        self.monitor = Monitor(PoolState(settings, now: .now))
        self.places = (0..<settings.workers + settings.credentialWorkers).map { _ in ParkingPlace() }
    }

    /// How many calls wait.
    public var queued: Int { self.monitor.withLock { $0.queue.count } }

    /// How many calls run.
    public var running: Int { self.monitor.withLock { $0.active.count } }

    /// Whether calls can be served: a worker has a connection.
    public var isUp: Bool { self.monitor.withLock { $0.isUp(.general) } }

    /// Notes that a worker has lost its server, so that the others look before they trust theirs.
    func castDoubt() {
        self.doubtedAt.withLock { $0 = .now }
    }

    /// Whether a worker has lost its server since.
    func isInDoubt(since instant: ContinuousClock.Instant) -> Bool {
        self.doubtedAt.withLock { $0.map { $0 > instant } ?? false }
    }

    /// Starts the threads, which connect by themselves.
    public func start() {
        self.threads.withLock { threads in
            guard threads.workers.isEmpty else { return }
            let (general, credential) = (self.settings.workers, self.settings.credentialWorkers)
            threads.workers = (0..<general + credential).compactMap { number in
                let group: Group = number < general ? .general : .credential
                return self.thread("pg-\(number)") { PoolWorker(self, number: number, group: group).run() }
                    ?? self.missing(number)
            }
            threads.others = [
                self.thread("pg-cancel") { self.sendCancels() }, self.thread("pg-doubt") { self.refuseHopeless() },
                self.thread("pg-watch") { self.watch() },
            ].compactMap(\.self)
        }
    }

    /// Lets the job wait for a worker.
    /// - Returns: its handle, or nil where it was refused at once (`refuse` has been called): `host.overloaded`,
    ///   `host.unavailable` while no worker has a connection, `host.shuttingDown`.
    @discardableResult
    public func submit(_ job: Job) -> JobHandle? {
        let handle = JobHandle(job, pool: self)
        let group = Group(job.lane)
        var worker: Int?
        var mustWatch = false
        let (refusal, isUp) = self.monitor.withLock { state -> (FaultKind?, Bool) in
            guard state.isAccepting else { return (HostFault.shuttingDown, true) }
            let isUp = state.isUp(group)
            guard isUp || !state.isDown(group, at: .now) else { return (HostFault.unavailable, false) }
            guard state.queue.push(handle, site: job.site, lane: job.lane) else { return (HostFault.overloaded, isUp) }
            worker = state.wake(group)
            mustWatch = worker == nil && !state.isWatched
            if mustWatch { state.isWatched = true }
            return (nil, isUp)
        }
        if let refusal {
            handle.refuse(refusal)
            return nil
        }
        if let worker { self.places[worker].go() }
        if mustWatch { self.monitor.signal(.watch) }
        if !isUp { self.monitor.signal(.doubt) }
        return handle
    }

    /// Takes no more calls (`host.shuttingDown`) and waits until those taken are done.
    /// - Returns: false where the time was over first.
    @discardableResult
    public func drain(within limit: Duration) -> Bool {
        self.monitor.withLock { $0.isAccepting = false }
        return self.monitor.wait(for: .idle, atMost: limit) { state in
            state.queue.isEmpty && state.active.isEmpty ? true : nil
        } ?? false
    }

    /// Refuses what waits, cancels what runs and has not begun to commit, and waits for the threads to end.
    public func stop() {
        let (waiting, running) = self.monitor.withLock { state -> ([JobHandle], [JobHandle]) in
            state.isAccepting = false
            state.isStopping = true
            return (Group.allCases.flatMap { state.queue.drain($0) }, Array(state.active.values))
        }
        for handle in waiting { handle.refuse(HostFault.shuttingDown) }
        for handle in running { handle.cancel() }
        PoolCondition.allCases.forEach(self.monitor.broadcast)
        for place in self.places { place.go() }
        let (workers, others) = self.threads.withLock { threads in
            defer { threads = ([], []) }
            return threads
        }
        for thread in workers { thread.join() }
        self.monitor.withLock { $0.areWorkersGone = true }
        PoolCondition.allCases.forEach(self.monitor.broadcast)
        for thread in others { thread.join() }
    }

    private func thread(_ name: String, _ body: @escaping @Sendable () -> Void) -> OSThread? {
        do {
            return try OSThread(name: name, body)
        } catch {
            self.log.critical("a thread could not be started", metadata: ["error": "\(error.message)"])
            return nil
        }
    }

    private func missing(_ number: Int) -> OSThread? {
        self.monitor.withLock { $0.set(.down, of: number) }
        return nil
    }
}
