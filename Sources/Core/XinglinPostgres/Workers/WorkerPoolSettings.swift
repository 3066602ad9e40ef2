internal import Foundation

/// How many workers, and of what.
public struct WorkerPoolSettings: Sendable {
    /// A libpq URL or `key=value` string.
    public var conninfo: String
    /// Workers of interactive and batch calls.
    public var workers: Int
    /// Workers of calls that check passwords.
    public var credentialWorkers: Int
    /// Calls waiting before `host.overloaded`.
    public var queue: Int
    /// Workers that serve short calls at once; further ones join where those wait for their server.
    public var workersAwake = max(2, ProcessInfo.processInfo.activeProcessorCount)
    /// How long a connection is kept, up to a sixth longer by chance.
    public var lifetime = Duration.seconds(1800)

    public init(conninfo: String, workers: Int = 8, credentialWorkers: Int = 2, queue: Int = 1024) {
        self.conninfo = conninfo
        self.workers = max(1, workers)
        self.credentialWorkers = max(1, credentialWorkers)
        self.queue = max(1, queue)
    }
}
