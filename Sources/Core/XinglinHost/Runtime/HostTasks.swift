public import Logging
public import XinglinKit
internal import XinglinPostgres

/// What the command line does without a listener.
public enum HostTasks {
    /// The version of this program.
    public static var version: String { HostServices.version }

    /// The names of the host's own methods.
    public static var hostMethods: [String] { HostMethods.all.map { type(of: $0).name } }

    /// Migrates the database and says what was applied.
    public static func migrate(_ settings: HostSettings, log: Logger) throws -> [String] {
        var registry = try RegistryBuilder.load(settings, log: log)
        return try Self.withDatabase(settings, registry, log) { setup, conninfo in
            let applied = try setup.migrate(conninfo, &registry)
            let failed = registry.sortedModules.filter { $0.quarantine != nil }
            if let module = failed.first {
                throw StartFailure(
                    .init(
                        zh: "模块 \(module.code)：\(module.quarantine ?? "")",
                        en: "module \(module.code): \(module.quarantine ?? "")"),
                    remedy: .init(
                        zh: "修复该模块后再次运行 xinglin migrate", en: "mend the module and run xinglin migrate again"))
            }
            return applied
        }
    }

    /// The OpenRPC document with examples, from the plugins alone.
    public static func openRPC(_ settings: HostSettings, log: Logger) throws -> JSONValue {
        try OpenRPCDocument(RegistryBuilder.load(settings, log: log)).json(withExamples: true)
    }

    /// The modules as this machine would load them.
    public static func modules(_ settings: HostSettings, log: Logger) throws -> [ModuleReport] {
        try RegistryBuilder.load(settings, log: log).sortedModules.map {
            ModuleReport(
                code: $0.code, version: $0.version, state: $0.quarantine == nil ? "running" : "quarantined",
                reason: $0.quarantine, methods: $0.methodNames)
        }
    }

    /// Runs on the external database, or on the embedded cluster: started for this where it does not run already.
    private static func withDatabase<Value>(
        _ settings: HostSettings, _ registry: Registry, _ log: Logger,
        _ body: (DatabaseSetup, String) throws -> Value
    ) throws -> Value {
        try Self.withDatabase(settings, registry, log) { setup, conninfo, _ in try body(setup, conninfo) }
    }

    /// The same; the body also gets the data folder's lock, or nil where a host runs on the folder. No folder and no cluster is
    /// made for it: a name that was mistyped is no new database.
    static func withDatabase<Value>(
        _ settings: HostSettings, _ registry: Registry, _ log: Logger,
        _ body: (DatabaseSetup, String, HostLock?) throws -> Value
    ) throws -> Value {
        let setup = DatabaseSetup(settings: settings, log: log)
        let folders = HostFolders(settings.dataDirectory)
        if let url = settings.database.migrateURL ?? settings.database.url {
            try RestoreMark.refuse(url, settings)
            return try body(setup, url, fileExists(folders.root) ? try? HostLock(folders) : nil)
        }
        let cluster = setup.cluster
        guard cluster.isThere else { throw Self.noDatabase(settings) }
        try folders.prepare()
        var lock: HostLock?
        do {
            lock = try HostLock(folders)
        } catch let busy as StartFailure {
            // Where a host runs, its cluster is used and left running.
            guard cluster.isRunning else { throw busy }
        }
        // Also where the start fails half-way.
        defer { if lock != nil { Self.stop(cluster, log) } }
        try cluster.start()
        try cluster.ensureDatabase(
            DatabaseSetup.databaseName, rolePrefix: settings.database.rolePrefix,
            modules: registry.runningModules.map(\.code))
        let conninfo = cluster.superuserConninfo(database: DatabaseSetup.databaseName)
        try RestoreMark.refuse(conninfo, settings)
        return try body(setup, conninfo, lock)
    }

    private static func noDatabase(_ settings: HostSettings) -> StartFailure {
        StartFailure(
            .init(zh: "\(settings.dataDirectory) 中没有数据库", en: "there is no database in \(settings.dataDirectory)"),
            remedy: .init(zh: "请用 --data 指定主机的数据文件夹", en: "name the host's data folder with --data"))
    }

    private static func stop(_ cluster: EmbeddedCluster, _ log: Logger) {
        do {
            try cluster.stop()
        } catch {
            log.error("the cluster did not stop", metadata: ["error": .string(String(describing: error))])
        }
    }
}

/// A module as `xinglin modules` shows it.
public struct ModuleReport: Sendable {
    public let code: String
    public let version: String
    /// `running` or `quarantined`.
    public let state: String
    public let reason: String?
    public let methods: [String]
}
