public import Logging
internal import Synchronization
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// The whole host: cluster, migrations, plugins, workers and the listener.
public final class HostRuntime: Sendable {
    private struct Parts {
        var core: HostCore?
        var cluster: EmbeddedCluster?
        var server: LineServer?
        var lock: HostLock?
        var isStopping = false
    }
    private let settings: HostSettings
    private let log: Logger
    private let parts = Mutex(Parts())
    let pulse = HostPulse()

    public init(_ settings: HostSettings, log: Logger) throws {
        guard settings.fixedClock == nil || settings.demo else {
            throw StartFailure(
                .init(zh: "设定了 clock.fixed 却没有 --demo", en: "clock.fixed is set without --demo"),
                remedy: .init(
                    zh: "删去 clock.fixed；它只用于演示", en: "remove clock.fixed; it is for demonstrations alone"))
        }
        self.settings = settings
        self.log = log
    }

    /// The port that the listener is bound to; 0 before `start`.
    public var boundPort: Int { self.parts.withLock { $0.server?.boundPort ?? 0 } }

    var core: HostCore? { self.parts.withLock { $0.core } }
    var traffic: Traffic? { self.parts.withLock { $0.server }?.traffic }
    var isServing: Bool { self.parts.withLock { $0.server != nil } }
    var isStopping: Bool { self.parts.withLock { $0.isStopping } }
    var dataDirectory: String { self.settings.dataDirectory }

    /// The certificates whose time is watched, with what they are.
    var certificateFiles: [(name: String, file: String)] {
        let folder = HostFolders(self.settings.dataDirectory).tls
        return [("server", self.settings.tls.certificateFile ?? "\(folder)/server.pem"), ("ca", "\(folder)/ca.pem")]
    }

    /// Starts everything. When it returns, calls are answered.
    /// - Parameter observer: told of the progress while a demonstration county is loaded.
    public func start(observer: DemonstrationObserver? = nil) async throws {
        do {
            try self.pulse.start()
            try self.startCore()
            if self.settings.demo { try await self.loadDemonstration(observer) }
            try await self.startListener()
        } catch {
            await self.drain()
            throw error
        }
    }

    /// Takes renewed certificates into use, renewing the host's own where it is due; open connections keep theirs.
    public func reloadCertificates() throws {
        if self.settings.tls.certificateFile == nil { _ = try self.ownCertificate() }
        try self.parts.withLock { try $0.server?.reloadCertificates() }
        self.warnOfCertificate()
    }

    /// Says so where clients refuse the server's certificate, or soon will.
    private func warnOfCertificate() {
        let file = self.settings.tls.certificateFile ?? "\(HostFolders(self.settings.dataDirectory).tls)/server.pem"
        do {
            let left = try CertificateInfo.read(pemFile: file).notAfter - HostClock.system.now.secondsSince1970
            if left <= 0 {
                self.log.error("the server's certificate has expired", metadata: ["file": .string(file)])
            } else if left / 86_400 < self.settings.doctor.certificateWarnDays {
                self.log.warning(
                    "the server's certificate expires soon",
                    metadata: ["file": .string(file), "days": .stringConvertible(left / 86_400)])
            }
        } catch {
            self.log.warning(
                "the server's certificate cannot be judged", metadata: ["error": .string(String(describing: error))])
        }
    }

    /// Answers what is in flight, then stops listener, workers and cluster.
    public func drain() async {
        let parts = self.parts.withLock { parts in
            parts.isStopping = true
            return parts
        }
        parts.core?.refuseNewCalls()
        // Their end is orderly: they are not to be found standing still.
        self.pulse.watch(.init())
        await parts.server?.drain(seconds: self.settings.limits.drainSeconds)
        parts.core?.stop()
        do {
            try parts.cluster?.stop()
        } catch {
            self.log.error("the cluster did not stop", metadata: ["error": .string(String(describing: error))])
        }
        self.parts.withLock { $0 = Parts(isStopping: true) }
        self.pulse.stop()
    }

    private func startCore() throws {
        let folders = HostFolders(self.settings.dataDirectory)
        try folders.prepare()
        let lock = try HostLock(folders)
        self.parts.withLock { $0.lock = lock }
        var registry = try RegistryBuilder.load(self.settings, log: self.log)
        let conninfo = try self.prepareDatabase(&registry)
        for module in registry.sortedModules where module.quarantine != nil {
            self.log.error(
                "a module is quarantined",
                metadata: ["module": .string(module.code), "reason": .string(module.quarantine ?? "")])
        }
        let keys = try KeyGuard.load(folders.keys, Connection(conninfo, applicationName: "xinglin start"))
        let clock = self.settings.fixedClock.map { HostClock.fixed(at: $0) } ?? .system
        let core = try HostCore(
            self.settings, registry: registry, conninfo: conninfo, clock: clock, keys: keys, log: self.log)
        self.parts.withLock { $0.core = core }
        try core.start()
    }

