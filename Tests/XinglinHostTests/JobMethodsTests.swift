import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("The methods about jobs") struct JobMethodsTests {
    @Test(
        "jobs.list names every job with its schedule, next run and last run; a caller sees the runs of their own sites")
    func list() async throws {
        let host = try await Clockwork.standing()
        let here = try await host.client(role: .siteAdmin, site: "t1")
        let there = try await host.client(role: .siteAdmin, site: "t2")
        let jobs = try #require(try await here.call("jobs.list")["jobs"]?.arrayValue)
        #expect(
            jobs.compactMap { $0["job"]?.stringValue } == [
                "clockwork.bellStrike", "clockwork.tickGrind", "clockwork.tickSkip", "clockwork.tickWrite",
                "host.filesPurge", "host.importsPurge", "host.keysPurge", "host.runsPurge", "host.sessionsPurge",
            ])
        #expect(jobs[3]["nextRunAt"] == "2026-11-22T15:00:00+08:00" && jobs[3]["lastRun"] == nil)
        #expect(jobs[3]["missed"] == "catchUp" && jobs[3]["catchUpAtMost"] == 3 && jobs[2]["missed"] == "skip")
        let page = try await here.call("jobs.list", ["limit": 3, "after": "clockwork.tickGrind"])
        #expect(page["jobs"]?[0]?["job"] == "clockwork.tickSkip" && page["next"] == "host.filesPurge")

        let run = try await here.call("jobs.run", ["job": "clockwork.tickWrite", "site": "t1"])
        try host.doJobs()
        let last = try await here.call("jobs.list")["jobs"]?[3]?["lastRun"]
        #expect(last?["runId"] == run["runId"] && last?["state"] == "done" && last?["site"] == "t1")
        #expect(last?["requestedBy"] == .string(here.account))
        #expect(try await there.call("jobs.list")["jobs"]?[3]?["lastRun"] == nil)
        #expect(try await there.call("jobs.history")["runs"] == [])
        #expect(try await here.call("jobs.history", ["site": "t1"])["runs"]?[0]?["runId"] == run["runId"])
        let refused = await #expect(throws: CallRefused.self) { try await there.call("jobs.history", ["site": "t1"]) }
        #expect(refused?.reason == "host.forbidden")
    }

    @Test("jobs.run is for the administrators of the site, or of all of them; a key makes it once")
    func run() async throws {
        let host = try await Clockwork.standing()
        let here = try await host.client(role: .siteAdmin, site: "t1")
        let everywhere = try await host.administrator()
        let nurse = try await host.client(role: .nurse, site: "t1")
        func refusal(_ client: TestClient, _ params: JSONValue) async throws -> String {
            let refused = await #expect(throws: CallRefused.self) { try await client.call("jobs.run", params) }
            return try #require(refused).reason
        }
        #expect(try await refusal(nurse, ["job": "clockwork.tickWrite", "site": "t1"]) == "host.forbidden")
        #expect(try await refusal(here, ["job": "clockwork.tickWrite", "site": "t2"]) == "host.forbidden")
        #expect(try await refusal(here, ["job": "clockwork.tickWrite"]) == "host.invalidParams")
        #expect(try await refusal(here, ["job": "clockwork.tickWrite", "site": "t9"]) == "host.siteUnknown")
        #expect(try await refusal(here, ["job": "clockwork.bellStrike"]) == "host.forbidden")
        #expect(try await refusal(everywhere, ["job": "clockwork.bellStrike", "site": "t1"]) == "host.invalidParams")
        #expect(try await refusal(here, ["job": "clockwork.none", "site": "t1"]) == "host.notFound")
        let params: JSONValue = ["job": "clockwork.tickWrite", "site": "t1"]
        let first = try await here.call("jobs.run", params, key: "once")
        #expect(try await here.call("jobs.run", params, key: "once") == first)
        try await everywhere.call("jobs.run", ["job": "clockwork.bellStrike"])
        // Several in one instant: the clock stands.
        for _ in 0..<3 { try await here.call("jobs.run", params) }
        try host.doJobs()
        #expect(try host.sql("SELECT count(*) FROM clockwork.tick WHERE job = 'clockwork.tickWrite'") == [["4"]])
        #expect(try host.sql("SELECT count(*) FROM clockwork.strike") == [["1"]])
        #expect(
            try host.sql("SELECT count(*) FROM host.audit WHERE method = 'jobs.run' AND outcome = 'done'") == [["5"]])
        #expect(
            try host.sql(
                "SELECT count(*) FROM host.audit WHERE method = 'clockwork.tickWrite' AND account_id IS NOT NULL")
                == [["4"]])
    }
}
