internal import Synchronization

/// Lines on their way from any thread to the connection's event loop: replies, and notifications that the service pushes. However
/// many arrive before the loop comes round, it is woken once and they leave in one flush.
final class Outbox: PushPath {
    private struct State {
        var lines: [[UInt8]] = []
        var calls = 0
        var bytes = 0
        /// What the loop has taken and the socket has not.
        var unsent = 0
        var isWaking = false
        /// Nil once the connection is gone; it also ends the cycle between the handler and its outbox.
        var wake: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>

    /// - Parameter wake: asks the loop to take what is here soon.
    init(wake: @escaping @Sendable () -> Void) {
        self.state = Mutex(State(wake: wake))
    }

    /// Adds the reply line to so many calls; nil where nothing is to be sent.
    func add(_ line: [UInt8]?, calls: Int) {
        let wake: (@Sendable () -> Void)? = self.state.withLock { state in
            guard state.wake != nil else { return nil }
            if let line {
                state.lines.append(line)
                state.bytes += line.count
            }
            state.calls += calls
            if state.isWaking { return nil }
            state.isWaking = true
            return state.wake
        }
        wake?()
    }

    /// A notification: it answers no call.
    func push(_ line: [UInt8]) {
        self.add(line, calls: 0)
    }

    /// Bytes that wait here.
    var bytes: Int { self.state.withLock { $0.bytes } }

    var unsentBytes: Int { self.state.withLock { $0.bytes + $0.unsent } }

    /// Takes everything.
    func take() -> (lines: [[UInt8]], calls: Int) {
        self.state.withLock { state in
            state.isWaking = false
            defer {
                state.unsent += state.bytes
                (state.lines, state.calls, state.bytes) = ([], 0, 0)
            }
            return (state.lines, state.calls)
        }
    }

    /// So many bytes of what was taken have left for the socket.
    func sent(_ bytes: Int) {
        self.state.withLock { $0.unsent -= bytes }
    }

    /// From here on all answers are dropped.
    func close() {
        self.state.withLock { $0 = State(wake: nil) }
    }
}
