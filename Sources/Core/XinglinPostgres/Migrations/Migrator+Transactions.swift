internal import CLibPQ
internal import XinglinKit

extension Migrator {
    var owner: String { "\(self.rolePrefix)_owner" }

    /// One migrator at a time: the next one waits here and then finds nothing to do.
    func exclusively<Result>(on connection: Connection, _ body: () throws -> Result) throws -> Result {
        let key: SQL = "SELECT pg_advisory_lock(4852471296141871982)"
        let before = try connection.query(
            """
            SELECT current_setting('lock_timeout'), current_setting('statement_timeout'),
                current_setting('idle_in_transaction_session_timeout')
            """
        ).first(as: (String, String, String).self)
        try connection.script(
            "SET lock_timeout = '10min'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        _ = try connection.query(key)
        try connection.script("SET lock_timeout = '30s'; SET ROLE \(SQLText.identifier(self.owner))")
        defer {
            // Where this fails the connection is broken, and with it the lock and the settings are gone.
            try? connection.script("RESET ROLE; SELECT pg_advisory_unlock(4852471296141871982)")
            if let (lock, statement, idle) = before {
                try? connection.script(
                    """
                    SET lock_timeout = \(SQLText.literal(lock)); SET statement_timeout = \(SQLText.literal(statement));
                    SET idle_in_transaction_session_timeout = \(SQLText.literal(idle))
                    """)
            }
        }
        return try body()
    }

    /// Reads as the owner where the login may: the migrator's login inherits nothing. The host's login has its own right
    /// to read the bookkeeping.
    func reading<Result>(on connection: Connection, _ body: () throws -> Result) throws -> Result {
        let isMember = try connection.query(
            "SELECT FROM pg_roles WHERE rolname = \(self.owner) AND pg_has_role(oid, 'MEMBER')")
        guard !isMember.isEmpty else { return try body() }
        try connection.script("SET ROLE \(SQLText.identifier(self.owner))")
        defer { try? connection.script("RESET ROLE") }
        return try body()
    }

    /// Runs the body in one transaction, as the owner. What fails is reported under the module's name.
    func asOwner(_ connection: Connection, module: String, name: String, _ body: () throws -> Void) throws {
        do {
            try connection.script("BEGIN; SET LOCAL ROLE \(SQLText.identifier(self.owner))")
            try body()
            guard PQtransactionStatus(connection.raw) == PQTRANS_INTRANS else {
                throw MigrationError(module: module, name: name, reason: "its transaction failed or was ended inside")
            }
            try connection.script("COMMIT")
        } catch {
            // A rollback that fails breaks the connection, which the caller then sees.
            if !connection.isBroken, !connection.isIdle { try? connection.script("ROLLBACK") }
            throw Self.report(error, module: module, name: name)
        }
    }

    /// The bookkeeping is older than the first migration, so the migrator makes it itself.
    func createBookkeeping(_ connection: Connection) throws {
        try self.asOwner(connection, module: "host", name: "") {
            try connection.script(
                """
                CREATE SCHEMA IF NOT EXISTS host;
                CREATE TABLE IF NOT EXISTS host.migration (
                    module text NOT NULL, name text NOT NULL, checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (module, name));
                CREATE TABLE IF NOT EXISTS host.data_file (
                    module text NOT NULL, name text NOT NULL, sha256 text NOT NULL,
                    loaded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (module, name));
                """)
        }
    }

    /// Applies one migration. Unqualified names mean the module's own schema. EXECUTE runs any number of statements, but
    /// no COMMIT among them: nothing half done can stay.
    func apply(_ migration: Migration, checksum: String, of module: String, _ connection: Connection) throws {
        let schema = SQLText.identifier(module)
        try self.asOwner(connection, module: module, name: migration.name) {
            try connection.script("CREATE SCHEMA IF NOT EXISTS \(schema); SET LOCAL search_path = \(schema), public")
            _ = try connection.query("SELECT set_config('xinglin.migration', \(migration.sql), true)")
            try connection.script("DO 'BEGIN EXECUTE current_setting(''xinglin.migration''); END'")
            try connection.script("SET LOCAL ROLE \(SQLText.identifier(self.owner))")
            _ = try connection.query(
                """
                INSERT INTO host.migration (module, name, checksum)
                VALUES (\(module), \(migration.name), \(checksum))
                """)
        }
    }

    private static func report(_ error: any Error, module: String, name: String) -> any Error {
        switch error {
        case let error as MigrationError: return error
        case let error as DatabaseError where error.kind == .unavailable: return error
        case let error as DatabaseError:
            let place = error.constraint.map { " (\($0))" } ?? ""
            return MigrationError(module: module, name: name, reason: "\(error.sqlState)\(place) \(error.message)")
        case let error as Fault: return MigrationError(module: module, name: name, reason: error.kind.reason)
        default: return MigrationError(module: module, name: name, reason: "\(error)")
        }
    }
}
