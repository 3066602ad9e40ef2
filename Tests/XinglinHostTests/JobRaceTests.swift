import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

/// Several hosts at once: each racer is a thread with a connection of its own, which is all that tells hosts apart here.
@Suite("Jobs of several hosts") struct JobRaceTests {
    private static let start = Clockwork.start

    @Test("eight hosts at one time: each run is made once and done once, and missed ones are passed over once")
    func race() async throws {
        let host = try await TestHost.start(ClockworkModule.self)
        try host.script("UPDATE host.enabled_module SET enabled_at = '2026-11-01+08'")
        try host.core.reloadDirectory()
        host.setClock(Self.start)
        try host.doJobs()
        let rounds = 10
        for round in 1...rounds {
            host.setClock(Self.start.adding(seconds: Int64(round) * 7200 - 1800))
            let outcomes = await Task.detached { Racing.run(8) { try host.doJobs() } }.value
            for outcome in outcomes { try outcome.get() }
        }
        // Two hours go by from round to round: both are made up for, and the job that makes up for none runs at the last.
        #expect(
            try host.sql(
                "SELECT count(*), count(DISTINCT (site_id, at)) FROM clockwork.tick WHERE job = 'clockwork.tickWrite'")
                == [["60", "60"]])
        #expect(
            try host.sql(
                "SELECT count(*), count(DISTINCT (site_id, at)) FROM clockwork.tick WHERE job = 'clockwork.tickSkip'")
                == [["30", "30"]])
        #expect(
            try host.sql(
                "SELECT state, count(*) FROM host.job_run WHERE job = 'clockwork.tickSkip' GROUP BY 1 ORDER BY 1")
                == [["done", "30"], ["skipped", "30"]])
        #expect(
            try host.sql("SELECT count(*) FROM host.job_run WHERE state IN ('waiting', 'running', 'failed')") == [["0"]]
        )
    }

    @Test("a host that dies in a run leaves nothing behind, and another does the run: its effect is there once")
    func takeover() async throws {
        let host = try await Clockwork.standing()
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        try host.script("INSERT INTO clockwork.instruction VALUES ('clockwork.tickSkip', 'sleep')")
        try await admin.call("jobs.run", ["job": "clockwork.tickSkip", "site": "t1"])
        let dying = Task.detached { Racing.run(1) { try host.doJobs() } }
        let asleep =
            "FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND datname = current_database() AND pid <> pg_backend_pid()"
        let end = ContinuousClock.now + .seconds(120)
        while try host.sql("SELECT 1 \(asleep)").isEmpty {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(20))
        }
        // While it is being done, nobody else does it.
        try await Task.detached { _ = try Racing.run(2) { try host.doJobs() }.map { try $0.get() } }.value
        #expect(try host.sql("SELECT state, takeovers FROM host.job_run") == [["running", "0"]])
        _ = try host.sql("SELECT pg_terminate_backend(pid) \(asleep)")
        let death = await dying.value[0]
        #expect(throws: (any Error).self) { try death.get() }
        try host.script("DELETE FROM clockwork.instruction")
        let outcomes = await Task.detached { Racing.run(4) { try host.doJobs() } }.value
        for outcome in outcomes { try outcome.get() }
        #expect(try host.sql("SELECT count(*) FROM clockwork.tick") == [["1"]])
        #expect(try host.sql("SELECT state, takeovers, failures FROM host.job_run") == [["done", "1", "0"]])
        #expect(try host.sql("SELECT count(*) FROM host.audit WHERE method = 'clockwork.tickSkip'") == [["1"]])
    }

    @Test("a run in which hosts die again and again is given up")
    func poison() async throws {
        let host = try await Clockwork.standing()
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        try await admin.call("jobs.run", ["job": "clockwork.tickSkip", "site": "t1"])
        try host.script("UPDATE host.job_run SET state = 'running', takeovers = 5, host = 'elsewhere/1'")
        try host.doJobs()
        #expect(try host.sql("SELECT state, reason FROM host.job_run") == [["failed", "host.jobAbandoned"]])
        #expect(try host.sql("SELECT count(*) FROM clockwork.tick") == [["0"]])
    }
}
