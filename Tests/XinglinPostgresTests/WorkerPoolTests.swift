import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("The worker pool", .timeLimit(.minutes(10)))
struct WorkerPoolTests {
    private func withPool(
        workers: Int = 2, queue: Int = 100, lifetime: Duration = .seconds(1800), _ body: (PoolHarness) throws -> Void
    ) throws {
        let harness = PoolHarness(try TestCluster.conninfo(), workers: workers, queue: queue, lifetime: lifetime)
        defer { harness.pool.stop() }
        try body(harness)
    }

    @Test("Jobs run on connections and each ends exactly once")
    func runs() throws {
        try self.withPool(workers: 4, queue: 1000) { harness in
            let mailbox = Mailbox<JobEnd>()
            for number in 0..<300 {
                let site = RecordID(high: 0, low: UInt64(number % 7))
                let lane: Lane = number % 10 == 0 ? .credential : number % 5 == 0 ? .batch : .interactive
                harness.submit(to: mailbox, site: site, lane: lane) { connection, _ in
                    try connection.query("SELECT \(number)::text").one(String.self) ?? "nothing"
                }
            }
            let ends = (0..<300).compactMap { _ in mailbox.take() }
            #expect(Set(ends.map { "\($0)" }).count == 300)
            #expect(harness.pool.drain(within: .seconds(5)))
            #expect(harness.pool.queued == 0 && harness.pool.running == 0)
            #expect(mailbox.all.isEmpty)
        }
    }

    @Test("A full queue refuses with host.overloaded, a job past its deadline with host.deadline")
    func refusals() throws {
        try self.withPool(workers: 1, queue: 4) { harness in
            let (blocker, mailbox, gate) = (Mailbox<JobEnd>(), Mailbox<JobEnd>(), Mailbox<Int>())
            let started = Mailbox<Int>()
            harness.submit(to: blocker) { _, _ in
                started.put(1)
                return "\(gate.take() ?? 0)"
            }
            _ = try #require(started.take())
            harness.submit(to: mailbox, seconds: -1) { _, _ in "late" }
            for _ in 0..<2 { harness.submit(to: mailbox) { _, _ in "waited" } }
            #expect(harness.submit(to: mailbox) { _, _ in "too many" } == nil)
            #expect(mailbox.take() == .refused("host.overloaded"))
            gate.put(7)
            #expect(blocker.take() == .ran("7"))
            #expect(mailbox.take() == .refused("host.deadline"))
            #expect(mailbox.take() == .ran("waited"))
            #expect(mailbox.take() == .ran("waited"))
        }
    }

    @Test("One site does not keep another one out")
    func fairness() throws {
        try self.withPool(workers: 3) { harness in
            let (greedy, other, gate) = (Mailbox<JobEnd>(), Mailbox<JobEnd>(), Mailbox<Int>())
            for _ in 0..<10 {
                harness.submit(to: greedy, site: RecordID(high: 0, low: 1)) { _, _ in "\(gate.take() ?? 0)" }
            }
            harness.submit(to: other, site: RecordID(high: 0, low: 2)) { _, _ in "served" }
            #expect(other.take() == .ran("served"))
            for number in 0..<10 { gate.put(number) }
            #expect((0..<10).compactMap { _ in greedy.take() }.count == 10)
        }
    }

    @Test("A waiting job that is cancelled is refused at once and never runs")
    func cancelWaiting() throws {
        try self.withPool(workers: 1) { harness in
            let (blocker, mailbox, gate) = (Mailbox<JobEnd>(), Mailbox<JobEnd>(), Mailbox<Int>())
            harness.submit(to: blocker) { _, _ in "\(gate.take() ?? 0)" }
            let submitted = harness.submit(to: mailbox) { _, _ in "ran" }
            let handle = try #require(submitted)
            handle.cancel()
            handle.cancel()
            #expect(mailbox.take() == .refused("host.unavailable"))
            #expect(handle.isCancelled)
            gate.put(1)
            #expect(blocker.take() == .ran("1"))
            #expect(harness.pool.drain(within: .seconds(5)))
            #expect(mailbox.all.isEmpty)
        }
    }

    @Test("A cancel ends its own statement and never the next job's")
    func cancelRunning() throws {
        try self.withPool(workers: 1) { harness in
            for _ in 0..<20 {
                let (mailbox, started) = (Mailbox<JobEnd>(), Mailbox<Int>())
                let submitted = harness.submit(to: mailbox) { connection, _ in
                    started.put(1)
                    _ = try connection.query("SELECT pg_sleep(20)")
                    return "slept"
                }
                let handle = try #require(submitted)
                _ = try #require(started.take())
                // The statement may not have reached the server yet; a cancel before that would have nothing to end.
                #expect(try self.sleepers() == 1)
                handle.cancel()
                let next = Mailbox<JobEnd>()
                harness.submit(to: next) { connection, _ in
                    try connection.query("SELECT 'whole' FROM pg_sleep(0.02)").one(String.self) ?? "nothing"
                }
                #expect(mailbox.take() == .ran("failed cancelled"))
                #expect(next.take() == .ran("whole"))
            }
        }
    }

