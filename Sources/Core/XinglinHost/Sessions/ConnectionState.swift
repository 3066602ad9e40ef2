internal import Synchronization
internal import XinglinPostgres

/// What the dispatcher keeps of one connection: the session bound to it, and its calls in flight.
final class ConnectionState: Sendable {
    private struct State {
        var session: Session?
        var handles: [UInt64: JobHandle] = [:]
        var next: UInt64 = 0
        var isGone = false
    }
    private let state = Mutex(State())

    var session: Session? { self.state.withLock { $0.session } }

    func bind(_ session: Session?) {
        self.state.withLock { $0.session = session }
    }

    /// A number for a call that is about to be submitted.
    func number() -> UInt64 {
        self.state.withLock { state in
            state.next += 1
            return state.next
        }
    }

    /// Keeps the handle of a call in flight, unless the connection was reset meanwhile: then the call is cancelled.
    func track(_ handle: JobHandle, _ number: UInt64) {
        let isGone = self.state.withLock { state in
            if !state.isGone { state.handles[number] = handle }
            return state.isGone
        }
        if isGone { handle.cancel() }
    }

    func finished(_ number: UInt64) {
        self.state.withLock { _ = $0.handles.removeValue(forKey: number) }
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
