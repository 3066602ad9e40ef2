import Glibc
import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("When the server goes away", .timeLimit(.minutes(10)))
struct PoolRecoveryTests {
    @Test("Without a server every job is refused with host.unavailable, quickly")
    func noServer() throws {
        let harness = PoolHarness("host=/nowhere dbname=postgres", workers: 2)
        defer { harness.pool.stop() }
        let start = ContinuousClock.Instant.now
        for _ in 0..<5 { #expect(harness.ask("SELECT 'x'") == .refused("host.unavailable")) }
        #expect(ContinuousClock.Instant.now - start < .seconds(5))
    }

    @Test("A server that accepts and says nothing does not keep jobs waiting")
    func silentServer() throws {
        let (descriptor, port) = try Self.silentListener()
        defer { close(descriptor) }
        let harness = PoolHarness("host=127.0.0.1 port=\(port) dbname=x user=x connect_timeout=4", workers: 2)
        defer { harness.pool.stop() }
        let start = ContinuousClock.Instant.now
        #expect(harness.ask("SELECT 'x'") == .refused("host.unavailable"))
        #expect(ContinuousClock.Instant.now - start < .seconds(3))
    }

    @Test("After a restart of the server no job fails, though every connection was dead")
    func restart() throws {
        try TestCluster.withOwn { cluster, _ in
            let harness = PoolHarness(cluster.superuserConninfo(database: "postgres"), workers: 4)
            defer { harness.pool.stop() }
            #expect(eventually { harness.pool.isUp })
            for _ in 0..<8 { #expect(harness.ask("SELECT 'before'") == .ran("before")) }
            try cluster.stop()
            try cluster.start()
            for _ in 0..<20 { #expect(harness.ask("SELECT 'after'") == .ran("after")) }
        }
    }

    @Test("kill −9 of the server under load: jobs are refused as unavailable, then succeed again by themselves")
    func killed() throws {
        try TestCluster.withOwn { cluster, folder in
            try cluster.supervise()
            let harness = PoolHarness(cluster.superuserConninfo(database: "postgres"), workers: 4)
            defer { harness.pool.stop() }
            #expect(harness.ask("SELECT 'before'") == .ran("before"))
            guard case .running(let pid, _) = Postmaster.of("\(folder)/pg/data") else {
                Issue.record("no server")
                return
            }
            kill(pid, SIGKILL)
            var seen: Set<String> = []
            #expect(
                eventually {
                    let end = harness.ask("SELECT 'back'")
                    if let end, end != .ran("back") { seen.insert("\(end)") }
                    guard case .running(let now, _) = Postmaster.of("\(folder)/pg/data"), now != pid else {
                        return false
                    }
                    return end == .ran("back")
                })
            #expect(seen.isSubset(of: ["refused(\"host.unavailable\")", "ran(\"failed unavailable\")"]))
            #expect(!seen.isEmpty)
            for _ in 0..<20 { #expect(harness.ask("SELECT 'steady'") == .ran("steady")) }
        }
    }

    /// A listening socket that nobody serves.
    private static func silentListener() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) + listen(descriptor, 16) + getsockname(descriptor, address, &length)
            }
        }
        try #require(descriptor >= 0 && code == 0)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
