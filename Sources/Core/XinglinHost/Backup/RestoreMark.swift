internal import XinglinKit
internal import XinglinPostgres

/// Says in the database itself that a restore into it was begun and is not finished: an empty schema, made before anything is
/// restored and dropped when all of it was compared. No host and no command works on a database that has it.
enum RestoreMark {
    private static let schema = "xinglin_restore_unfinished"

    static func set(_ connection: Connection) throws { try connection.script("CREATE SCHEMA \(self.schema)") }

    static func clear(_ connection: Connection) throws { try connection.script("DROP SCHEMA IF EXISTS \(self.schema)") }

    static func isSet(_ connection: Connection) throws -> Bool {
        try connection.query("SELECT to_regnamespace(\(self.schema)) IS NOT NULL").first(as: Bool.self) ?? false
    }

    /// - Throws: `StartFailure` where a restore is not finished.
    static func refuse(_ conninfo: String, _ settings: HostSettings) throws {
        if try self.isSet(Connection(conninfo, applicationName: "xinglin start")) { throw Self.unfinished(settings) }
    }

    /// Why nothing works on such a database, and the way out.
    static func unfinished(_ settings: HostSettings) -> StartFailure {
        let isOurs = settings.database.url == nil
        return StartFailure(
            .init(
                zh: "数据库恢复到一半：恢复曾中断，或恢复的数据与备份的清单不符",
                en:
                    "a restore into this database is not finished: it was broken off, or came to other data than the backup's"
            ),
            remedy: isOurs
                ? .init(
                    zh: "用完好的备份再次运行 xinglin restore --data \(settings.dataDirectory)，它会清除残留并重新恢复",
                    en:
                        "run xinglin restore --data \(settings.dataDirectory) again with a good backup: it removes what is left and begins anew"
                ) : Self.makeAnew)
    }

    static let makeAnew = LocalizedText(
        zh: "重建数据库（dropdb、createdb、deploy/roles.sql），再用完好的备份运行 xinglin restore",
        en: "make the database anew (dropdb, createdb, deploy/roles.sql), then run xinglin restore with a good backup")
}
