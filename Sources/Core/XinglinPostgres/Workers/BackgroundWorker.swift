public import Logging
internal import XinglinKit

/// A thread with a connection of its own for work that goes on beside the calls: it looks for work when it is woken and from
/// time to time.
public final class BackgroundWorker: Sendable {
    /// Looks for work and does it; gives how long to wait until the next look.
    public typealias Work = @Sendable (Connection) throws -> Duration

    private struct State {
        var isWoken = false
        var isStopping = false
        var isFinishing = false
        /// A look that began after `finish` has ended.
        var hasFinished = false
        var hasEnded = false
        var thread: OSThread?
        var canceller: Canceller?
    }
    private enum Condition: Int, CaseIterable {
        case changed
        case ended
    }

    private let conninfo: String
    private let name: String
    private let log: Logger
    private let monitor = Monitor<State, Condition>(State())

    /// How long a statement waits for a lock: work beside the calls may wait longer than they.
    private static let lockTimeout = "10s"
    /// How long a transaction may stand idle while its data are prepared.
    private static let idleInTransaction = "10min"
    /// How long `stop` waits before it cancels again what runs.
    private static let stopPatience = Duration.milliseconds(200)

    /// - Parameter name: the thread's and the connection's name.
    public init(conninfo: String, name: String, log: Logger) {
        self.conninfo = conninfo
        self.name = name
        self.log = log
    }

    /// Starts the thread, which connects by itself.
    /// - Throws: where the system gives no thread.
    public func start(_ work: @escaping Work) throws {
        let thread = try OSThread(name: self.name) { self.run(work) }
        self.monitor.withLock { $0.thread = thread }
    }

    /// Has it look for work now.
    public func wake() {
        self.monitor.withLock { $0.isWoken = true }
        self.monitor.signal(.changed)
    }

    /// Whether it is to end: work that takes long asks between its steps.
    public var isStopping: Bool { self.monitor.withLock { $0.isStopping } }

    /// Whether this is the last look before it stops.
    public var isFinishing: Bool { self.monitor.withLock { $0.isFinishing } }

    /// Has it look for work once more and waits for the end of that look, done or failed, but no longer than so long.
    public func finish(atMost patience: Duration) {
        let isRunning = self.monitor.withLock { state in
            state.isFinishing = true
            state.isWoken = true
            return state.thread != nil
        }
        guard isRunning else { return }
        self.monitor.broadcast(.changed)
        _ = self.monitor.wait(for: .ended, atMost: patience) { $0.hasFinished || $0.hasEnded ? true : nil }
    }

    /// Cancels the statement that runs and waits for the thread to end.
    public func stop() {
        let thread = self.monitor.withLock { state in
            state.isStopping = true
            defer { state.thread = nil }
            return state.thread
        }
        self.monitor.broadcast(.changed)
        guard let thread else { return }
        // Work between two statements is not there to be cancelled: so again, until it has ended.
        while self.monitor.wait(for: .ended, atMost: Self.stopPatience, { $0.hasEnded ? true : nil }) == nil {
            self.monitor.withLock { $0.canceller }?.cancel()
        }
        thread.join()
    }

    private func run(_ work: Work) {
        var connection: Connection?
        var backoff = Backoff()
        while !self.isStopping {
            var pause: Duration
            let isLast = self.isFinishing
            do {
                if connection?.isAlive() != true { connection = try self.connect() }
                guard let connection else { continue }
                connection.giveUpAt = .now + Connection.patience
                pause = try work(connection)
                backoff.reset()
            } catch {
                pause = backoff.next()
                self.report(error)
            }
            // What it left open would hold others up.
            if connection?.isBroken == true || connection?.isIdle == false { connection = nil }
            self.monitor.withLock { state in
                if connection == nil { state.canceller = nil }
                if isLast { state.hasFinished = true }
            }
            if isLast { self.monitor.broadcast(.ended) }
            self.wait(pause)
        }
        self.monitor.withLock {
            $0.canceller = nil
            $0.hasEnded = true
        }
        self.monitor.broadcast(.ended)
    }

    private func connect() throws -> Connection {
        let connection = try Connection(
            self.conninfo, applicationName: "xinglin \(self.name)", lockTimeout: Self.lockTimeout,
            idleInTransaction: Self.idleInTransaction)
        self.monitor.withLock { $0.canceller = connection.canceller }
        return connection
    }

    private func wait(_ pause: Duration) {
        _ = self.monitor.wait(for: .changed, atMost: pause) { state -> Bool? in
            guard state.isWoken || state.isStopping else { return nil }
            state.isWoken = false
            return true
        }
    }

    private func report(_ error: any Error) {
        if self.isStopping { return }
        let text = (error as? DatabaseError).map { "\($0): \($0.message)" } ?? String(describing: type(of: error))
        self.log.warning(
            "background work failed and is tried again",
            metadata: ["worker": .string(self.name), "error": .string(text)])
    }
}
