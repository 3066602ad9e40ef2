internal import XinglinHost
internal import XinglinKit
internal import XinglinPostgres

/// Whether what the migrations made in a real PostgreSQL is what the design asks for.
struct SchemaChecks {
    private let module: any FeatureModule.Type
    private let others: [any FeatureModule.Type]
    private var manifest: ModuleManifest { self.module.manifest }

    init(_ module: any FeatureModule.Type, others: [any FeatureModule.Type]) {
        self.module = module
        self.others = others
    }

    func findings() throws -> [String] {
        let cluster = try TestCluster.shared()
        var settings = HostSettings(dataDirectory: "\(cluster.folder)/conformance")
        settings.database.workers = 2
        let database = try cluster.clone(self.others + [self.module], settings)
        let again = try HostCore.migrate(
            settings, linked: self.others + [self.module], conninfo: cluster.superuser(database), log: TestLog.logger)
        let connection = try Connection(cluster.superuser(database), applicationName: "conformance")
        var found = again.isEmpty ? [] : ["a second migration applied \(again)"]
        found += try self.tables(connection) + self.policies(connection) + self.uniqueness(connection)
        found += try self.privileges(connection) + self.statements(cluster.host(database))
        try cluster.drop(database)
        return found
    }

    private func tables(_ connection: Connection) throws -> [String] {
        let actual = try connection.query(
            """
            SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE n.nspname = \(self.manifest.code) AND c.relkind IN ('r', 'p') ORDER BY 1
            """
        ).decode(as: String.self)
        let declared = self.manifest.tables.map(\.name).sorted()
        return actual == declared ? [] : ["the manifest declares tables \(declared), the migrations make \(actual)"]
    }

    private func policies(_ connection: Connection) throws -> [String] {
        var found: [String] = []
        for table in self.manifest.tables {
            let name = "\(self.manifest.code).\(table.name)"
            let row: (Bool, Bool, Bool, String?, String?)? = try connection.query(
                """
                SELECT relrowsecurity, relforcerowsecurity, \
                EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'site_id' AND NOT attisdropped), \
                (SELECT string_agg(pg_get_expr(polqual, polrelid), ' ') FROM pg_policy WHERE polrelid = c.oid), \
                (SELECT string_agg(pg_get_expr(polwithcheck, polrelid), ' ') FROM pg_policy WHERE polrelid = c.oid) \
                FROM pg_class c WHERE c.oid = \(name)::regclass
                """
            ).first()
            guard let (isEnabled, isForced, hasSite, using, check) = row else { continue }
            if table.kind == .reference || table.kind == .county {
                if hasSite { found.append("\(name) is declared as \(table.kind) but has a site_id") }
                continue
            }
            if !hasSite { found.append("\(name) has no site_id; declare it as reference or county, or give it one") }
            if !isEnabled || !isForced { found.append("\(name) needs ENABLE and FORCE ROW LEVEL SECURITY") }
            if using?.contains("readable_sites()") != true || check?.contains("acting_site()") != true {
                found.append(
                    "\(name) needs a policy USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site())"
                )
            }
        }
        return found
    }

    /// UNIQUE over a nullable column constrains nothing.
    private func uniqueness(_ connection: Connection) throws -> [String] {
        try connection.query(
            """
            SELECT i.indexrelid::regclass::text FROM pg_index i \
            JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE i.indisunique AND NOT i.indnullsnotdistinct AND n.nspname IN (\(self.manifest.code), 'host') \
            AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) \
            AND NOT a.attnotnull)
            """
        ).decode(as: String.self).map { "\($0) is unique over a nullable column: NOT NULL or NULLS NOT DISTINCT" }
    }

    private func privileges(_ connection: Connection) throws -> [String] {
        let role = "xinglin_\(self.manifest.code)"
        return try connection.query(
            """
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND ( \
            has_table_privilege(\(role), c.oid, 'TRUNCATE') OR pg_has_role(\(role), c.relowner, 'MEMBER') OR \
            (n.nspname <> \(self.manifest.code) AND has_table_privilege(\(role), c.oid, 'SELECT, INSERT, UPDATE, DELETE')))
            """
        ).decode(as: String.self).map { "\(role) has more rights on \($0) than it may" }
    }

    /// Each statement is prepared under the module's role; each list query is explained.
    private func statements(_ conninfo: String) throws -> [String] {
        let connection = try Connection(conninfo, applicationName: "conformance")
        var found =
            self.manifest.statements.isEmpty ? ["the manifest's statements are empty: list what the module sends"] : []
        for (index, sql) in self.manifest.statements.enumerated() {
            do {
                try connection.script(
                    "SET ROLE xinglin_\(self.manifest.code); PREPARE s\(index) AS \(sql.text); RESET ROLE")
                guard sql.text.drop(while: \.isWhitespace).hasPrefix("SELECT") else { continue }
                let values = sql.values.map { $0.map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL" }.joined(
                    separator: ", ")
                let arguments = values.isEmpty ? "" : "(\(values))"
                try connection.script(
                    "SET ROLE xinglin_\(self.manifest.code); EXPLAIN EXECUTE s\(index)\(arguments); RESET ROLE")
            } catch {
                found.append("statement \(index + 1) (\(sql.text.prefix(60))…): \(error) \(error.message)")
            }
        }
        return found
    }
}
