internal import XinglinKit

/// One worker: a thread and its connection.
final class PoolWorker {
    private let pool: WorkerPool
    private let number: Int
    private let group: WorkerPool.Group
    private var connection: Connection?
    private var expiry = ContinuousClock.Instant.now
    /// When the server last answered here.
    private var provenAt = ContinuousClock.Instant.now
    private var backoff = Backoff()

    init(_ pool: WorkerPool, number: Int, group: WorkerPool.Group) {
        self.pool = pool
        self.number = number
        self.group = group
    }

    /// The thread's life, until the pool stops.
    func run() {
        while !self.pool.isStopping {
            guard self.connection != nil || self.connect() else {
                guard self.pool.waitToReconnect(self.backoff.next(), in: self.group) else { return }
                continue
            }
            switch self.pool.nextTurn(of: self.number, in: self.group, atMost: self.expiry - .now) {
            case .stop: return
            case .renewConnection: self.connection = nil
            case .serve(let handle):
                self.serve(handle)
                self.pool.release(handle, from: self.number)
            }
        }
    }

    /// Tries once to connect.
    private func connect() -> Bool {
        self.pool.leave(self.number, in: self.group)
        self.pool.report(.connecting(since: .now), of: self.number, in: self.group)
        do {
            self.connection = try Connection(self.pool.settings.conninfo, applicationName: "xinglin worker")
        } catch {
            self.pool.log.debug(
                "no connection", metadata: ["worker": "\(self.number)", "error": "\(error.message)"])
            self.pool.report(.down, of: self.number, in: self.group)
            return false
        }
        self.connection?.onStall = { [pool, number, group] in pool.leave(number, in: group) }
        self.connection?.onResume = { [pool, number, group] in pool.comeBack(number, in: group) }
        let lifetime = self.pool.settings.lifetime
        self.expiry = .now + lifetime + lifetime * Double.random(in: 0...0.16)
        self.backoff.reset()
        self.provenAt = .now
        self.pool.report(.up, of: self.number, in: self.group)
        return true
    }

    private func serve(_ handle: JobHandle) {
        guard self.pool.clock.now < handle.job.deadline else { return handle.refuse(HostFault.deadline) }
        // After a restart of the server every idle connection is dead; the call need not suffer for it.
        // Where another worker has lost its server since this one's answered, it may hang: a call would wait for its whole time.
        if let connection = self.connection,
            !connection.isAlive(provingIt: self.pool.isInDoubt(since: self.provenAt))
        {
            self.connection = nil
            _ = self.connect()
        }
        guard let connection = self.connection else { return handle.refuse(HostFault.unavailable) }
        connection.giveUpAt = .now + Connection.patience
        guard handle.start(connection.canceller) else { return }
        handle.job.run(connection, handle)
        // A cancel that was sent may arrive late: a round trip of our own takes it, not the next call.
        if handle.finish() { _ = connection.ping() }
        self.keepOrDrop(connection)
    }

    private func keepOrDrop(_ connection: Connection) {
        if connection.isBroken {
            self.pool.castDoubt()
            self.connection = nil
            return
        }
        self.provenAt = .now
        if !connection.isIdle {
            self.pool.log.error("a call left its transaction open; its connection is given up")
            self.connection = nil
        } else if self.expiry < .now {
            self.connection = nil
        }
    }
}
