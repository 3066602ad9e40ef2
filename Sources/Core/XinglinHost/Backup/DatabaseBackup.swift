internal import XinglinKit
internal import XinglinPostgres

/// Takes a backup of a database, beside the hosts that work on it.
struct DatabaseBackup {
    let conninfo: String
    let rolePrefix: String

    /// Dumps the database into an open file, and says what is in the dump.
    func take(into file: Int32) throws -> BackupManifest {
        let connection = try Connection(
            self.conninfo, applicationName: "xinglin backup", lockTimeout: "60s", idleInTransaction: "0")
        try DatabaseLogin.requireSeesAll(connection)
        // The transaction stays open for as long as the dump takes, for it holds the snapshot of both. It has no transaction
        // id, so the sealer does not wait for it.
        try connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let frame: (String, Timestamp, String)? = try connection.query(
            "SELECT pg_export_snapshot(), now(), current_setting('server_version')"
        ).first()
        guard let (snapshot, takenAt, version) = frame else {
            throw DatabaseError(kind: .decoding, message: "the server exports no snapshot")
        }
        var manifest = BackupManifest(
            format: BackupManifest.currentFormat, program: HostServices.version, takenAt: takenAt,
            database: .init(version: version, rolePrefix: self.rolePrefix, modules: []), migrations: [], tables: [],
            largeObjects: 0, files: [], keys: [], audit: nil)
        try self.describe(&manifest, connection)
        try DatabasePrograms(self.conninfo, major: Int(connection.serverVersion / 10_000))
            .dump(snapshot: snapshot, into: file)
        try connection.script("COMMIT")
        return manifest
    }

    private func describe(_ manifest: inout BackupManifest, _ connection: Connection) throws {
        guard try connection.query("SELECT FROM pg_class WHERE oid = to_regclass('host.migration')").count == 1 else {
            throw StartFailure(
                .init(zh: "数据库中没有 xinglin 的数据", en: "the database holds nothing of xinglin"),
                remedy: .init(zh: "请核对 --data 或 database.backupUrl", en: "check --data or database.backupUrl"))
        }
        let migrations: [(String, String, String)] = try connection.query(
            "SELECT module, name, checksum FROM host.migration ORDER BY 1, 2"
        ).decode()
        manifest.migrations = migrations.map { .init(module: $0, name: $1, checksum: $2) }
        manifest.database.modules = Set(migrations.map(\.0)).subtracting([Registry.hostCode]).sorted()
        manifest.tables = try DatabaseContents.tables(connection)
        manifest.largeObjects = try DatabaseContents.largeObjects(connection)
        let recorded = try RecordedKeys.read(connection)
        manifest.keys = recorded.active.compactMap { id in
            recorded.keys[id]?.fingerprint.map { .init(id: Int64(id), fingerprint: $0) }
        }
        manifest.currentKey = recorded.current.map { Int64($0) }
        manifest.indexKey = recorded.index.map { Int64($0) }
        manifest.audit = try DatabaseContents.audit(connection)
    }
}

/// Whether a login is fit for backups.
enum DatabaseLogin {
    /// - Throws: `StartFailure` where row-level security would hide rows from it.
    static func requireSeesAll(_ connection: Connection) throws {
        let row: (Bool, String)? = try connection.query(
            "SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user"
        ).first()
        guard row?.0 != true else { return }
        let name = row?.1 ?? ""
        throw StartFailure(
            .init(
                zh: "数据库登录 \(name) 看不到所有机构的记录，备份会不完整",
                en: "the database login \(name) does not see the rows of every site; a backup would lack some"),
            remedy: .init(
                zh: "把 database.backupUrl 设为超级用户，或具有 BYPASSRLS 和 pg_read_all_data 的登录",
                en: "set database.backupUrl to a superuser, or a login with BYPASSRLS and pg_read_all_data"))
    }
}

/// What is in a database, as a manifest says it.
enum DatabaseContents {
    /// Every table of ours with the number of its rows.
    static func tables(_ connection: Connection) throws -> [BackupManifest.Table] {
        let names: [(String, String)] = try connection.query(
            """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2
            """
        ).decode()
        return try names.map { schema, name in
            let rows = try connection.query("SELECT count(*) FROM \(SQLName(schema, name))").first(as: Int.self)
            return BackupManifest.Table(schema: schema, name: name, rows: rows ?? 0)
        }
    }

    static func largeObjects(_ connection: Connection) throws -> Int {
        try connection.query("SELECT count(*) FROM pg_largeobject_metadata").first(as: Int.self) ?? 0
    }

    /// Where the audit stands; nil where the schema is older than its chains.
    static func audit(_ connection: Connection) throws -> BackupManifest.Audit? {
        let isThere: Bool? = try connection.query(
            "SELECT to_regprocedure('host.audit_heads()') IS NOT NULL AND to_regclass('host.audit_checkpoint') IS NOT NULL"
        ).first()
        guard isThere == true else { return nil }
        let heads: [(String, Int64, String)] = try connection.query(
            "SELECT chain::text, number, encode(link, 'hex') FROM host.audit_heads()"
        ).decode()
        let last: (Int64, String)? = try connection.query(
            "SELECT number, encode(digest, 'hex') FROM host.audit_checkpoint ORDER BY number DESC LIMIT 1"
        ).first()
        return BackupManifest.Audit(
            heads: heads.map { .init(chain: $0, number: $1, link: $2) },
            checkpoint: last.map { .init(number: $0, digest: $1) })
    }
}
