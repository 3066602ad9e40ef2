import XinglinKit

@testable import XinglinPostgres

/// What became of a job.
enum JobEnd: Sendable, Equatable {
    case ran(String)
    case refused(String)
}

/// A running pool, and jobs whose end can be waited for.
struct PoolHarness {
    let pool: WorkerPool

    init(
        _ conninfo: String, workers: Int = 2, queue: Int = 100, lifetime: Duration = .seconds(1800),
        clock: HostClock = .system
    ) {
        var settings = WorkerPoolSettings(conninfo: conninfo, workers: workers, credentialWorkers: 1, queue: queue)
        settings.lifetime = lifetime
        self.pool = WorkerPool(settings, clock: clock, log: TestCluster.log)
        self.pool.start()
    }

    /// Submits work that gives a text, and leaves its end in the mailbox.
    @discardableResult
    func submit(
        to mailbox: Mailbox<JobEnd>, site: RecordID? = nil, lane: Lane = .interactive, seconds: Int64 = 60,
        _ work: @escaping @Sendable (Connection, JobHandle) throws -> String
    ) -> JobHandle? {
        self.pool.submit(
            Job(
                site: site, lane: lane, deadline: HostClock.system.now.adding(seconds: seconds),
                run: { connection, handle in
                    do {
                        mailbox.put(.ran(try work(connection, handle)))
                    } catch {
                        mailbox.put(.ran("failed \((error as? DatabaseError)?.kind.rawValue ?? "otherwise")"))
                    }
                },
                refuse: { mailbox.put(.refused($0.kind.reason)) }))
    }

    /// Runs a statement that gives one text, and waits for its end.
    func ask(_ sql: SQL) -> JobEnd? {
        let mailbox = Mailbox<JobEnd>()
        self.submit(to: mailbox) { connection, _ in try connection.query(sql).one(String.self) ?? "nothing" }
        return mailbox.take()
    }
}
