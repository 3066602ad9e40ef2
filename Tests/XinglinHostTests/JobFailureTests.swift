import Testing
import XinglinKit
import XinglinPostgres
import XinglinTesting

@testable import XinglinHost

@Suite("What a failed run leaves") struct JobFailureTests {
    private static func failures(_ host: TestHost) throws -> [String: Double] {
        let services = host.core.services
        let connection = try Connection(services.conninfo, applicationName: "tests")
        let values = try DatabaseGauge.failedJobs.read(connection, services.clock.now, services.registry)
        return Dictionary(uniqueKeysWithValues: values.map { ($0.labels[0], $0.value) })
    }

    private static func lastRun(_ client: TestClient) async throws -> JSONValue {
        let history = try await client.call("jobs.history", ["job": .string(TickWrite.name), "limit": 1])
        return try #require(history["runs"]?[0])
    }

    @Test("every job has its figure before it has run, and a run that failed for good is counted")
    func figures() async throws {
        let host = try await Clockwork.standing()
        let jobs = host.core.services.registry.sortedJobs.map(\.name)
        #expect(jobs.contains(TickWrite.name))
        #expect(try Self.failures(host) == Dictionary(uniqueKeysWithValues: jobs.map { ($0, 0) }))
        try host.script(
            """
            INSERT INTO host.job_run (run_id, job, scheduled_for, state, not_before, ended_at) SELECT gen_random_uuid(), job,
                at, state, at, at FROM (VALUES ('\(TickWrite.name)', 'failed', '2026-11-22T14:00:00+08'::timestamptz),
                ('\(TickWrite.name)', 'done', '2026-11-22T13:00:00+08'), ('\(TickSkip.name)', 'failed', '2026-11-21T14:00:00+08'),
                ('gone.thing', 'failed', '2026-11-22T14:00:00+08')) AS run (job, state, at)
            """)
        let failed = try Self.failures(host)
        #expect(failed[TickWrite.name] == 1 && failed[TickSkip.name] == 0 && failed["gone.thing"] == 1, "\(failed)")
    }

    @Test("the history shows when a run is tried again, and the trace of its last attempt, which the audit has too")
    func history() async throws {
        let host = try await Clockwork.standing()
        let admin = try await host.administrator()
        try host.script("INSERT INTO clockwork.instruction VALUES ('\(TickWrite.name)', 'jam')")
        try await admin.call("jobs.run", ["job": .string(TickWrite.name), "site": "t1"])
        #expect(try await Self.lastRun(admin)["nextAttemptAt"] == nil, "it has not failed yet")
        var traces: Set<String> = []
        for (attempt, due) in [(1, 60), (2, 180)] as [(Int64, Int64)] {
            try host.doJobs()
            let run = try await Self.lastRun(admin)
            #expect(run["state"] == "waiting" && run["failures"] == .integer(attempt))
            let next = Clockwork.start.adding(seconds: due)
            #expect(run["nextAttemptAt"] == .string(next.description))
            traces.insert(try #require(run["trace"]?.stringValue))
            host.setClock(next)
        }
        try host.doJobs()
        let run = try await Self.lastRun(admin)
        #expect(run["state"] == "failed" && run["nextAttemptAt"] == nil && run["reason"] == "clockwork.jammed")
        let trace = try #require(run["trace"]?.stringValue)
        traces.insert(trace)
        #expect(traces.count == 3, "each attempt has its own")
        let audited = "SELECT trace FROM host.audit WHERE method = '\(TickWrite.name)' AND reason = 'clockwork.jammed'"
        #expect(try host.sql(audited) == [[trace]])
    }

    @Test("a run that was done has the trace of the audit too")
    func done() async throws {
        let host = try await Clockwork.standing()
        let admin = try await host.administrator()
        try await admin.call("jobs.run", ["job": .string(TickWrite.name), "site": "t1"])
        try host.doJobs()
        let run = try await Self.lastRun(admin)
        #expect(run["state"] == "done" && run["reason"] == nil)
        let trace = try #require(run["trace"]?.stringValue)
        #expect(try host.sql("SELECT trace FROM host.audit WHERE method = '\(TickWrite.name)'") == [[trace]])
    }
}