    /// How many backends sleep, once one does.
    private func sleepers() throws -> Int {
        let connection = try TestCluster.connect()
        var count = 0
        _ = try eventually {
            count =
                try connection.query(
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(20)%' AND state = 'active'"
                ).one(Int.self) ?? 0
            return count > 0
        }
        return count
    }

    @Test("After beginCommit no cancel is sent; a job cancelled before it may not commit")
    func pointOfNoReturn() throws {
        try self.withPool(workers: 1) { harness in
            let (mailbox, handles) = (Mailbox<JobEnd>(), Mailbox<JobHandle>())
            let committing = harness.submit(to: mailbox) { connection, handle in
                guard handle.beginCommit() else { return "not" }
                handles.take()?.cancel()
                _ = try connection.query("SELECT pg_sleep(0.2)")
                return handle.isCancelled ? "cancelled" : "committed"
            }
            handles.put(try #require(committing))
            #expect(mailbox.take() == .ran("committed"))
            let cancelled = harness.submit(to: mailbox) { connection, handle in
                handles.take()?.cancel()
                let mayCommit = handle.beginCommit()
                _ = try connection.query("SELECT pg_sleep(0.2)")
                return "\(mayCommit)"
            }
            handles.put(try #require(cancelled))
            #expect(mailbox.take() == .ran("false"))
        }
    }

    @Test("A cancel that comes to be sent after beginCommit, or after the end, is not sent", arguments: [true, false])
    func lateCancel(afterCommit: Bool) throws {
        let settings = WorkerPoolSettings(conninfo: "", workers: 1)
        let pool = WorkerPool(settings, clock: .system, log: TestCluster.log)
        let deadline = HostClock.system.now.adding(seconds: 60)
        let job = Job(site: nil, lane: .interactive, deadline: deadline, run: { _, _ in }, refuse: { _ in })
        let handle = JobHandle(job, pool: pool)
        let connection = try TestCluster.connect()
        #expect(handle.start(connection.canceller))
        handle.cancel()
        if afterCommit {
            #expect(!handle.beginCommit())
        } else {
            #expect(!handle.finish())
        }
        handle.sendCancel()
        #expect(!handle.finish())
        #expect(handle.isCancelled)
    }

    @Test("A job that leaves its transaction open costs its connection, not the next job")
    func openTransaction() throws {
        try self.withPool(workers: 1) { harness in
            let mailbox = Mailbox<JobEnd>()
            harness.submit(to: mailbox) { connection, _ in
                _ = try connection.run(["BEGIN", "SELECT 1 / 0"])
                return "no"
            }
            #expect(mailbox.take() == .ran("failed other"))
            #expect(harness.ask("SELECT 'clean'") == .ran("clean"))
        }
    }

    @Test("A terminated connection is replaced before the next job suffers for it")
    func terminated() throws {
        try self.withPool(workers: 1) { harness in
            guard case .ran(let pid) = harness.ask("SELECT pg_backend_pid()::text") else { throw Missing() }
            let other = try TestCluster.connect()
            _ = try other.query("SELECT pg_terminate_backend(\(Int(pid) ?? 0), 5000)")
            guard case .ran(let next) = harness.ask("SELECT pg_backend_pid()::text") else { throw Missing() }
            #expect(next != pid && Int(next) != nil)
        }
    }

    @Test("Connections are renewed after their lifetime")
    func lifetime() throws {
        try self.withPool(workers: 1, lifetime: .milliseconds(50)) { harness in
            let first = harness.ask("SELECT pg_backend_pid()::text")
            #expect(eventually { harness.ask("SELECT pg_backend_pid()::text") != first })
        }
    }

    @Test("A draining pool refuses with host.shuttingDown and finishes what it took")
    func drain() throws {
        try self.withPool(workers: 1) { harness in
            let (mailbox, gate) = (Mailbox<JobEnd>(), Mailbox<Int>())
            let started = Mailbox<Int>()
            harness.submit(to: mailbox) { _, _ in
                started.put(1)
                return "\(gate.take() ?? 0)"
            }
            _ = try #require(started.take())
            #expect(!harness.pool.drain(within: .milliseconds(1)))
            #expect(harness.submit(to: mailbox) { _, _ in "new" } == nil)
            #expect(mailbox.take() == .refused("host.shuttingDown"))
            gate.put(3)
            #expect(harness.pool.drain(within: .seconds(10)))
            #expect(mailbox.take() == .ran("3"))
        }
    }

    @Test("Stopping refuses what waits and cancels what runs")
    func stop() throws {
        let harness = PoolHarness(try TestCluster.conninfo(), workers: 1)
        let (running, waiting) = (Mailbox<JobEnd>(), Mailbox<JobEnd>())
        harness.submit(to: running) { connection, _ in
            try connection.query("SELECT 'slept' FROM pg_sleep(20)").one(String.self) ?? "nothing"
        }
        let observer = try TestCluster.connect()
        #expect(
            try eventually {
                try !observer.query(
                    "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT ''slept''%' AND state = 'active'"
                ).isEmpty
            })
        harness.submit(to: waiting) { _, _ in "ran" }
        harness.pool.stop()
        #expect(waiting.take() == .refused("host.shuttingDown"))
        #expect(running.take() == .ran("failed cancelled"))
        harness.pool.stop()
    }

    private struct Missing: Error {}
}
