internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Connections that have more lines than one turn takes. One of them is served each time the event loop comes round to its
/// sockets, so that whoever sends without end delays nobody. Tasks that the loop is given while it runs tasks may all run before
/// its next look at the sockets; so a turn waits until the loop has reported the end of a round.
final class TurnQueue: NIOEventLoopMetricsDelegate {
    private struct State {
        var waiting: [NIOLoopBound<ConnectionHandler>] = []
        /// Where the queue begins; what stands before has been served.
        var front = 0
        /// Whether the next turn is on its way.
        var isComing = false
        var rounds: UInt64 = 0
    }

    private static let pause = TimeAmount.microseconds(50)
    private let state = Mutex(State())

    /// Puts a connection at the end of the queue, on its loop. It asks once per turn.
    func append(_ handler: NIOLoopBound<ConnectionHandler>, on loop: any EventLoop) {
        let round = self.state.withLock { state -> UInt64? in
            state.waiting.append(handler)
            if state.isComing { return nil }
            state.isComing = true
            return state.rounds
        }
        if let round { self.serve(after: round, on: loop) }
    }

    func processedTick(info: NIOEventLoopTickInfo) {
        self.state.withLock { $0.rounds += 1 }
    }

    private func serve(after round: UInt64, on loop: any EventLoop) {
        loop.scheduleTask(in: Self.pause) {
            let (handler, next) = self.take(after: round)
            handler?.value.takeTurn()
            if let next { self.serve(after: next, on: loop) }
        }
    }

    /// - Returns: whose turn it is, where the round has ended, and after which round to come again.
    private func take(after round: UInt64) -> (handler: NIOLoopBound<ConnectionHandler>?, next: UInt64?) {
        self.state.withLock { state in
            guard state.rounds > round else { return (nil, round) }
            let handler = state.waiting[state.front]
            state.front += 1
            if state.front == state.waiting.count || (state.front > 64 && state.front * 2 > state.waiting.count) {
                state.waiting.removeFirst(state.front)
                state.front = 0
            }
            state.isComing = !state.waiting.isEmpty
            return (handler, state.isComing ? state.rounds : nil)
        }
    }
}
