internal import XinglinKit

/// Brings the schemas of the host and its modules up to date: forward only, one transaction per migration, everything
/// as `<prefix>_owner`, and one migrator at a time.
public struct Migrator: Sendable {
    let rolePrefix: String
    /// Tables of the schema `host` that the host may only add to.
    let appendOnly: Set<String>

    /// The audit and what is chained and signed over it.
    public static let onlyAddedTo: Set<String> = ["audit", "audit_link", "audit_checkpoint", "audit_key"]

    public init(rolePrefix: String, appendOnly: Set<String> = Self.onlyAddedTo) {
        self.rolePrefix = rolePrefix
        self.appendOnly = appendOnly
    }

    /// Applies what is pending, loads data files that changed, and sets every role's rights.
    /// - Returns: what became of each module, in the order given. One that fails leaves the others alone.
    /// - Throws: `MigrationError` where the host's own schema fails, `DatabaseError` where the connection does.
    public func migrate(
        _ connection: Connection, host: SchemaSource, modules: [SchemaSource]
    ) throws -> [MigrationOutcome] {
        try self.exclusively(on: connection) {
            try self.createBookkeeping(connection)
            _ = try self.bringUp(host, connection)
            try self.grantHost(connection)
            return try modules.map { module in
                do {
                    let names = try self.bringUp(module, connection)
                    try self.grantModule(module, connection)
                    return .applied(names)
                } catch let error as MigrationError where !connection.isBroken {
                    return .failed(error)
                }
            }
        }
    }

    /// What `migrate` would apply and load, as `<module>/<name>`. Only reads; the host's login may ask.
    /// - Throws: `MigrationError` where history and program contradict each other.
    public func pending(_ connection: Connection, host: SchemaSource, modules: [SchemaSource]) throws -> [String] {
        let exists = try connection.query(
            """
            SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'host' AND c.relname IN ('migration', 'data_file')
            """)
        let isNew = exists.count < 2
        return try self.reading(on: connection) {
            try ([host] + modules).flatMap { source in
                let migrations = try self.pendingMigrations(of: source, connection, isNew: isNew)
                let files = isNew ? Array(source.dataDigests.keys) : try self.changedFiles(of: source, connection)
                return (migrations.map(\.name) + files.sorted()).map { "\(source.code)/\($0)" }
            }
        }
    }

    /// The applied migrations' names.
    private func bringUp(_ source: SchemaSource, _ connection: Connection) throws -> [String] {
        guard SQLText.isPlainName(source.code), !Self.reserved.contains(source.code), !source.code.hasPrefix("pg_")
        else {
            throw MigrationError(module: source.code, name: "", reason: "the code cannot name a schema")
        }
        let pending = try self.pendingMigrations(of: source, connection, isNew: false)
        for step in pending {
            guard let migration = source.migrations.first(where: { $0.name == step.name }) else { continue }
            try self.apply(migration, checksum: step.checksum, of: source.code, connection)
        }
        try self.loadData(of: source, connection)
        return pending.map(\.name)
    }

    private static let reserved: Set<String> = ["public", "information_schema", "owner", "migrator"]

    private func pendingMigrations(
        of source: SchemaSource, _ connection: Connection, isNew: Bool
    ) throws -> [MigrationPlan.Step] {
        let applied =
            isNew
            ? []
            : try connection.query("SELECT name, checksum FROM host.migration WHERE module = \(source.code)")
                .decode(as: (String, String).self).map { MigrationPlan.Step(name: $0, checksum: $1) }
        let checksums = try connection.query(
            """
            SELECT encode(sha256(convert_to(text, 'UTF8')), 'hex')
            FROM unnest(\(source.migrations.map(\.sql))::text[]) WITH ORDINALITY AS migration (text, position)
            ORDER BY position
            """
        ).decode(as: String.self)
        let known = zip(source.migrations, checksums).map { MigrationPlan.Step(name: $0.name, checksum: $1) }
        return try MigrationPlan.pending(module: source.code, known: known, applied: applied)
    }
}
