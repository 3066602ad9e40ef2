public import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// What `xinglin restore --verify` found, all of it in order.
public struct BackupReport: Sendable {
    public let manifest: BackupManifest
    public let constraints: Int
    public let auditRows: Int
    /// How many sealed values were opened; nil where no keys were asked for.
    public let opened: Int?
}

extension HostTasks {
    /// Restores a backup into a cluster of its own below a folder, examines it and removes it again, however it ends.
    /// - Parameter withKeys: whether the data folder's keys must be there, and open what is sealed; else they are looked at
    ///   where they are there.
    public static func verifyBackup(
        _ settings: HostSettings, _ path: String, scratch: String, withKeys: Bool, log: Logger
    ) throws -> BackupReport {
        let folder = BackupFolder(path: path)
        let manifest = try folder.open()
        let keys = HostFolders(settings.dataDirectory).keys
        let ring = try withKeys || KeyRing.exists(directory: keys) ? Self.keys(of: manifest, keys) : nil
        let stores = SealedStore.all(try RegistryBuilder.load(settings, log: log))
        guard fileExists(scratch) else {
            throw StartFailure(
                .init(zh: "没有文件夹 \(scratch)", en: "there is no folder \(scratch)"),
                remedy: .init(zh: "建立它，或用 --scratch 另选", en: "make it, or name another with --scratch"))
        }
        let user = settings.database.clusterUser
        ScratchFolder.sweep(below: scratch, user: user, log: log)
        let place = try ScratchFolder(below: scratch)
        let cluster = ScratchFolder.cluster(place.path, user: user, log: log)
        defer {
            do {
                try cluster.destroy()
            } catch {
                log.error("the scratch cluster was left behind", metadata: ["error": .string("\(error)")])
            }
            // Its lock is held for as long.
            withExtendedLifetime(place) {}
        }
        try cluster.start()
        let database = manifest.database
        try cluster.ensureDatabase(
            DatabaseSetup.databaseName, rolePrefix: database.rolePrefix, modules: database.modules)
        let conninfo = cluster.superuserConninfo(database: DatabaseSetup.databaseName)
        try DatabaseRestore(
            folder: folder, manifest: manifest, conninfo: conninfo, rolePrefix: database.rolePrefix
        ).run()
        return try Self.examine(manifest, conninfo, ring, stores)
    }

    private static func examine(
        _ manifest: BackupManifest, _ conninfo: String, _ ring: KeyRing?, _ stores: [SealedStore]
    ) throws -> BackupReport {
        let connection = try Connection(conninfo, applicationName: "xinglin restore", idleInTransaction: "0")
        let checks = BackupChecks(connection: connection)
        let present = Set(manifest.tables.map { SQLName($0.schema, $0.name).text })
        return BackupReport(
            manifest: manifest, constraints: try checks.constraints(), auditRows: try checks.audit(),
            opened: try ring.map { ring in
                try checks.sealedValues(ring, stores.filter { present.contains($0.table.text) })
            })
    }
}
