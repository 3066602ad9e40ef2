internal import XinglinKit

extension ModuleManifest.Table.Kind {
    /// What the module's own role may do, in PostgreSQL's order of names.
    var privileges: String {
        switch self {
        case .perSite, .county: "DELETE,INSERT,SELECT,UPDATE"
        case .ledger: "INSERT,SELECT"
        case .reference: "SELECT"
        }
    }
}

/// Rights are compared first and set only where they differ, so that a start that changes nothing leaves the catalogue
/// and every other host's cached plans alone.
extension Migrator {
    /// The host reads and writes its own tables, only adds to some, and only reads the bookkeeping.
    func grantHost(_ connection: Connection) throws {
        let role = "\(self.rolePrefix)_host"
        try self.grant(connection, module: "host", to: role) { table in
            if ["migration", "data_file"].contains(table) { return "SELECT" }
            return self.appendOnly.contains(table) ? "INSERT,SELECT" : "DELETE,INSERT,SELECT,UPDATE"
        }
    }

    /// A module's role gets what its manifest declares, table by table, and the host's functions.
    func grantModule(_ source: SchemaSource, _ connection: Connection) throws {
        let declared = Dictionary(source.tables.map { ($0.name, $0.kind) }) { first, _ in first }
        let present = try self.tables(of: source.code, seenBy: nil, connection).map(\.name)
        if let extra = present.first(where: { declared[$0] == nil }) {
            throw MigrationError(module: source.code, name: extra, reason: "the manifest does not declare this table")
        }
        if let missing = declared.keys.sorted().first(where: { !present.contains($0) }) {
            throw MigrationError(module: source.code, name: missing, reason: "no migration makes this declared table")
        }
        try self.grant(connection, module: source.code, to: "\(self.rolePrefix)_\(source.code)") { table in
            declared[table]?.privileges ?? ""
        }
    }

    private func grant(
        _ connection: Connection, module: String, to role: String, _ privileges: (String) -> String
    ) throws {
        guard try !connection.query("SELECT FROM pg_roles WHERE rolname = \(role)").isEmpty else {
            throw MigrationError(
                module: module, name: "", reason: "there is no role \(role); run deploy/roles.sql with this module")
        }
        try self.asOwner(connection, module: module, name: "") {
            let schema = SQLText.identifier(module)
            let statements = try self.tables(of: module, seenBy: role, connection).flatMap { table -> [String] in
                let wanted = privileges(table.name)
                guard wanted != table.privileges else { return [] }
                let place = "\(schema).\(SQLText.identifier(table.name))"
                let grantee = SQLText.identifier(role)
                return ["REVOKE ALL ON \(place) FROM \(grantee)"]
                    + (wanted.isEmpty ? [] : ["GRANT \(wanted) ON \(place) TO \(grantee)"])
            }
            let others = try self.missingGrants(connection, module: module, to: role)
            try connection.script((statements + others).joined(separator: ";\n"))
        }
    }

    /// The tables of a schema with what the role was granted on each.
    private func tables(
        of schema: String, seenBy role: String?, _ connection: Connection
    ) throws -> [(name: String, privileges: String)] {
        try connection.query(
            """
            SELECT c.relname, coalesce(
                (SELECT string_agg(a.privilege_type, ',' ORDER BY a.privilege_type COLLATE "C")
                 FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = \(role ?? "")::text), '')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = \(schema) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            ORDER BY c.relname
            """
        ).decode(as: (String, String).self).map { (name: $0, privileges: $1) }
    }

    /// Schemas, sequences and the host's functions.
    private func missingGrants(_ connection: Connection, module: String, to role: String) throws -> [String] {
        try connection.query(
            """
            SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, r.rolname)
            FROM pg_namespace, (SELECT \(role)::name AS rolname) r
            WHERE nspname IN (\(module), 'host') AND NOT has_schema_privilege(r.rolname, pg_namespace.oid, 'USAGE')
            UNION ALL
            SELECT format('GRANT USAGE ON SEQUENCE %I.%I TO %I', n.nspname, c.relname, \(role)::text)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = \(module)
              AND CASE c.relkind WHEN 'S' THEN NOT has_sequence_privilege(\(role)::name, c.oid, 'USAGE') ELSE false END
            UNION ALL
            SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', p.oid::regprocedure, \(role)::text)
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'host' AND p.prokind = 'f' AND NOT has_function_privilege(\(role)::name, p.oid, 'EXECUTE')
            """
        ).decode(as: String.self)
    }
}
