internal import NIOCore
internal import Synchronization

/// All connections that are open.
final class ConnectionRegistry: Sendable {
    private struct State {
        var count = 0
        var lastID: UInt64 = 0
        var handlers: [UInt64: NIOLoopBound<ConnectionHandler>] = [:]
        var isDraining = false
        var emptied: EventLoopPromise<Void>?
    }

    private let state = Mutex(State())

    var count: Int { self.state.withLock { $0.count } }
    var isDraining: Bool { self.state.withLock { $0.isDraining } }

    /// Every connection whose pipeline stands; to be touched on the event loop only.
    var handlers: [NIOLoopBound<ConnectionHandler>] { self.state.withLock { Array($0.handlers.values) } }

    /// Counts a new connection in.
    /// - Returns: its id, or nil where there is no room or no more are taken.
    func admit(limit: Int) -> UInt64? {
        self.state.withLock { state in
            guard !state.isDraining, state.count < limit else { return nil }
            state.count += 1
            state.lastID += 1
            return state.lastID
        }
    }

    func add(_ handler: NIOLoopBound<ConnectionHandler>, id: UInt64) {
        self.state.withLock { $0.handlers[id] = handler }
    }

    func remove(_ id: UInt64) {
        let emptied = self.state.withLock { state -> EventLoopPromise<Void>? in
            state.handlers[id] = nil
            state.count -= 1
            return state.count == 0 ? state.emptied : nil
        }
        emptied?.succeed(())
    }

    /// Takes no more connections.
    /// - Parameter emptied: is kept when the last one is gone.
    func drain(_ emptied: EventLoopPromise<Void>) {
        let isEmpty = self.state.withLock { state in
            state.isDraining = true
            state.emptied = emptied
            return state.count == 0
        }
        if isEmpty { emptied.succeed(()) }
    }
}
