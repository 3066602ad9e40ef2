internal import Foundation
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import XinglinHost
internal import XinglinOperations

/// What runs beside the host for those who operate it: the HTTP port, and what the service manager is told.
struct OperationsServices: Sendable {
    /// Nil where no service manager listens.
    let manager: ServiceManager?
    private let server: OperationsServer?
    private let host: String
    private let group: ServiceGroup
    private let log: Logger
    private let ended: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    /// How long answers on their way are waited for.
    private static let patience = Duration.seconds(2)

    init(_ settings: HostSettings.Operations, _ runtime: HostRuntime, log: Logger) {
        let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
        let address = OperationsAddress(settings.listen)
        let server = address.map {
            OperationsServer(host: $0.host, port: $0.port, runtime: runtime, log: log)
        }
        let watchdog = manager.flatMap { Watchdog($0, runtime: runtime, log: log) }
        var services: [any Service] = []
        if let server { services.append(server) }
        if let watchdog { services.append(watchdog) }
        self.manager = manager
        self.server = server
        self.host = address?.host ?? ""
        self.log = log
        var quiet = log
        quiet.logLevel = max(log.logLevel, .warning)
        // Whatever becomes of them, the host goes on serving.
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(service: $0, successTerminationBehavior: .ignore, failureTerminationBehavior: .ignore)
            }, logger: quiet)
        configuration.maximumGracefulShutdownDuration = Self.patience
        self.group = ServiceGroup(configuration: configuration)
        (self.ended, self.end) = AsyncStream.makeStream()
    }

    /// Runs until `stop`.
    func run() async throws {
        defer { self.end.finish() }
        try await self.group.run()
    }

    /// Ends them, and waits for that.
    func stop() async {
        await self.group.triggerGracefulShutdown()
        for await _ in self.ended {}
    }

    /// Where the port listens, once it does; nil where it is off.
    /// - Throws: `StartFailure`.
    var address: String? {
        get async throws {
            guard let server = self.server else { return nil }
            let address = OperationsAddress.text(self.host, try await server.boundPort)
            self.log.info("operations port", metadata: ["address": .string(address)])
            return address
        }
    }
}

/// The file that tells where the operations port listens: `DIR/operations-port`.
struct OperationsNote {
    private let path: String

    init(dataDirectory: String) {
        self.path = "\(dataDirectory)/operations-port"
    }

    /// - Parameter address: nil where there is no port; one of an earlier run is taken away then.
    func write(_ address: String?) throws {
        guard let address else { return self.remove() }
        try Files.writePrivate(Array("\(address)\n".utf8), to: self.path)
    }

    func remove() {
        unlink(self.path)
    }
}
