import Testing
import XinglinKit
import XinglinTesting

@testable import XinglinHost
@testable import XinglinPostgres

@Suite("A COMMIT whose answer never came", .timeLimit(.minutes(10)))
struct OutcomeTests {
    /// The trace of a call that was committed.
    private func committed(_ host: TestHost) async throws -> String {
        let client = try await host.client(role: .pharmacist, site: "t1")
        _ = try await client.call("counter.box.add", ["name": "a", "amount": 5])
        let rows = try host.sql("SELECT trace FROM host.audit WHERE method = 'counter.box.add' AND outcome = 'done'")
        return try #require(rows.first?.first ?? nil)
    }

    private func resolver(_ host: TestHost) throws -> OutcomeResolver {
        OutcomeResolver(conninfo: try TestCluster.shared().host(host.database), log: Logger(label: "tests"))
    }

    @Test("another run of the server, or another server, decides at once, whatever process ids it gives to others")
    func otherServer() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let trace = try await self.committed(host)
        let living = try Connection(TestCluster.shared().host(host.database), applicationName: "tests")
        let former = SessionIdentity(serverStart: "before the failover", backend: living.backendPID)
        let resolver = try self.resolver(host)
        #expect(resolver.outcome(of: trace, session: former) == .committed)
        let start = ContinuousClock.Instant.now
        #expect(resolver.outcome(of: "no such trace", session: former) == .notCommitted)
        // Not by waiting until nothing more can be known.
        #expect(ContinuousClock.Instant.now - start < .seconds(60))
    }

    @Test("on the same run of the same server nothing is decided while the session lives that may still commit")
    func sameServer() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let living = try Connection(TestCluster.shared().host(host.database), applicationName: "tests")
        let resolver = try self.resolver(host)
        #expect(resolver.outcome(of: "no such trace", session: living.identity) == .undecided)
        _ = try host.sql("SELECT pg_terminate_backend(\(Int(living.backendPID)), 60000)")
        #expect(resolver.outcome(of: "no such trace", session: living.identity) == .notCommitted)
    }

    @Test("a directory that nobody has compared for long is compared before a call is served")
    func staleDirectory() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let clock = HostClock.system
        let directory = Directory(clock: clock)
        let connection = try Connection(TestCluster.shared().host(host.database), applicationName: "tests")
        let refused = #expect(throws: Fault.self) { try directory.requireFresh(connection) }
        #expect(refused?.kind.reason == "host.unavailable")
        #expect(directory.snapshot.version > 0)
        try directory.requireFresh(connection)
    }
}
