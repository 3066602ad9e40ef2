internal import XinglinKit
internal import XinglinPostgres

/// Restores a backup into an empty database.
struct DatabaseRestore {
    let folder: BackupFolder
    let manifest: BackupManifest
    /// A login that may do everything.
    let conninfo: String
    let rolePrefix: String

    /// - Throws: `StartFailure` where the database is not empty, is too old, or does not come to what the manifest says.
    func run() throws {
        guard self.rolePrefix == self.manifest.database.rolePrefix else {
            throw StartFailure(
                .init(
                    zh: "备份的角色前缀是 \(self.manifest.database.rolePrefix)，设置中是 \(self.rolePrefix)",
                    en:
                        "the backup's roles begin with \(self.manifest.database.rolePrefix), those of the settings with \(self.rolePrefix)"
                ),
                remedy: .init(
                    zh: "把 database.rolePrefix 设为 \(self.manifest.database.rolePrefix)",
                    en: "set database.rolePrefix to \(self.manifest.database.rolePrefix)"))
        }
        let connection = try Connection(
            self.conninfo, applicationName: "xinglin restore", lockTimeout: "60s", idleInTransaction: "0")
        try DatabaseLogin.requireSeesAll(connection)
        guard try !RestoreMark.isSet(connection) else { throw Self.begun }
        try Self.requireEmpty(connection)
        try RestoreMark.set(connection)
        let programs = try DatabasePrograms(self.conninfo, major: Int(connection.serverVersion / 10_000))
        try self.folder.reading { try programs.restore(from: $0) }
        // What waits for the sealer, and runs of jobs that were under way, need nothing: docs/adr/0009 and 0010 say why.
        try connection.script("ANALYZE")
        try self.compare(connection)
        try RestoreMark.clear(connection)
    }

    /// The same on a PostgreSQL of the operator's own. What is there cannot simply be dropped, so a restore that came to other data
    /// leaves its mark; one of which nothing is left leaves none.
    func runOnServer() throws {
        do {
            try self.run()
        } catch {
            guard Interruption.undisturbed({ self.takeBackMark() }) else { throw error }
            let marked = RestoreMark.makeAnew
            throw StartFailure(
                explained(error),
                remedy: .init(zh: "主机不会在此数据库上启动；\(marked.zh)", en: "no host starts on it; \(marked.en)"))
        }
    }

    /// Whether the mark stays.
    private func takeBackMark() -> Bool {
        do {
            let connection = try Connection(self.conninfo, applicationName: "xinglin restore")
            guard try RestoreMark.isSet(connection) else { return false }
            // A commit on its way when the program was ended counts too.
            let others = try connection.query(
                """
                SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pg_restore'
                """
            ).first(as: Int.self)
            guard others == 0, (try? Self.requireEmpty(connection)) != nil else { return true }
            try RestoreMark.clear(connection)
            return false
        } catch {
            return true
        }
    }

    private static let begun = StartFailure(
        .init(zh: "此前对该数据库的恢复没有完成", en: "an earlier restore into this database is not finished"),
        remedy: RestoreMark.makeAnew)

    /// - Throws: `StartFailure` where anything is in the database already.
    static func requireEmpty(_ connection: Connection) throws {
        let tables = try DatabaseContents.tables(connection)
        let objects = try DatabaseContents.largeObjects(connection)
        guard tables.isEmpty, objects == 0 else {
            throw StartFailure(
                .init(zh: "数据库不是空的", en: "the database is not empty"),
                remedy: .init(
                    zh: "恢复只写入空的数据库：请指定新的数据文件夹，或新建一个数据库",
                    en: "a restore writes to an empty database alone: name a new data folder, or make a new database"))
        }
    }

    /// Compares every table's rows, the large objects and the ends of the audit with the manifest.
    func compare(_ connection: Connection) throws {
        let found = try DatabaseContents.tables(connection)
        let wrong =
            self.manifest.tables.filter { !found.contains($0) } + found.filter { !self.manifest.tables.contains($0) }
        guard wrong.isEmpty else {
            let names = Set(wrong.map { "\($0.schema).\($0.name)" }).sorted().joined(separator: ", ")
            throw Self.differs(.init(zh: "以下表的行数：\(names)", en: "the rows of \(names)"))
        }
        guard try DatabaseContents.largeObjects(connection) == self.manifest.largeObjects else {
            throw Self.differs(.init(zh: "大对象的数量", en: "the number of large objects"))
        }
        guard try DatabaseContents.audit(connection) == self.manifest.audit else {
            throw Self.differs(.init(zh: "审计链的末端", en: "the ends of the audit's chains"))
        }
    }

    private static func differs(_ what: LocalizedText) -> StartFailure {
        StartFailure(
            .init(zh: "恢复的数据与清单不符：\(what.zh)", en: "what was restored is not what the manifest says: \(what.en)"),
            remedy: .init(
                zh: "恢复出的数据没有保留；请改用另一份备份", en: "nothing of it was kept; use another backup"))
    }
}
