public import XinglinKit

/// What a pool's workers are at, at one moment.
public struct PoolStatus: Sendable {
    public struct Group: Sendable {
        /// Workers that run a call.
        public var busy = 0
        /// Workers that have a connection and nothing to do.
        public var idle = 0
        /// Workers without a connection.
        public var down = 0
        /// Calls that wait.
        public var queued = 0
    }

    /// The workers of interactive and batch calls.
    public var general = Group()
    /// The workers that check passwords.
    public var credential = Group()
    /// The calls that run, by lane.
    public var running: [Lane: Int] = [:]
    /// How many calls have been taken out of the queue since the start.
    public var served: UInt64 = 0

    /// Calls that wait.
    public var queued: Int { self.general.queued + self.credential.queued }
}

extension WorkerPool {
    /// What the workers are at.
    public var status: PoolStatus {
        self.monitor.withLock { state in
            var status = PoolStatus()
            status.served = state.queue.served
            var busy = [0, 0]
            for (worker, handle) in state.active {
                status.running[handle.job.lane, default: 0] += 1
                busy[worker < self.settings.workers ? Group.general.rawValue : Group.credential.rawValue] += 1
            }
            status.general = Self.group(.general, busy, state)
            status.credential = Self.group(.credential, busy, state)
            return status
        }
    }

    private static func group(_ group: Group, _ busy: [Int], _ state: PoolState) -> PoolStatus.Group {
        let (all, up) = state.links(in: group)
        let busy = busy[group.rawValue]
        return PoolStatus.Group(
            busy: busy, idle: max(0, up - busy), down: max(0, all - max(up, busy)),
            queued: state.queue.count(in: group))
    }
}
