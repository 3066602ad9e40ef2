#if canImport(Glibc)
    internal import Glibc
#endif

/// State behind a lock, with conditions to wait for: what `Mutex` lacks. The conditions are numbered by `Condition`.
package final class Monitor<State, Condition: RawRepresentable & CaseIterable>: @unchecked Sendable
where Condition.RawValue == Int {
    // SAFETY: `state` is touched only while `mutex` is held; the pthread objects do not move and live as long as this.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let conditions: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    package init(_ state: sending State) {
        self.state = state
        self.mutex = .allocate(capacity: 1)
        pthread_mutex_init(self.mutex, nil)
        self.conditions = .allocate(capacity: Condition.allCases.count)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        for condition in Condition.allCases { pthread_cond_init(self.conditions + condition.rawValue, &attributes) }
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        for condition in Condition.allCases { pthread_cond_destroy(self.conditions + condition.rawValue) }
        pthread_mutex_destroy(self.mutex)
        self.conditions.deallocate()
        self.mutex.deallocate()
    }

    package func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(self.mutex)
        defer { pthread_mutex_unlock(self.mutex) }
        return body(&self.state)
    }

    /// Tries until the attempt gives something or the time is over (nil waits for ever); the attempts hold the lock.
    /// - Returns: what the attempt gave, or nil when the time is over.
    package func wait<Result>(for condition: Condition, atMost limit: Duration?, _ attempt: (inout State) -> Result?)
        -> Result?
    {
        let deadline = limit.map { Self.monotonic(after: max($0, .zero)) }
        pthread_mutex_lock(self.mutex)
        defer { pthread_mutex_unlock(self.mutex) }
        while true {
            if let result = attempt(&self.state) { return result }
            if var deadline {
                let code = pthread_cond_timedwait(self.conditions + condition.rawValue, self.mutex, &deadline)
                if code == ETIMEDOUT { return attempt(&self.state) }
            } else {
                pthread_cond_wait(self.conditions + condition.rawValue, self.mutex)
            }
        }
    }

    package func signal(_ condition: Condition) {
        pthread_cond_signal(self.conditions + condition.rawValue)
    }

    package func broadcast(_ condition: Condition) {
        pthread_cond_broadcast(self.conditions + condition.rawValue)
    }

    private static func monotonic(after limit: Duration) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let (seconds, attoseconds) = limit.components
        let nanoseconds = Int64(time.tv_nsec) + attoseconds / 1_000_000_000
        time.tv_sec += Int(seconds + nanoseconds / 1_000_000_000)
        time.tv_nsec = Int(nanoseconds % 1_000_000_000)
        return time
    }
}
