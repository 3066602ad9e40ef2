public import Logging
public import ServiceLifecycle
public import XinglinHost

/// Tells the service manager again and again that the host is alive, and only while it is: a host that stands still is restarted.
public struct Watchdog: Service {
    private let manager: ServiceManager
    private let interval: Duration
    private let runtime: HostRuntime
    private let log: Logger

    /// Nil where the manager does not watch.
    public init?(_ manager: ServiceManager, runtime: HostRuntime, log: Logger) {
        guard let interval = manager.watchdogInterval else { return nil }
        self.manager = manager
        self.interval = interval
        self.runtime = runtime
        self.log = log
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let dead = self.runtime.deadParts
                if dead.isEmpty {
                    self.manager.tell("WATCHDOG=1")
                } else {
                    self.log.critical("the host stands still", metadata: ["parts": "\(dead.joined(separator: ", "))"])
                }
                do {
                    try await Task.sleep(for: self.interval)
                } catch {
                    return
                }
            }
        }
    }
}
