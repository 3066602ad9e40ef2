internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// The directory in memory. It is re-read on NOTIFY, every few seconds, and by a worker right after it changed it,
/// so that a change holds here before its reply is sent and on every other host within 5 s.
final class Directory: Sendable {
    private let current: Mutex<DirectorySnapshot>
    private let clock: HostClock

    init(clock: HostClock) {
        self.current = Mutex(DirectorySnapshot())
        self.clock = clock
    }

    var snapshot: DirectorySnapshot { self.current.withLock { $0 } }

    /// Reads it anew.
    func reload(_ connection: Connection) throws {
        let read = try DirectoryStore.read(connection, now: self.clock.now)
        // Two readers may finish in the other order; an older version never replaces a newer one.
        self.current.withLock { if read.version >= $0.version { $0 = read } }
    }

    /// Reads it anew only if its version is not the one in memory.
    func refresh(_ connection: Connection) throws {
        guard try DirectoryStore.version(connection) != self.snapshot.version else { return }
        try self.reload(connection)
    }
}
