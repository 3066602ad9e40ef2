internal import Glibc
public import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Backups, from the command line: beside a running host, or on a stopped one.
extension HostTasks {
    /// The note of the last backup, for whoever watches that there is one: its value is an instant.
    static let lastBackup = "backup/last"

    /// Writes a backup of the database into a new folder.
    public static func backUp(_ settings: HostSettings, to path: String, log: Logger) throws -> BackupManifest {
        let folder = BackupFolder(path: path)
        try folder.requirePlace(outside: settings.dataDirectory)
        return try Self.withBackupLogin(settings, log) { conninfo in
            let backup = DatabaseBackup(conninfo: conninfo, rolePrefix: settings.database.rolePrefix)
            let manifest = try folder.write { try backup.take(into: $0) }
            try Self.note(manifest, settings.database.url ?? conninfo, log)
            return manifest
        }
    }

    /// Restores a backup into an empty data folder, or the empty database of the settings.
    public static func restore(_ settings: HostSettings, from path: String, log: Logger) throws -> BackupManifest {
        let folder = BackupFolder(path: path)
        let manifest = try folder.open()
        let folders = HostFolders(settings.dataDirectory)
        _ = try Self.keys(of: manifest, folders.keys)
        let prefix = settings.database.rolePrefix
        try folders.prepare()
        guard let lock = try? HostLock(folders) else { throw Self.hostRuns }
        try withExtendedLifetime(lock) {
            let database = settings.database
            if let url = database.backupURL ?? database.migrateURL ?? database.url {
                try DatabaseRestore(folder: folder, manifest: manifest, conninfo: url, rolePrefix: prefix)
                    .runOnServer()
                return
            }
            let cluster = DatabaseSetup(settings: settings, log: log).cluster
            try EmbeddedRestore(settings: settings, cluster: cluster, log: log).run { conninfo in
                try cluster.ensureRoles(conninfo, settings, manifest.database.modules)
                try DatabaseRestore(folder: folder, manifest: manifest, conninfo: conninfo, rolePrefix: prefix).run()
            }
        }
        return manifest
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
    static func keys(of manifest: BackupManifest, _ directory: String) throws -> KeyRing {
        let needed = manifest.keys.compactMap { key in UInt32(exactly: key.id).map { ($0, key.fingerprint) } }
        let chosen = [("current", manifest.currentKey), ("index", manifest.indexKey)].compactMap { name, id in
            id.map { ("\(RecordedKeys.prefix)\(name)", String($0)) }
        }
        let notes = chosen + needed.map { ("\(RecordedKeys.prefix)\($0.0)", $0.1) }
        return try KeyGuard.check(directory, RecordedKeys(notes))
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
