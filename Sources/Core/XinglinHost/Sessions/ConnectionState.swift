internal import Synchronization
internal import XinglinPostgres

/// What the dispatcher keeps of one connection: the session bound to it, and its calls in flight.
final class ConnectionState: Sendable {
    private struct State {
        var session: Session?
        var inFlight: Set<UInt64> = []
        var handles: [UInt64: JobHandle] = [:]
        var next: UInt64 = 0
        var isGone = false
    }
    private let state = Mutex(State())
    /// Told whether a session is bound.
    private let identify: @Sendable (Bool) -> Void

    init(identify: @escaping @Sendable (Bool) -> Void) {
        self.identify = identify
    }

    var session: Session? { self.state.withLock { $0.session } }

    func bind(_ session: Session) {
        self.state.withLock {
            $0.session = session
            self.identify(true)
        }
    }

    /// Replaces the session by its renewed self, unless another one was bound meanwhile.
    func rebind(_ session: Session) {
        self.state.withLock { if $0.session?.tokenDigest == session.tokenDigest { $0.session = session } }
    }

    /// Lets go of the session, unless another one was bound meanwhile.
    func unbind(_ session: Session) {
        self.state.withLock { state in
            guard state.session?.tokenDigest == session.tokenDigest else { return }
            state.session = nil
            self.identify(false)
        }
    }

    /// Registers a call that is about to be submitted.
    func begin() -> UInt64 {
        self.state.withLock { state in
            state.next += 1
            state.inFlight.insert(state.next)
            return state.next
        }
    }

    /// Keeps the handle of a call in flight, unless it is done already. Where the connection was reset meanwhile the
    /// call is cancelled.
    func track(_ handle: JobHandle, _ number: UInt64) {
        let isGone = self.state.withLock { state in
            if !state.isGone, state.inFlight.contains(number) { state.handles[number] = handle }
            return state.isGone
        }
        if isGone { handle.cancel() }
    }

    func finished(_ number: UInt64) {
        self.state.withLock { state in
            state.inFlight.remove(number)
            state.handles[number] = nil
        }
    }

    /// The connection was reset: cancels whatever has not sent COMMIT.
    func cancelAll() {
        let handles = self.state.withLock { state in
            state.isGone = true
            defer { state.handles = [:] }
            return Array(state.handles.values)
        }
        for handle in handles { handle.cancel() }
    }
}
