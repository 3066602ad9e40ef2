import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Jobs") struct JobTests {
    private static let start = Clockwork.start

    /// A host whose jobs are known, with the clock at the start.
    private static func open(at instant: Timestamp = Self.start) async throws -> TestHost {
        let host = try await TestHost.start(ClockworkModule.self)
        host.setClock(instant)
        // The modules are enabled on the machine's clock.
        try host.script("UPDATE host.enabled_module SET enabled_at = '2026-11-01+08'")
        try host.core.reloadDirectory()
        try host.doJobs()
        return host
    }

    private static func ticks(_ host: TestHost, _ job: String) throws -> [String] {
        try host.sql(
            """
            SELECT code || ' ' || to_char(at, 'DD HH24') FROM clockwork.tick JOIN host.site USING (site_id)
            WHERE job = '\(job)' ORDER BY 1
            """
        ).compactMap { $0[0] }
    }

    private static func runs(_ host: TestHost, _ job: String) throws -> [String] {
        try host.sql(
            """
            SELECT concat_ws(' ', coalesce(code, '*'), to_char(scheduled_for, 'DD HH24'), state, reason, counts)
            FROM host.job_run LEFT JOIN host.site USING (site_id) WHERE job = '\(job)' ORDER BY run_id
            """
        ).compactMap { $0[0] }
    }

    @Test("each site has its run at each time, under the module's role; what there was before the start was not missed")
    func onTime() async throws {
        let host = try await Self.open()
        #expect(try Self.ticks(host, TickWrite.name) == [])
        for hour in 1...2 {
            host.setClock(Self.start.adding(seconds: Int64(hour) * 3600 - 1800))
            try host.doJobs()
            try host.doJobs()
        }
        let expected = ["county", "t1", "t2"].flatMap { ["\($0) 22 15", "\($0) 22 16"] }
        #expect(try Self.ticks(host, TickWrite.name) == expected)
        #expect(try Self.ticks(host, TickSkip.name) == expected)
        #expect(try host.sql("SELECT count(*) FROM host.audit WHERE method = 'clockwork.tickWrite'") == [["6"]])
        host.setClock(Self.start.adding(seconds: 86_400))
        try host.doJobs()
        // For all sites together; it read what there was of each.
        #expect(try host.sql("SELECT to_char(at, 'DD HH24'), ticks > 5 FROM clockwork.strike") == [["23 12", "t"]])
    }

    @Test("missed times are made up for or passed over as declared, and the history says so")
    func missed() async throws {
        let host = try await Self.open()
        host.setClock(Self.start.adding(seconds: 5 * 3600 + 900))
        try host.doJobs()
        let sites = ["county", "t1", "t2"]
        #expect(
            try Self.ticks(host, TickWrite.name) == sites.flatMap { ["\($0) 22 17", "\($0) 22 18", "\($0) 22 19"] })
        #expect(try Self.ticks(host, TickSkip.name) == [])
        #expect(
            try Set(Self.runs(host, TickSkip.name))
                == Set(sites.map { #"\#($0) 22 19 skipped host.jobMissed {"missed":5}"# }))
        #expect(
            try Self.runs(host, TickWrite.name).filter { $0.contains("skipped") }.sorted()
                == sites.map { #"\#($0) 22 16 skipped host.jobMissed {"missed":2}"# })
    }

    @Test("a site at which the module is enabled later has no runs from before; a disabled one has none")
    func enabledLater() async throws {
        let host = try await Self.open()
        try host.script(
            """
            UPDATE host.enabled_module SET enabled_at = '2026-11-22T16:30:00+08'
            WHERE site_id = (SELECT site_id FROM host.site WHERE code = 't1');
            DELETE FROM host.enabled_module WHERE site_id = (SELECT site_id FROM host.site WHERE code = 't2');
            """)
        try host.core.reloadDirectory()
        host.setClock(Self.start.adding(seconds: 3 * 3600))
        try host.doJobs()
        #expect(try Self.ticks(host, TickWrite.name) == ["county 22 15", "county 22 16", "county 22 17", "t1 22 17"])
    }

    @Test("a run that fails is tried again after a while, as often as declared, and leaves nothing behind")
    func retries() async throws {
        let host = try await Self.open()
        try host.script("INSERT INTO clockwork.instruction VALUES ('clockwork.tickWrite', 'jam')")
        let first = Self.start.adding(seconds: 1800)
        host.setClock(first)
        for seconds in [0, 59, 60, 179, 180, 10_000] as [Int64] {
            host.setClock(first.adding(seconds: seconds))
            // The later times are not looked at.
            if seconds == 10_000 { try host.script("UPDATE host.job_schedule SET decided_until = '2026-11-23+08'") }
            try host.doJobs()
            let failures = try host.sql(
                "SELECT DISTINCT failures, state FROM host.job_run WHERE job = 'clockwork.tickWrite'")
            let expected: [Int64: [String]] = [
                0: ["1", "waiting"], 59: ["1", "waiting"], 60: ["2", "waiting"], 179: ["2", "waiting"],
                180: ["3", "failed"], 10_000: ["3", "failed"],
            ]
            #expect(failures == [try #require(expected[seconds])], "after \(seconds) s")
        }
        #expect(try Self.ticks(host, TickWrite.name) == [])
        #expect(try Self.runs(host, TickWrite.name).allSatisfy { $0.contains("failed clockwork.jammed") })
        #expect(
            try host.sql("SELECT DISTINCT outcome, reason FROM host.audit WHERE method = 'clockwork.tickWrite'")
                == [["refused", "clockwork.jammed"]])
        let admin = try await host.administrator()
        let failed = try await admin.call("jobs.history", ["state": "failed", "job": "clockwork.tickWrite"])
        #expect(failed["runs"]?.arrayValue?.count == 3)
        #expect(failed["runs"]?[0]?["reason"] == "clockwork.jammed")
    }

    @Test("a run that takes longer than its limit fails with host.deadline")
    func timeLimit() async throws {
        let host = try await Self.open()
        try host.script("INSERT INTO clockwork.instruction VALUES ('clockwork.tickWrite', 'sleep')")
        let admin = try await host.administrator()
        try await admin.call("jobs.run", ["job": "clockwork.tickWrite", "site": "t1"])
        try host.doJobs()
        #expect(try Self.runs(host, TickWrite.name) == ["t1 22 14 waiting host.deadline {}"])
        #expect(try Self.ticks(host, TickWrite.name) == [])
    }

    @Test("portions are kept when a later one fails, and the next attempt goes on behind them")
    func portions() async throws {
        let host = try await Self.open()
        let admin = try await host.administrator()
        try host.script("INSERT INTO clockwork.instruction VALUES ('clockwork.tickGrind', 'jam')")
        try await admin.call("jobs.run", ["job": "clockwork.tickGrind", "site": "t1"])
        try host.doJobs()
        #expect(try Self.runs(host, Grind.name) == [#"t1 22 14 waiting clockwork.jammed {"ticks":2}"#])
        #expect(try Self.ticks(host, Grind.name).count == 2)
        try host.script("DELETE FROM clockwork.instruction")
        host.setClock(Self.start.adding(seconds: 60))
        try host.doJobs()
        #expect(try Self.runs(host, Grind.name) == [#"t1 22 14 done {"ticks":4}"#])
        #expect(try Self.ticks(host, Grind.name).count == 4)
    }
}
