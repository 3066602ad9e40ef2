public import Logging
internal import XinglinCrypto
internal import XinglinKit

/// The life of the keys, from the command line.
extension HostTasks {
    /// The keys, and what each still seals.
    public static func listKeys(_ settings: HostSettings, log: Logger) throws -> KeyListing {
        try Self.withKeys(settings, log) { database, registry, _ in
            try KeyLister(
                database: database, directory: HostFolders(settings.dataDirectory).keys,
                stores: SealedStore.all(registry)
            ).list()
        }
    }

    /// Makes the next key's file without using it, and gives its path.
    public static func prepareKey(_ settings: HostSettings, log: Logger) throws -> String {
        try Self.withKeys(settings, log) { database, registry, _ in
            let rotation = Self.rotation(settings, database, registry)
            return KeyRing.path(of: try rotation.prepare(), directory: rotation.directory)
        }
    }

    /// Puts a new key into use and seals everything anew with it, or goes on with a rotation that was broken off.
    public static func rotateKeys(
        _ settings: HostSettings, log: Logger, progress: (KeyProgress) -> Void
    ) throws -> RotationReport {
        try Self.withKeys(settings, log) { database, registry, _ in
            try Self.rotation(settings, database, registry).run(progress)
        }
    }

    /// Takes a key out of use that nothing is sealed with any more.
    public static func retireKey(_ id: UInt32, _ settings: HostSettings, log: Logger) throws {
        try Self.withKeys(settings, log) { database, registry, isAlone in
            try KeyRetirement(
                database: database, directory: HostFolders(settings.dataDirectory).keys,
                stores: SealedStore.all(registry), isAlone: isAlone, now: HostClock.system.now
            ).retire(id)
        }
    }

    private static func rotation(
        _ settings: HostSettings, _ database: KeyDatabase, _ registry: Registry
    ) -> KeyRotation {
        KeyRotation(
            database: database, directory: HostFolders(settings.dataDirectory).keys, stores: SealedStore.all(registry),
            now: HostClock.system.now)
    }

    /// Runs the body on a migrated database; its last value says whether no host runs on the data folder.
    private static func withKeys<Value>(
        _ settings: HostSettings, _ log: Logger, _ body: (KeyDatabase, Registry, Bool) throws -> Value
    ) throws -> Value {
        let registry = try RegistryBuilder.load(settings, log: log)
        let folder = settings.dataDirectory
        guard fileExists(folder) else {
            throw StartFailure(
                .init(zh: "没有文件夹 \(folder)", en: "there is no folder \(folder)"),
                remedy: .init(zh: "请用 --data 指定主机的数据文件夹", en: "name the host's data folder with --data"))
        }
        return try Self.withDatabase(settings, registry, log) { setup, conninfo, lock in
            let pending = try setup.pending(conninfo, registry)
            guard pending.isEmpty else {
                throw StartFailure(
                    .init(
                        zh: "数据库缺少 \(pending.count) 项迁移，首项为 \(pending[0])",
                        en: "the database lacks \(pending.count) migrations, first \(pending[0])"),
                    remedy: .init(zh: "先运行 xinglin migrate", en: "run xinglin migrate first"))
            }
            let database = try KeyDatabase(conninfo, rolePrefix: settings.database.rolePrefix)
            return try body(database, registry, lock != nil)
        }
    }
}
