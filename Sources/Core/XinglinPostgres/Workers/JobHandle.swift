internal import Synchronization
internal import XinglinKit

/// A submitted job, for whoever may want to cancel it.
public final class JobHandle: Sendable {
    private enum Phase {
        case queued
        case running(Canceller)
        /// Past the point of no return: no cancel is sent any more.
        case ending(Canceller)
        case finished
    }

    private struct State {
        var phase = Phase.queued
        var isCancelled = false
        var cancelWasSent = false
    }

    let job: Job
    private let pool: WorkerPool
    private let state = Mutex(State())

    init(_ job: Job, pool: WorkerPool) {
        self.job = job
        self.pool = pool
    }

    /// Whether somebody cancelled it in time. Ask before each round trip.
    public var isCancelled: Bool { self.state.withLock { $0.isCancelled } }

    /// Gives the call up, from any thread, without blocking: a waiting job is refused with `host.unavailable` at once;
    /// a running one has its statement cancelled, unless it has begun to commit.
    public func cancel() {
        let phase: Phase? = self.state.withLock { state in
            guard !state.isCancelled else { return nil }
            switch state.phase {
            case .queued:
                state.isCancelled = true
                state.phase = .finished
                return .queued
            case .running:
                state.isCancelled = true
                return state.phase
            case .ending, .finished: return nil
            }
        }
        switch phase {
        case .queued:
            self.pool.forget(self)
            self.job.refuse(HostFault.unavailable.fault())
        case .running: self.pool.requestCancel(of: self)
        default: return
        }
    }

    /// To be called on the worker before COMMIT (and before a ROLLBACK, whatever it gives). Afterwards no cancel is
    /// sent and none is under way. Gives false where the job has been cancelled: then roll back.
    public func beginCommit() -> Bool {
        let (mayCommit, canceller) = self.state.withLock { state -> (Bool, Canceller?) in
            guard case .running(let canceller) = state.phase else { return (!state.isCancelled, nil) }
            state.phase = .ending(canceller)
            return (!state.isCancelled, canceller)
        }
        canceller?.settle()
        return mayCommit
    }

    /// Whether the worker may run it; false where it was cancelled meanwhile.
    func start(_ canceller: Canceller) -> Bool {
        self.state.withLock { state in
            guard case .queued = state.phase else { return false }
            state.phase = .running(canceller)
            return true
        }
    }

    /// Refuses it where nobody has yet.
    func refuse(_ kind: FaultKind) {
        let isFirst = self.state.withLock { state in
            guard case .queued = state.phase else { return false }
            state.phase = .finished
            return true
        }
        if isFirst { self.job.refuse(kind.fault()) }
    }

    /// Ends it. Afterwards no cancel is under way; gives whether one was sent, which may yet arrive.
    func finish() -> Bool {
        let phase = self.state.withLock { state in
            defer { state.phase = .finished }
            return state.phase
        }
        switch phase {
        case .running(let canceller), .ending(let canceller): canceller.settle()
        case .queued, .finished: break
        }
        return self.state.withLock { $0.cancelWasSent }
    }

    /// Sends the cancel, on the thread for that. The condition is judged under the canceller's lock, which `finish`
    /// and `beginCommit` wait for: so it can only hit this job's own statements.
    func sendCancel() {
        guard case .running(let canceller) = self.state.withLock({ $0.phase }) else { return }
        canceller.cancel {
            self.state.withLock { state in
                guard case .running = state.phase else { return false }
                state.cancelWasSent = true
                return true
            }
        }
    }
}