    /// Gives the connection string of the host's login on a migrated database.
    private func prepareDatabase(_ registry: inout Registry) throws -> String {
        let setup = DatabaseSetup(settings: self.settings, log: self.log)
        if let url = self.settings.database.url {
            if let failure = StartFailure(try ServerReach.of(url)) { throw failure }
            try RestoreMark.refuse(url, self.settings)
            let pending = try setup.pending(url, registry)
            guard pending.isEmpty else {
                throw StartFailure(
                    .init(
                        zh: "数据库缺少 \(pending.count) 项结构更新，首项为 \(pending[0])",
                        en: "the database lacks \(pending.count) migrations, first \(pending[0])"),
                    remedy: .init(
                        zh: "用可更改结构的登录运行 xinglin migrate",
                        en: "run xinglin migrate with a login that may change the schema"))
            }
            return url
        }
        let cluster = try setup.startCluster(registry)
        self.parts.withLock { $0.cluster = cluster }
        let owner = cluster.superuserConninfo(database: DatabaseSetup.databaseName)
        try RestoreMark.refuse(owner, self.settings)
        let applied = try setup.migrate(owner, &registry)
        if !applied.isEmpty { self.log.info("migrated", metadata: ["count": .stringConvertible(applied.count)]) }
        return cluster.hostConninfo(
            database: DatabaseSetup.databaseName, user: "\(self.settings.database.rolePrefix)_host")
    }

    /// Loads the demonstration county without answering anybody, and stops.
    public func loadAndStop(observer: DemonstrationObserver? = nil) async throws {
        do {
            try self.startCore()
            try await self.loadDemonstration(observer)
        } catch {
            await self.drain()
            throw error
        }
        await self.drain()
    }

    private func loadDemonstration(_ observer: DemonstrationObserver?) async throws {
        guard let core = self.parts.withLock({ $0.core }) else { return }
        try await DemonstrationCounty(core, log: self.log, observer: observer).load()
    }

    private func startListener() async throws {
        guard let core = self.parts.withLock({ $0.core }) else { return }
        let server = LineServer(try self.listenerSettings(core), service: core.service, log: self.log)
        do {
            try await server.start()
        } catch let failure as LineServerError {
            throw StartFailure(failure, self.settings.listen)
        }
        self.parts.withLock { $0.server = server }
        self.pulse.watch(.init(pool: core.services.pool) { server.whenTurned($0) })
        self.warnOfCertificate()
    }

    private func ownCertificate() throws -> CertificateStore {
        try CertificateStore.prepare(
            directory: HostFolders(self.settings.dataDirectory).tls, names: self.settings.tls.names,
            now: HostClock.system.now.secondsSince1970)
    }

    private func listenerSettings(_ core: HostCore) throws -> LineServerSettings {
        let tls = self.settings.tls
        let limits = self.settings.limits
        var certificateFile = tls.certificateFile ?? ""
        var keyFile = tls.keyFile ?? ""
        if tls.certificateFile == nil {
            let store = try self.ownCertificate()
            certificateFile = store.certificateFile
            keyFile = store.keyFile
        }
        var listener = LineServerSettings(
            host: self.settings.listen.host, port: self.settings.listen.port, certificateFile: certificateFile,
            keyFile: keyFile)
        // Machines' certificates come from the private CA, whoever made out the server's.
        listener.clientCAFile = core.services.authority.caFile
        listener.minimumTLS = tls.minimumVersion
        listener.lineBytes = limits.lineBytes
        listener.lineBytesBeforeLogin = limits.lineBytesBeforeLogin
        listener.inFlight = limits.inFlight
        listener.batch = limits.batch
        listener.replyBytes = limits.replyBytes
        listener.connections = limits.connections
        listener.connectionsPerAddress = limits.connectionsPerAddress
        listener.connectionsBeforeLogin = limits.connectionsBeforeLogin
        listener.connectionsPerSecond = limits.connectionsPerSecond
        listener.handshakeSeconds = limits.handshakeSeconds
        listener.lineSeconds = limits.lineSeconds
        listener.idleSeconds = limits.idleSeconds
        listener.writeStallSeconds = limits.writeStallSeconds
        listener.locale = self.settings.locale
        return listener
    }
}
