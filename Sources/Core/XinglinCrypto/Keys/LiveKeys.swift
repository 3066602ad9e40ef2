internal import Synchronization

/// The keys of a process that runs on while they are rotated: every cipher made of them sees the change at once.
public final class LiveKeys: Sendable {
    private struct State {
        var ring: KeyRing
        /// Before this the folder is not read again for a key that is not there.
        var mayReadAt: ContinuousClock.Instant
    }
    private let state: Mutex<State>
    private let directory: String?

    /// - Parameter directory: where a key that the ring lacks may have come to lie meanwhile; nil where nobody adds any.
    public init(_ ring: KeyRing, directory: String? = nil) {
        self.state = Mutex(State(ring: ring, mayReadAt: .now))
        self.directory = directory
    }

    /// The keys as they are now.
    public var ring: KeyRing { self.state.withLock { $0.ring } }

    /// Takes other keys into use.
    public func replace(_ ring: KeyRing) {
        self.state.withLock { $0.ring = ring }
    }

    /// The key that values of that number are opened with. One that is not known is looked for in the folder once.
    func derived(_ id: UInt32) throws -> DerivedKeys {
        if let keys = self.ring.keys[id] { return keys }
        guard let directory = self.directory, self.mayRead() else { throw CryptoError.missingKey(id: id) }
        let found = try KeyRing.load(directory: directory)
        try self.state.withLock { state in
            // What seals and what indexes is decided elsewhere; here a key is only added.
            state.ring = try found.using(current: state.ring.currentID, index: state.ring.indexID)
        }
        guard let keys = self.ring.keys[id] else { throw CryptoError.missingKey(id: id) }
        return keys
    }

    /// Values of a lost key must not make the folder be read for each of them.
    private func mayRead() -> Bool {
        self.state.withLock { state in
            guard ContinuousClock.now >= state.mayReadAt else { return false }
            state.mayReadAt = .now + .seconds(1)
            return true
        }
    }
}
