internal import CLibPQ
public import XinglinKit

extension Connection {
    /// Runs many statements at once, without parameters or results: migrations and set-up.
    /// - Throws: the first failure; what follows it is not run.
    public func script(_ sql: String) throws(DatabaseError) {
        guard !sql.utf8.contains(0) else { throw .nulCharacter }
        try self.enterHostScope()
        try self.execute(sql)
    }

    /// - Returns: the first value of the last rows, where there are any.
    @discardableResult
    func execute(_ sql: String) throws(DatabaseError) -> String? {
        try self.ensureUsable()
        // Not PQexec: it would wait for ever for a server that hangs.
        guard PQsendQuery(self.raw, sql) == 1 else { throw DatabaseError.unavailable(self.raw) }
        self.flush()
        var failure: DatabaseError?
        var value: String?
        while let result = try self.nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: continue
            case PGRES_TUPLES_OK:
                // A result may have no column at all: SELECT FROM ….
                guard PQntuples(result) > 0, PQnfields(result) > 0 else { continue }
                value = PQgetvalue(result, 0, 0).map { String(cString: $0) }
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                self.isDesynchronised = true
                throw DatabaseError(kind: .other, message: "COPY is not supported here")
            default: failure = failure ?? DatabaseError(result: result, connectionLost: self.isBroken)
            }
        }
        guard let failure else { return value }
        if failure.kind == .unavailable { self.isDesynchronised = true }
        throw failure.ofHost
    }

    /// Runs one statement by itself.
    public func query(_ sql: SQL) throws(DatabaseError) -> Rows {
        guard let rows = try self.run([PipelineItem(sql: sql, role: "")]).first else {
            throw DatabaseError(kind: .other, message: "no result")
        }
        return rows
    }

    /// Takes the session back from the scope of the last call, so that the host's own statements never run in it.
    func enterHostScope() throws(DatabaseError) {
        guard self.scope != .host, self.isIdle else { return }
        // Past the deadline of the call that left it; whatever follows sets its own.
        let host = SessionScope.host
        try self.execute(
            """
            SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; \
            SET role = \(host.role); SET xinglin.site = ''; SET xinglin.readable_sites = ''; \
            SET statement_timeout = \(host.timeout)
            """)
        self.scope = host
    }

    /// Refuses a dead connection, and waits for a cancel under way: it must not hit what is sent next.
    func ensureUsable() throws(DatabaseError) {
        guard !self.isBroken else { throw DatabaseError(kind: .unavailable, message: "the connection is broken") }
        guard !Interruption.stops else { throw DatabaseError(kind: .cancelled, message: "interrupted") }
        self.canceller.settle()
    }
}

extension DatabaseError {
    /// PostgreSQL's text cannot hold it, and libpq would silently end the value there.
    static let nulCharacter = DatabaseError(
        kind: .other, sqlState: "22021", message: "a value holds the character U+0000")
}
