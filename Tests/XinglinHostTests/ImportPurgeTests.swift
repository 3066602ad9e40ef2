import Testing
import XinglinKit
import XinglinTesting

@testable import XinglinHost

@Suite("What is kept of imports")
struct ImportPurgeTests {
    @Test(
        "after thirty days an import and all that was uploaded for it are gone; others, and what is being applied, stay"
    )
    func purge() async throws {
        let roster = try await Roster.open()
        for name in ["old", "new"] {
            let id = try await roster.begin("\(name).csv")
            try await roster.append(id, "\(name),1\n,2\n")
        }
        try roster.host.script("UPDATE host.import SET created_at = now() - interval '31 days' WHERE name = 'old.csv'")
        let admin = try await roster.host.administrator()
        let asked = try await admin.call("jobs.run", ["job": "host.importsPurge"])
        try roster.host.doJobs()
        // The clock runs: the job's own time may have come as well.
        let runs = try await admin.call("jobs.history", ["job": "host.importsPurge"])["runs"]?.arrayValue
        let run = runs?.first { $0["runId"] == asked["runId"] }
        #expect(run?["state"] == "done")
        #expect(run?["counts"]?.arrayValue?.contains(["name": "imports", "count": 1]) == true)
        #expect(try roster.host.sql("SELECT name FROM host.import") == [["new.csv"]])
        #expect(try roster.staged() == [["1", "1"]])
        #expect(try roster.host.sql("SELECT count(*) FROM host.import_fault") == [["1"]])
    }
}
