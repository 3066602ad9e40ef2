import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("The listener", .timeLimit(.minutes(10)))
struct ListenerTests {
    @Test("It hears notifications, ticks, and listens again after its connection is gone")
    func hears() throws {
        let channel = TestCluster.uniqueName("News \"quoted\"")
        let (wakes, pids) = (Mailbox<Listener.WakeReason>(), Mailbox<Int32>())
        let listener = Listener(
            conninfo: try TestCluster.conninfo(), channel: channel, log: TestCluster.log, interval: .milliseconds(300)
        ) { connection, reason in
            if reason == .reconnected { pids.put(connection.backendPID) }
            if (try? connection.query("SELECT 1").one(Int.self)) == 1 { wakes.put(reason) }
        }
        listener.start()
        defer { listener.stop() }
        #expect(wakes.take() == .reconnected)
        let connection = try TestCluster.connect()
        _ = try connection.query("SELECT pg_notify(\(channel), 'sites')")
        #expect(Self.next(wakes) == .notified(["sites"]))
        #expect(wakes.take() == .tick)
        let pid = try #require(pids.take())
        _ = try connection.query("SELECT pg_terminate_backend(\(Int(pid)), 5000)")
        #expect(Self.next(wakes) == .reconnected)
        _ = try connection.query("SELECT pg_notify(\(channel), 'again')")
        #expect(Self.next(wakes) == .notified(["again"]))
    }

    /// The next wake that is not a tick.
    private static func next(_ wakes: Mailbox<Listener.WakeReason>) -> Listener.WakeReason? {
        while let wake = wakes.take() {
            if wake != .tick { return wake }
        }
        return nil
    }

    @Test("Stopping does not wait for the next tick")
    func stop() throws {
        let wakes = Mailbox<Listener.WakeReason>()
        let listener = Listener(
            conninfo: try TestCluster.conninfo(), channel: "quiet", log: TestCluster.log, interval: .seconds(600)
        ) { _, reason in wakes.put(reason) }
        listener.start()
        #expect(wakes.take() == .reconnected)
        let start = ContinuousClock.Instant.now
        listener.stop()
        #expect(ContinuousClock.Instant.now - start < .seconds(30))
    }
}
