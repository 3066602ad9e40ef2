internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle
internal import Synchronization
public import XinglinHost
internal import XinglinKit

/// The loopback HTTP port for those who operate the host: `/healthz`, `/readyz`, `/metrics`. It has an event loop of its own,
/// so that whoever asks, however often, holds up no call.
public final class OperationsServer: Service {
    private let host: String
    private let port: Int
    private let runtime: HostRuntime
    private let log: Logger
    private let bound: AsyncThrowingStream<Int, any Error>
    private let outcome: AsyncThrowingStream<Int, any Error>.Continuation

    /// Connections at once; more wait.
    private static let connections = 64
    private static let idleSeconds: Int64 = 60

    public init(host: String, port: Int, runtime: HostRuntime, log: Logger) {
        self.host = host
        self.port = port
        self.runtime = runtime
        self.log = log
        (self.bound, self.outcome) = AsyncThrowingStream.makeStream()
    }

    /// The port that it listens on, once it does; to be asked once.
    /// - Throws: `StartFailure` where it cannot.
    public var boundPort: Int {
        get async throws {
            for try await port in self.bound { return port }
            throw CancellationError()
        }
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        do {
            try await self.application().run()
            self.outcome.finish()
        } catch {
            self.outcome.finish(throwing: self.failure(error))
        }
    }

    private func application() -> some ApplicationProtocol {
        var log = self.log
        // What happens on this port is no news; what goes wrong is.
        log.logLevel = max(log.logLevel, .warning)
        var settings = ApplicationConfiguration(address: .hostname(self.host, port: self.port))
        settings.availableConnectionsDelegate = MaximumAvailableConnections(Self.connections)
        let outcome = self.outcome
        return Application(
            responder: OperationsResponder(runtime: self.runtime),
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
            configuration: settings,
            onServerRunning: { outcome.yield($0.localAddress?.port ?? 0) },
            // The process's own, which is never shut down: Hummingbird ends its quiescing in a task that `run` does not wait for, and
            // an event loop that is gone by then prints past the log.
            eventLoopGroupProvider: .singleton, logger: log)
    }

    private func failure(_ error: any Error) -> StartFailure {
        let cause = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return StartFailure(
            .init(
                zh: "运维端口 \(self.host):\(self.port) 无法监听：\(cause)",
                en: "the operations port \(self.host):\(self.port) cannot be listened on: \(cause)"),
            remedy: .init(
                zh: "在 operations.listen 中改用空闲端口（0 表示任一空闲端口），或设为 off",
                en: "name a free port in operations.listen (0 takes any), or set it to off"))
    }
}
