internal import XinglinKit

/// What the supervising thread shares with the rest.
struct Supervision {
    var isEnding = false
    var thread: OSThread?
}

enum SupervisionCondition: Int, CaseIterable {
    case ending
}

extension EmbeddedCluster {
    /// Looks every second whether the server lives, and starts it again where it does not.
    public func supervise() throws {
        let ready = try self.requireReady()
        let isNew = self.supervision.withLock { state in
            defer { state.isEnding = false }
            return state.thread == nil
        }
        guard isNew else { return }
        let thread = try OSThread(name: "pg-supervise") { self.watch(ready) }
        self.supervision.withLock { $0.thread = thread }
    }

    func endSupervision() {
        let thread = self.supervision.withLock { state in
            defer { state.thread = nil }
            state.isEnding = true
            return state.thread
        }
        self.supervision.broadcast(.ending)
        thread?.join()
    }

    private func watch(_ ready: Ready) {
        var backoff = Backoff(first: .milliseconds(500))
        var delay = Duration.seconds(1)
        while self.supervision.wait(for: .ending, atMost: delay, { $0.isEnding ? true : nil }) == nil {
            if case .running = Postmaster.of(ready.layout.data) { continue }
            self.log.error("PostgreSQL died; starting it again")
            do throws(ClusterError) {
                try self.launch(ready)
                backoff.reset()
                delay = .seconds(1)
            } catch {
                self.log.error("PostgreSQL does not start", metadata: ["reason": "\(error.reason)"])
                delay = backoff.next()
            }
        }
    }
}
