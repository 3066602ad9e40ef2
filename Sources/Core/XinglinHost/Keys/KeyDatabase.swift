internal import XinglinKit
internal import XinglinPostgres

/// A connection that reaches every sealed value: as a superuser, or as the owner of the schemas, who is held by row-level
/// security like everybody else and therefore works site by site.
struct KeyDatabase {
    let connection: Connection
    /// nil reaches every row at once.
    private let sites: [RecordID]?

    init(_ conninfo: String, rolePrefix: String) throws {
        self.connection = try Connection(
            conninfo, applicationName: Self.name, lockTimeout: "10s", idleInTransaction: "0")
        let seesAll = try self.connection.query(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).first(as: Bool.self)
        if seesAll ?? false {
            self.sites = nil
            return
        }
        let owner = "\(rolePrefix)_owner"
        let isMember = try self.connection.query(
            "SELECT FROM pg_roles WHERE rolname = \(owner) AND pg_has_role(oid, 'MEMBER')")
        guard !isMember.isEmpty else {
            throw StartFailure(
                "the database login may not work as \(owner)", remedy: "set database.migrateUrl, as for xinglin migrate"
            )
        }
        try self.connection.script("SET ROLE \(SQLName(owner).text)")
        self.sites = try self.connection.query("SELECT site_id FROM host.site ORDER BY code").decode(as: RecordID.self)
    }

    static let name = "xinglin keys"

    /// Runs the body once for each scope that rows must be changed in.
    func inEachScope(_ body: () throws -> Void) throws {
        guard let sites = self.sites, !sites.isEmpty else { return try body() }
        for site in sites {
            try self.scope(acting: site.description, readable: [site])
            try body()
        }
    }

    /// Runs the body where every row can be read.
    func reading<Value>(_ body: () throws -> Value) throws -> Value {
        if let sites = self.sites { try self.scope(acting: "", readable: sites) }
        return try body()
    }

    /// Runs the statements in one transaction.
    func transaction(_ statements: [SQL]) throws {
        do {
            _ = try self.connection.run((["BEGIN"] + statements + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") })
        } catch {
            if !self.connection.isBroken, !self.connection.isIdle { try self.connection.script("ROLLBACK") }
            throw error
        }
    }

    /// Keeps everybody else from changing the keys for as long as the connection lives.
    func claim() throws {
        do {
            // It waits a little: the server lets go of a command's lock only when it notices that the command has ended.
            _ = try self.connection.query("SELECT pg_advisory_lock(hashtext('xinglin keys'))")
        } catch  where error.kind == .lockTimeout {
            throw StartFailure(
                .init(zh: "另一个命令正在更改密钥", en: "the keys are being changed by another command"),
                remedy: .init(zh: "等它结束", en: "wait until it has ended"))
        }
    }

    private func scope(acting: String, readable: [RecordID]) throws {
        let sites = readable.isEmpty ? "" : readable.sqlText ?? ""
        _ = try self.connection.query(
            "SELECT set_config('xinglin.site', \(acting), false), set_config('xinglin.readable_sites', \(sites), false)"
        )
    }
}
