internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Counts the sealed values of each key.
struct KeyInventory {
    let database: KeyDatabase
    let stores: [SealedStore]

    /// How many values of a column were sealed with a key.
    struct Count: Sendable, Hashable {
        let place: String
        /// nil where the values are not in the form of sealed ones.
        let key: UInt32?
        let values: Int
    }

    /// Every column that is declared, and the content of files, key by key.
    func declared() throws -> [Count] {
        try self.database.reading {
            try self.stores.flatMap { try self.count($0.table, $0.column, place: $0.name, strictly: false) }
                + SealedFiles(database: self.database).counts()
        }
    }

    /// Columns that nobody declares here and that hold what was sealed with one of the keys: those of a module that is not
    /// loaded, or that forgot to name them.
    func undeclared(_ keys: some Collection<UInt32>) throws -> [Count] {
        let known = Set(self.stores.map(\.name))
        let rows = try self.database.connection.query(
            """
            SELECT n.nspname::text, c.relname::text, a.attname::text
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE a.atttypid = 'bytea'::regtype AND NOT a.attisdropped AND c.relkind = 'r'
                AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
                AND (n.nspname = 'host' OR EXISTS (SELECT FROM host.migration WHERE module = n.nspname))
            ORDER BY 1, 2, 3
            """
        ).decode(as: (String, String, String).self)
        return try self.database.reading {
            try rows.filter { !known.contains("\($0).\($1).\($2)") }.flatMap { schema, table, column in
                try self.count(
                    SQLName(schema, table), SQLName(column), place: "\(schema).\(table).\(column)", strictly: true)
            }
        }.filter { count in count.key.map { keys.contains($0) } ?? false }
    }

    /// - Parameter strictly: whether values that are not sealed are left out.
    private func count(_ table: SQLName, _ column: SQLName, place: String, strictly: Bool) throws -> [Count] {
        let rows = try self.database.connection.query(
            """
            SELECT CASE WHEN octet_length(\(column)) >= \(FieldCipher.overhead) AND get_byte(\(column), 0) = 1
                THEN encode(substring(\(column) FROM 2 FOR 4), 'hex') ELSE '' END, count(*)
            FROM \(table) WHERE \(column) IS NOT NULL GROUP BY 1 ORDER BY 1
            """
        ).decode(as: (String, Int).self)
        return rows.map { Count(place: place, key: UInt32($0, radix: 16), values: $1) }
            .filter { !strictly || $0.key != nil }
    }
}
