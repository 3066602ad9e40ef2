import Testing
import XinglinKit
import XinglinPostgres
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
        // One of the test's own: the host's has purged only just now, and would not for an hour.
        let clock = HostClock.system
        let housekeeping = Housekeeping(
            directory: Directory(clock: clock), keys: roster.host.core.services.keyWatch,
            mode: roster.host.core.services.databaseMode, clock: clock, log: Logger(label: "tests"))
        housekeeping.wake(
            try Connection(TestCluster.shared().host(roster.host.database), applicationName: "tests"))
        #expect(try roster.host.sql("SELECT name FROM host.import") == [["new.csv"]])
        #expect(try roster.staged() == [["1", "1"]])
        #expect(try roster.host.sql("SELECT count(*) FROM host.import_fault") == [["1"]])
    }
}
