import Synchronization
import Testing
import XinglinKit

@testable import XinglinHost

@Suite("The pulse, and where the operations port may listen") struct HostPulseTests {
    /// An event loop that can be made to stand still.
    final class Loop: Sendable {
        private let state = Mutex<(stands: Bool, waiting: [@Sendable () -> Void])>((false, []))

        func turn(_ done: @escaping @Sendable () -> Void) -> Bool {
            let now = self.state.withLock { state in
                if state.stands { state.waiting.append(done) }
                return !state.stands
            }
            if now { done() }
            return true
        }

        func stand(_ stands: Bool) {
            let due = self.state.withLock { state in
                state.stands = stands
                defer { if !stands { state.waiting = [] } }
                return stands ? [] : state.waiting
            }
            for done in due { done() }
        }
    }

    private func wait(until condition: () -> Bool) async throws -> Bool {
        for _ in 0..<6_000 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("an event loop that stands still is found dead, and alive again when it turns")
    func eventLoop() async throws {
        let pulse = HostPulse(pause: .milliseconds(5), patience: .milliseconds(200))
        let loop = Loop()
        try pulse.start()
        defer { pulse.stop() }
        #expect(pulse.faults.isEmpty, "what does not run yet is not looked at")
        pulse.watch(.init(pool: nil) { loop.turn($0) })
        loop.stand(true)
        #expect(try await self.wait { pulse.faults.contains("eventLoop") })
        loop.stand(false)
        #expect(try await self.wait { pulse.faults.isEmpty })
        loop.stand(true)
        #expect(try await self.wait { pulse.faults.contains("eventLoop") })
        pulse.watch(.init())
        #expect(!pulse.faults.contains("eventLoop"), "what has stopped in order is not looked at any more")
    }

    @Test("a thread that looks no more is found dead too")
    func thread() async throws {
        let pulse = HostPulse(pause: .milliseconds(5), patience: .milliseconds(100))
        try pulse.start()
        pulse.stop()
        #expect(try await self.wait { pulse.faults == ["pulse"] })
    }

    @Test(
        "only loopback addresses are taken",
        arguments: [
            ("127.0.0.1:7480", "127.0.0.1", 7480), ("127.0.0.1:0", "127.0.0.1", 0),
            ("127.9.8.7:65535", "127.9.8.7", 65535),
            ("[::1]:7480", "::1", 7480),
        ])
    func taken(text: String, host: String, port: Int) {
        let address = OperationsAddress(text)
        #expect(address?.host == host && address?.port == port)
    }

    @Test(
        "everything else is refused",
        arguments: [
            "", "off", "7480", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "0.0.0.0:7480",
            "10.0.0.1:7480",
            "[::]:7480", "::1:7480", "[::1]7480", "localhost:7480", "127.1:7480", "127.0.0.1.example.cn:80",
            "127.0.0.256:1",
        ])
    func refused(text: String) {
        #expect(OperationsAddress(text) == nil)
    }
}
