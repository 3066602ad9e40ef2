internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
public import XinglinRPC

/// The host without plugins' files, cluster and listener: workers, directory and dispatcher on a migrated database.
/// `HostRuntime` puts it behind TLS; XinglinTesting calls it in process.
public final class HostCore: Sendable {
    let services: HostServices
    private let dispatcher: Dispatcher
    private let watcher: Listener

    /// Answers calls; what a listener hands lines to.
    public var service: any RPCService { self.dispatcher }

    init(
        _ settings: HostSettings, registry: Registry, conninfo: String, clock: HostClock, keys: KeyRing, log: Logger
    ) throws {
        let directory = Directory(clock: clock)
        let pool = WorkerPool(
            WorkerPoolSettings(
                conninfo: conninfo, workers: settings.database.workers, credentialWorkers: 2,
                queue: settings.limits.queue),
            clock: .system, log: log)
        self.services = try HostServices(
            settings: settings, registry: registry, directory: directory, pool: pool, keys: keys,
            authority: try ClientAuthority(
                directory: HostFolders(settings.dataDirectory).tls, now: HostClock.system.now.secondsSince1970),
            clock: clock, log: log, conninfo: conninfo)
        self.dispatcher = Dispatcher(self.services)
        let housekeeping = self.services.housekeeping
        self.watcher = Listener(conninfo: conninfo, channel: DirectoryStore.channel, log: log) { connection, _ in
            housekeeping.wake(connection)
        }
    }

    /// Makes the first account where there is none, reads the directory and starts the workers.
    public func start() throws {
        let settings = self.services.settings
        let connection = try Connection(self.services.conninfo, applicationName: "xinglin start")
        try FirstAdministrator.ensure(
            connection, passwordFile: "\(settings.dataDirectory)/first-password", mustChange: !settings.demo,
            now: self.services.clock.now)
        try CheckpointKey.register(self.services.checkpointKey, connection, now: HostClock.system.now)
        try self.services.directory.reload(connection)
        try self.services.accessLog.start()
        self.services.pool.start()
        self.watcher.start()
        let imports = ImportRunner(services: self.services)
        try self.services.importWorker.start { try imports.round($0) }
        let reading = ImportFileReading(services: self.services)
        try self.services.readingWorker.start { try reading.round($0) }
        let exports = ExportRunner(services: self.services)
        try self.services.exportWorker.start { try exports.round($0) }
        try self.services.sealer.start()
        try self.services.handlers.start(self.services, connection)
        try self.services.feed.start(self.services)
        try self.services.figures.start()
        try self.services.jobs.start(self.services)
    }

    /// Whether new calls are refused because the host stops.
    var isDraining: Bool { self.dispatcher.isDraining }

    /// Refuses new calls with `host.shuttingDown`.
    func refuseNewCalls() {
        self.dispatcher.drain()
        self.services.feed.close(HostFault.shuttingDown)
    }

    public func stop() {
        self.services.figures.stop()
        // What is being imported, and a job that is being done, goes on with the next start.
        self.services.jobs.stop()
        self.services.importWorker.stop()
        self.services.feed.stop()
        self.services.handlers.stop()
        self.services.readingWorker.stop()
        self.services.exportWorker.stop()
        self.services.pool.stop()
        // Workers hand rows over until they have stopped.
        self.services.accessLog.stop()
        self.services.sealer.stop()
        self.watcher.stop()
    }
}
