public import XinglinKit
internal import XinglinPostgres

/// Reads the directory from the database.
enum DirectoryStore {
    static let channel = "xinglin_directory"

    static func version(_ connection: Connection) throws -> Int64 {
        try connection.query("SELECT version FROM host.directory_version").first(as: Int64.self) ?? 0
    }

    /// Reads everything as of one snapshot.
    static func read(_ connection: Connection, now: Timestamp) throws -> DirectorySnapshot {
        let role = ""
        let items = [
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            "SELECT version FROM host.directory_version",
            "SELECT site_id, code, name_zh, kind, parent_id FROM host.site",
            "SELECT account_id, account, staff_id, epoch, disabled, must_change, is_machine FROM host.account",
            "SELECT account_id, role, site_id, reach FROM host.role_grant",
            "SELECT module, site_id, enabled_at FROM host.enabled_module",
            "SELECT token_digest FROM host.session WHERE ended_at IS NOT NULL AND expires_at > \(now)",
            """
            SELECT fingerprint, serial, account_id, expires_at, revoked_at FROM host.machine_certificate \
            WHERE expires_at > \(HostClock.system.now)
            """,
            "COMMIT",
        ].map { (sql: SQL) in PipelineItem(sql: sql, role: role) }
        let results: [Rows]
        do {
            results = try connection.run(items)
        } catch let failure {
            // The connection goes on being used: it must not stay in the failed transaction.
            if !connection.isBroken, !connection.isIdle { try connection.script("ROLLBACK") }
            throw failure
        }
        return DirectorySnapshot(
            version: try results[1].first(as: Int64.self) ?? 0,
            sites: try Self.sites(results[2]),
            accounts: try Self.accounts(results[3], grants: results[4]),
            enabled: try Self.enabled(results[5]),
            endedSessions: Set(try results[6].decode(as: SQLBytes.self)),
            certificates: try Self.certificates(results[7])
        )
    }

    private static func sites(_ rows: Rows) throws -> [Site] {
        let decoded: [(RecordID, String, String, Site.Kind, RecordID?)] = try rows.decode()
        return decoded.map { Site(id: $0.0, code: $0.1, nameZh: $0.2, kind: $0.3, parentID: $0.4) }
    }

    private static func accounts(_ rows: Rows, grants: Rows) throws -> [DirectorySnapshot.Account] {
        var byAccount: [RecordID: [Grant]] = [:]
        let granted: [(RecordID, String, RecordID?, Grant.Reach)] = try grants.decode()
        for (account, code, site, reach) in granted {
            // A newer host on the same database may know roles that this one does not: they permit nothing here.
            guard let role = Role(rawValue: code) else { continue }
            byAccount[account, default: []].append(Grant(role: role, siteID: site, reach: reach))
        }
        let decoded: [(RecordID, String, String?, Int64, Bool, Bool, Bool)] = try rows.decode()
        return decoded.map { id, name, staff, epoch, disabled, mustChange, isMachine in
            DirectorySnapshot.Account(
                principal: Principal(accountID: id, account: name, staffID: staff, grants: byAccount[id] ?? []),
                epoch: epoch, isDisabled: disabled, mustChangePassword: mustChange, isMachine: isMachine)
        }
    }

    private static func certificates(_ rows: Rows) throws -> [MachineCertificate] {
        let decoded: [(SQLBytes, String, RecordID, Timestamp, Timestamp?)] = try rows.decode()
        return decoded.map { fingerprint, serial, account, expires, revoked in
            MachineCertificate(
                fingerprint: fingerprint, serial: serial, accountID: account, expiresAt: expires,
                isRevoked: revoked != nil)
        }
    }

    private static func enabled(_ rows: Rows) throws -> [String: [RecordID: Timestamp]] {
        let decoded: [(String, RecordID, Timestamp)] = try rows.decode()
        return decoded.reduce(into: [:]) { $0[$1.0, default: [:]][$1.1] = $1.2 }
    }
}

extension Role: SQLTextDecodable, SQLBindable {}
extension Grant.Reach: SQLTextDecodable, SQLBindable {}
extension Site.Kind: SQLTextDecodable, SQLBindable {}
