internal import NIOCore
internal import Synchronization

/// All connections that are open.
final class ConnectionRegistry: Sendable {
    private struct Entry {
        let network: String
        var hasSession = false
        var handler: NIOLoopBound<ConnectionHandler>?
    }

    private struct State {
        var gate: ConnectionGate
        var lastID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var withSession = 0
        var isDraining = false
        var emptied: EventLoopPromise<Void>?
    }

    enum Admission {
        case admitted(id: UInt64)
        case refused(ConnectionGate.Refusal)
        case draining
    }

    private let state: Mutex<State>

    init(_ limits: ConnectionGate.Limits) {
        self.state = Mutex(State(gate: ConnectionGate(limits)))
    }

    var count: Int { self.state.withLock { $0.entries.count } }
    /// All connections, and those of them that have a session.
    var counts: (open: Int, withSession: Int) { self.state.withLock { ($0.entries.count, $0.withSession) } }
    var isDraining: Bool { self.state.withLock { $0.isDraining } }

    /// Every connection whose pipeline stands; to be touched on the event loop only.
    var handlers: [NIOLoopBound<ConnectionHandler>] { self.state.withLock { $0.entries.values.compactMap(\.handler) } }

    /// Counts a new connection in where there is room.
    func admit(from network: String) -> Admission {
        self.state.withLock { state in
            guard !state.isDraining else { return .draining }
            if let refusal = state.gate.admit(network, at: .now) { return .refused(refusal) }
            state.lastID += 1
            state.entries[state.lastID] = Entry(network: network)
            return .admitted(id: state.lastID)
        }
    }

    func add(_ handler: NIOLoopBound<ConnectionHandler>, id: UInt64) {
        self.state.withLock { $0.entries[id]?.handler = handler }
    }

    /// The connection got a session, or lost it.
    func changed(_ id: UInt64, hasSession: Bool) {
        self.state.withLock { state in
            guard let entry = state.entries[id], entry.hasSession != hasSession else { return }
            state.entries[id]?.hasSession = hasSession
            state.withSession += hasSession ? 1 : -1
            state.gate.changed(entry.network, hasSession: hasSession)
        }
    }

    func remove(_ id: UInt64) {
        let emptied = self.state.withLock { state -> EventLoopPromise<Void>? in
            guard let entry = state.entries.removeValue(forKey: id) else { return nil }
            state.gate.left(entry.network, hadSession: entry.hasSession)
            if entry.hasSession { state.withSession -= 1 }
            return state.entries.isEmpty ? state.emptied : nil
        }
        emptied?.succeed(())
    }

    /// Takes no more connections.
    /// - Parameter emptied: is kept when the last one is gone.
    func drain(_ emptied: EventLoopPromise<Void>) {
        let isEmpty = self.state.withLock { state in
            state.isDraining = true
            state.emptied = emptied
            return state.entries.isEmpty
        }
        if isEmpty { emptied.succeed(()) }
    }
}
