internal import XinglinKit

/// What the pool's own threads do beside the workers.
extension WorkerPool {
    /// What a worker does next.
    enum Turn {
        case serve(JobHandle)
        case renewConnection
        case stop
    }

    /// Waits for the worker's next call, at most for that time.
    func nextTurn(of worker: Int, in group: Group, atMost limit: Duration) -> Turn {
        let end = ContinuousClock.Instant.now + limit
        while true {
            let turn = self.monitor.withLock { state -> Turn? in
                state.comeBack(worker, in: group)
                if state.isStopping { return .stop }
                if let handle = state.queue.next(for: group) {
                    state.active[worker] = handle
                    return .serve(handle)
                }
                if ContinuousClock.Instant.now >= end { return .renewConnection }
                state.park(worker, in: group)
                return nil
            }
            if let turn { return turn }
            self.places[worker].wait(atMost: end - .now)
        }
    }

    /// Gives the place of a served call free; the worker itself asks for the next one.
    func release(_ handle: JobHandle, from worker: Int) {
        let isIdle = self.monitor.withLock { state in
            state.active[worker] = nil
            state.queue.finished(site: handle.job.site, lane: handle.job.lane)
            return state.active.isEmpty && state.queue.isEmpty
        }
        if isIdle { self.monitor.broadcast(.idle) }
    }

    /// The worker waits for its server, or for a connection: another one may serve meanwhile.
    func leave(_ worker: Int, in group: Group) {
        let next = self.monitor.withLock { state in
            state.leave(worker, in: group)
            return state.wake(group)
        }
        if let next { self.places[next].go() }
    }

    /// The worker goes on.
    func comeBack(_ worker: Int, in group: Group) {
        self.monitor.withLock { $0.comeBack(worker, in: group) }
    }

    /// The life of the thread that looks after calls that wait while workers are busy with something else than their
    /// server: it wakes one more every few milliseconds, and sleeps where nothing has waited for a while.
    func watch() {
        let tick = Duration.milliseconds(2)
        while self.monitor.wait(for: .watch, atMost: nil, { $0.isStopping ? false : $0.isWatched ? true : nil }) == true
        {
            var quiet = 0
            while quiet < 50 {
                let before = self.monitor.withLock { $0.queue.served }
                let isStopping = self.monitor.wait(for: .watch, atMost: tick) { $0.isStopping ? true : nil } ?? false
                if isStopping { return }
                let (isQuiet, woken) = self.monitor.withLock { state -> (Bool, [Int]) in
                    if state.queue.isEmpty { return (true, []) }
                    // Those who are awake have taken something meanwhile: they are at it.
                    if state.queue.served != before { return (false, []) }
                    return (false, Group.allCases.compactMap { state.wakeAnyway($0) })
                }
                quiet = isQuiet ? quiet + 1 : 0
                for worker in woken { self.places[worker].go() }
            }
            self.monitor.withLock { if $0.queue.isEmpty { $0.isWatched = false } }
        }
    }

    /// Notes a worker's connection, and refuses what waits once there is none left.
    func report(_ link: PoolState.Link, of worker: Int, in group: Group) {
        let now = ContinuousClock.Instant.now
        let (hopeless, change) = self.monitor.withLock { state -> ([JobHandle], Bool?) in
            state.set(link, of: worker)
            return (state.takeHopeless(at: now), state.takeChange(of: group, at: now))
        }
        self.refuse(hopeless)
        if let isDown = change {
            let metadata: Logger.Metadata = ["workers": "\(group)"]
            self.log.log(
                level: isDown ? .error : .notice, isDown ? "the database is unreachable" : "the database is reachable",
                metadata: metadata)
        }
        if case .up = link {
            self.monitor.broadcast(.reachable)
        } else {
            self.monitor.signal(.doubt)
        }
    }

    /// Waits before another attempt to connect, until another worker succeeds, or the pool stops.
    /// - Returns: false where it stops.
    func waitToReconnect(_ delay: Duration, in group: Group) -> Bool {
        var isFirst = true
        _ = self.monitor.wait(for: .reachable, atMost: delay) { state -> Bool? in
            defer { isFirst = false }
            return state.isStopping || !isFirst ? true : nil
        }
        return !self.isStopping
    }

    /// Refuses calls that were taken out of the queue because there is no database.
    private func refuse(_ hopeless: [JobHandle]) {
        guard !hopeless.isEmpty else { return }
        for handle in hopeless { handle.refuse(HostFault.unavailable) }
        self.monitor.broadcast(.idle)
    }

    var isStopping: Bool { self.monitor.withLock { $0.isStopping } }

    /// Drops a cancelled call that waits.
    func forget(_ handle: JobHandle) {
        let isIdle = self.monitor.withLock { state in
            _ = state.queue.remove(site: handle.job.site, lane: handle.job.lane) { $0 === handle }
            return state.active.isEmpty && state.queue.isEmpty
        }
        if isIdle { self.monitor.broadcast(.idle) }
    }

    /// Has the running statement cancelled: PQcancel blocks, and the caller may be an event loop.
    func requestCancel(of handle: JobHandle) {
        self.monitor.withLock { $0.cancels.append(handle) }
        self.monitor.signal(.cancels)
    }

    /// The life of the thread that sends cancels.
    func sendCancels() {
        while true {
            let handles = self.monitor.wait(for: .cancels, atMost: nil) { state -> [JobHandle]? in
                guard !state.cancels.isEmpty else { return state.areWorkersGone ? [] : nil }
                defer { state.cancels = [] }
                return state.cancels
            }
            guard let handles, !handles.isEmpty else { return }
            for handle in handles { handle.sendCancel() }
        }
    }

    /// The life of the thread that refuses what waits while attempts to connect hang.
    func refuseHopeless() {
        while true {
            let isUncertain = self.monitor.withLock { $0.isUncertain }
            let hopeless = self.monitor.wait(for: .doubt, atMost: isUncertain ? .milliseconds(200) : nil) {
                state -> [JobHandle]? in
                if state.isStopping { return [] }
                let hopeless = state.takeHopeless(at: .now)
                return hopeless.isEmpty && state.isUncertain == isUncertain ? nil : hopeless
            }
            self.refuse(hopeless ?? [])
            if self.isStopping { return }
        }
    }
}
