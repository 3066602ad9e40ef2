internal import Glibc
public import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// What `xinglin restore --verify` found, all of it in order.
public struct BackupReport: Sendable {
    public let manifest: BackupManifest
    public let constraints: Int
    public let auditRows: Int
    /// How many sealed values were opened; nil where no keys were there.
    public let opened: Int?
}

/// Backups, from the command line: beside a running host, or on a stopped one.
extension HostTasks {
    /// The note of the last backup, for whoever watches that there is one: its value is an instant.
    static let lastBackup = "backup/last"

    /// Writes a backup of the database into a new folder.
    public static func backUp(_ settings: HostSettings, to path: String, log: Logger) throws -> BackupManifest {
        if settings.database.url == nil { try Self.requireCluster(settings) }
        return try Self.withBackupLogin(settings, log) { conninfo in
            let backup = DatabaseBackup(conninfo: conninfo, rolePrefix: settings.database.rolePrefix)
            let manifest = try BackupFolder(path: path).write { try backup.take(into: $0) }
            try Self.note(manifest, settings.database.url ?? conninfo, log)
            return manifest
        }
    }

    /// Restores a backup into an empty data folder, or the empty database of the settings.
    public static func restore(_ settings: HostSettings, from path: String, log: Logger) throws -> BackupManifest {
        let folder = BackupFolder(path: path)
        let manifest = try folder.open()
        _ = try Self.keys(of: manifest, HostFolders(settings.dataDirectory).keys)
        var settings = settings
        if let login = settings.database.backupURL { settings.database.migrateURL = login }
        let registry = try RegistryBuilder.make([], settings)
        try Self.withDatabase(settings, registry, log) { setup, conninfo, lock in
            guard lock != nil else { throw Self.hostRuns }
            if settings.database.url == nil {
                try setup.cluster.ensureRoles(conninfo, settings, manifest.database.modules)
            }
            try DatabaseRestore(
                folder: folder, manifest: manifest, conninfo: conninfo, rolePrefix: settings.database.rolePrefix
            ).run()
        }
        return manifest
    }

    /// Restores a backup into a cluster of its own below a folder, examines it and removes it again.
    public static func verifyBackup(
        _ settings: HostSettings, _ path: String, scratch: String, log: Logger
    ) throws -> BackupReport {
        let folder = BackupFolder(path: path)
        let manifest = try folder.open()
        let keys = HostFolders(settings.dataDirectory).keys
        let ring = try KeyRing.exists(directory: keys) ? Self.keys(of: manifest, keys) : nil
        let stores = SealedStore.all(try RegistryBuilder.load(settings, log: log))
        let cluster = EmbeddedCluster(
            dataDirectory: "\(scratch)/xinglin-verify-\(getpid())", user: settings.database.clusterUser, log: log,
            // It is thrown away, so nothing of it needs to survive.
            overrides: ["fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"])
        defer {
            do {
                try cluster.destroy()
            } catch {
                log.error("the scratch cluster was left behind", metadata: ["error": .string("\(error)")])
            }
        }
        try cluster.start()
        try cluster.ensureDatabase(
            DatabaseSetup.databaseName, rolePrefix: manifest.database.rolePrefix, modules: manifest.database.modules)
        let conninfo = cluster.superuserConninfo(database: DatabaseSetup.databaseName)
        try DatabaseRestore(
            folder: folder, manifest: manifest, conninfo: conninfo, rolePrefix: manifest.database.rolePrefix
        ).run()
        let connection = try Connection(conninfo, applicationName: "xinglin restore", idleInTransaction: "0")
        let checks = BackupChecks(connection: connection)
        let present = Set(manifest.tables.map { SQLName($0.schema, $0.name).text })
        return BackupReport(
            manifest: manifest, constraints: try checks.constraints(), auditRows: try checks.audit(),
            opened: try ring.map { ring in
                try checks.sealedValues(ring, stores.filter { present.contains($0.table.text) })
            })
    }

    // MARK: - What they share

    private static func withBackupLogin<Value>(
        _ settings: HostSettings, _ log: Logger, _ body: (String) throws -> Value
    ) throws -> Value {
        var settings = settings
        if let login = settings.database.backupURL { settings.database.migrateURL = login }
        return try Self.withDatabase(settings, try RegistryBuilder.make([], settings), log) { _, conninfo, _ in
            try body(conninfo)
        }
    }

    /// The keys of the folder, where they are those that the backup needs.
    private static func keys(of manifest: BackupManifest, _ directory: String) throws -> KeyRing {
        let needed = manifest.keys.compactMap { key in UInt32(exactly: key.id).map { ($0, key.fingerprint) } }
        let chosen = [("current", manifest.currentKey), ("index", manifest.indexKey)].compactMap { name, id in
            id.map { ("\(RecordedKeys.prefix)\(name)", String($0)) }
        }
        let notes = chosen + needed.map { ("\(RecordedKeys.prefix)\($0.0)", $0.1) }
        return try KeyGuard.check(directory, RecordedKeys(notes))
    }

    private static func requireCluster(_ settings: HostSettings) throws {
        guard DatabaseSetup(settings: settings, log: Logger(label: "xinglin")).cluster.isThere else {
            throw StartFailure(
                .init(zh: "\(settings.dataDirectory) 中没有数据库", en: "there is no database in \(settings.dataDirectory)"),
                remedy: .init(zh: "请用 --data 指定主机的数据文件夹", en: "name the host's data folder with --data"))
        }
    }

    private static var hostRuns: StartFailure {
        StartFailure(
            .init(zh: "有主机正在使用这个数据文件夹", en: "a host works on this data folder"),
            remedy: .init(zh: "恢复须在没有主机运行时进行，先停止它", en: "restore while no host runs; stop it first"))
    }

    /// A backup that is there is not undone by a note that cannot be left.
    private static func note(_ manifest: BackupManifest, _ conninfo: String, _ log: Logger) throws {
        do {
            _ = try Connection(conninfo, applicationName: "xinglin backup").query(
                """
                INSERT INTO host.note (name, value) VALUES (\(Self.lastBackup), \(manifest.takenAt.description)) \
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """)
        } catch {
            log.warning("the backup is there, but could not be noted", metadata: ["error": .string("\(error)")])
        }
    }
}

extension EmbeddedCluster {
    /// Makes the roles that a backup's rights are given to, in the cluster that runs.
    fileprivate func ensureRoles(_ conninfo: String, _ settings: HostSettings, _ modules: [String]) throws {
        try Connection(conninfo, applicationName: "xinglin restore").script(
            ClusterRoles.script(prefix: settings.database.rolePrefix, modules: modules, hostLogin: nil))
    }
}
