internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Connections that have more lines than one turn takes. One of them is served each time the event loop comes round to its
/// sockets, so that whoever sends without end delays nobody. Tasks that the loop is given while it runs tasks would all run
/// before the next look at the sockets; the loop's report of a finished round is what comes exactly once in between.
final class TurnQueue: NIOEventLoopMetricsDelegate {
    private struct State {
        var waiting: [NIOLoopBound<ConnectionHandler>] = []
        /// Where the queue begins; what stands before has been served.
        var front = 0
        var loop: (any EventLoop)?
        var isComing = false
    }

    private let state = Mutex(State())

    /// The loop whose rounds are followed.
    func follow(_ loop: any EventLoop) {
        self.state.withLock { $0.loop = loop }
    }

    /// Puts a connection at the end of the queue. It asks once per turn.
    func append(_ handler: NIOLoopBound<ConnectionHandler>) {
        self.state.withLock { $0.waiting.append(handler) }
    }

    func processedTick(info: NIOEventLoopTickInfo) {
        let loop = self.state.withLock { state -> (any EventLoop)? in
            guard !state.isComing, state.front < state.waiting.count else { return nil }
            state.isComing = true
            return state.loop
        }
        loop?.execute { self.serveNext() }
    }

    private func serveNext() {
        let next = self.state.withLock { state -> NIOLoopBound<ConnectionHandler>? in
            state.isComing = false
            guard state.front < state.waiting.count else { return nil }
            defer { Self.advance(&state) }
            return state.waiting[state.front]
        }
        next?.value.takeTurn()
    }

    private static func advance(_ state: inout State) {
        state.front += 1
        guard state.front == state.waiting.count || state.front > 64, state.front * 2 > state.waiting.count else { return }
        state.waiting.removeFirst(state.front)
        state.front = 0
    }
}
