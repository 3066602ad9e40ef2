internal import XinglinKit

extension Migrator {
    /// The data files that are not as last loaded.
    func changedFiles(of source: SchemaSource, _ connection: Connection) throws -> [String] {
        guard !source.dataDigests.isEmpty else { return [] }
        let loaded = try connection.query("SELECT name, sha256 FROM host.data_file WHERE module = \(source.code)")
            .decode(as: (String, String).self)
        let digests = Dictionary(uniqueKeysWithValues: loaded.map { ($0.0, $0.1) })
        return source.dataDigests.filter { digests[$0.key] != $0.value }.keys.sorted()
    }

    /// Loads a module's data where any file changed; the digests are recorded in the same transaction.
    func loadData(of source: SchemaSource, _ connection: Connection) throws {
        let changed = try self.changedFiles(of: source, connection)
        guard let first = changed.first else { return }
        guard let load = source.load else {
            throw MigrationError(module: source.code, name: first, reason: "nothing loads this data file")
        }
        try self.asOwner(connection, module: source.code, name: first) {
            let schema = SQLText.identifier(source.code)
            try connection.script("SET LOCAL search_path = \(schema), public")
            try load(Database(OwnerSession(connection, role: self.owner)))
            for name in changed {
                _ = try connection.query(
                    """
                    INSERT INTO host.data_file (module, name, sha256)
                    VALUES (\(source.code), \(name), \(source.dataDigests[name] ?? ""))
                    ON CONFLICT (module, name) DO UPDATE SET sha256 = excluded.sha256, loaded_at = now()
                    """)
            }
        }
    }
}

/// The transaction that a module's `load` works in.
private final class OwnerSession: DatabaseSession {
    private let connection: Connection
    private let role: String

    init(_ connection: Connection, role: String) {
        self.connection = connection
        self.role = role
    }

    func run(_ statements: [SQL]) throws -> [Rows] {
        try self.connection.run(statements.map { PipelineItem(sql: $0, role: self.role) })
    }
}
