internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// The directory in memory. It is re-read on NOTIFY, every few seconds, and by a worker right after it changed it,
/// so that a change holds here before its reply is sent and on every other host within 5 s.
final class Directory: Sendable {
    private struct State {
        var snapshot = DirectorySnapshot()
        /// When the database was last asked whether it holds.
        var confirmedAt: ContinuousClock.Instant?
    }
    private let current = Mutex(State())
    private let clock: HostClock

    /// How old the directory may be: the watcher asks every five seconds.
    private static let mostAge = Duration.seconds(6)
    /// How long a worker waits for the comparison.
    private static let patience = Duration.seconds(5)

    init(clock: HostClock) {
        self.clock = clock
    }

    var snapshot: DirectorySnapshot { self.current.withLock { $0.snapshot } }

    /// Reads it anew.
    func reload(_ connection: Connection) throws {
        let asked = ContinuousClock.Instant.now
        let read = try DirectoryStore.read(connection, now: self.clock.now)
        // Two readers may finish in the other order; an older version never replaces a newer one.
        self.current.withLock {
            if read.version >= $0.snapshot.version { $0.snapshot = read }
            $0.confirmedAt = max(asked, $0.confirmedAt ?? asked)
        }
    }

    /// Reads it anew only if its version is not the one in memory.
    func refresh(_ connection: Connection) throws {
        let asked = ContinuousClock.Instant.now
        guard try DirectoryStore.version(connection) == self.snapshot.version else {
            return try self.reload(connection)
        }
        self.current.withLock { $0.confirmedAt = max(asked, $0.confirmedAt ?? asked) }
    }

    /// Sees that a call is not served by a directory that nobody has compared with the database for long: the watcher's
    /// connection may hang where others are served, as on a server that was stopped while another took its place.
    /// - Throws: `host.unavailable` where the directory changed, for the call was judged by the former one.
    func requireFresh(_ connection: Connection) throws {
        let (version, confirmedAt) = self.current.withLock { ($0.snapshot.version, $0.confirmedAt) }
        if let confirmedAt, .now - confirmedAt < Self.mostAge { return }
        // The watcher may not have come because the server hangs: so will this then, and the call must not wait for it long.
        connection.giveUpAt = .now + Self.patience
        try self.refresh(connection)
        guard self.snapshot.version == version else { throw HostFault.unavailable.fault() }
    }
}
