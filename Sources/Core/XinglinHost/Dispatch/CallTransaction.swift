internal import XinglinKit
internal import XinglinPostgres

/// The database's side of one call.
///
/// A write is two flushes: BEGIN, the idempotency claim, role and site ride in front of the method's first statements;
/// audit, stored reply and COMMIT go together at the end. A read needs no BEGIN: each flush is one implicit, read-only
/// transaction with its settings in front.
final class CallTransaction: DatabaseSession {
    /// The idempotency key was used before.
    struct KeyUsed: Error {}
    /// The connection broke after COMMIT had been sent.
    struct OutcomeUnknown: Error {
        let backendPID: Int32
    }

    /// What the transaction runs under.
    struct Scope {
        let role: String
        let site: RecordID?
        let readable: [RecordID]
        let isReadOnly: Bool
        let timeoutMilliseconds: Int64
    }

    private let connection: Connection
    private let claim: SQL?
    private var scope: Scope
    private var isOpen = false
    private var savepoints = 0

    init(_ connection: Connection, scope: Scope, claim: SQL?) {
        self.connection = connection
        self.scope = scope
        self.claim = claim
    }

    func run(_ statements: [SQL]) throws -> [Rows] {
        let opening = self.opening()
        let role = self.scope.role
        let results = try self.send(opening + statements.map { PipelineItem(sql: $0, role: role) })
        return Array(results[opening.count...])
    }

    /// Ends the transaction with the host's own statements and COMMIT in one flush.
    /// - Throws: `OutcomeUnknown` where the connection broke in it.
    func commit(_ closing: [SQL]) throws {
        let role: SQL = "SELECT set_config('role', 'none', true)"
        let items = self.opening() + ([role] + closing + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") }
        let backend = self.connection.backendPID
        do {
            _ = try self.send(items)
        } catch let error as DatabaseError where error.kind == .unavailable {
            throw OutcomeUnknown(backendPID: backend)
        }
        self.isOpen = false
    }

    /// Rolls back, and then runs the host's own statements in a transaction of their own: the audit of a refusal.
    func rollBack(then closing: [SQL] = []) throws {
        let rollback: [SQL] = self.isOpen ? ["ROLLBACK"] : []
        self.isOpen = false
        let items = (rollback + closing).map { PipelineItem(sql: $0, role: "") }
        if !items.isEmpty { _ = try self.connection.run(items) }
    }

    /// Runs another module's work in a savepoint under its role, and comes back to this one's.
    func nested<Value>(role: String, _ body: () throws -> Value) throws -> Value {
        let outer = self.scope
        self.savepoints += 1
        defer { self.savepoints -= 1 }
        let name = "call_\(self.savepoints)"
        // The transaction opens under the caller's role, for that is what ROLLBACK TO comes back to.
        let front = self.explicitOpening()
        try self.control(["SAVEPOINT \(savepoint: name)", Self.setRole(role)], after: front)
        self.scope = Scope(
            role: role, site: outer.site, readable: outer.readable, isReadOnly: outer.isReadOnly,
            timeoutMilliseconds: outer.timeoutMilliseconds)
        do {
            let value = try body()
            // RELEASE keeps the callee's role, so it is set back by hand.
            try self.control(["RELEASE SAVEPOINT \(savepoint: name)", Self.setRole(outer.role)])
            self.scope = outer
            return value
        } catch {
            // ROLLBACK TO restores the role as well.
            self.scope = outer
            try self.control(["ROLLBACK TO SAVEPOINT \(savepoint: name)", "RELEASE SAVEPOINT \(savepoint: name)"])
            throw error
        }
    }

    private func control(_ statements: [SQL], after front: [PipelineItem] = []) throws {
        _ = try self.send(front + statements.map { PipelineItem(sql: $0, role: "") })
    }

    private func send(_ items: [PipelineItem]) throws -> [Rows] {
        do {
            return try self.connection.run(items)
        } catch  where error.constraint == "idempotency_key_used" {
            throw KeyUsed()
        }
    }

    /// What goes in front of the next statements.
    private func opening() -> [PipelineItem] {
        if self.isOpen { return [] }
        if self.scope.isReadOnly { return [PipelineItem(sql: self.settings(), role: "")] }
        return self.explicitOpening()
    }

    private func explicitOpening() -> [PipelineItem] {
        if self.isOpen { return [] }
        self.isOpen = true
        let claims: [SQL] = self.claim.map { [$0] } ?? []
        return (["BEGIN"] + claims + [self.settings()]).map { PipelineItem(sql: $0, role: "") }
    }

    private func settings() -> SQL {
        let site = self.scope.site?.description ?? ""
        let readable = self.scope.readable.isEmpty ? "" : self.scope.readable.sqlText
        let timeout = String(self.scope.timeoutMilliseconds)
        if self.scope.isReadOnly {
            return """
                SELECT set_config('role', \(self.scope.role), true), set_config('xinglin.site', \(site), true), \
                set_config('xinglin.readable_sites', \(readable), true), \
                set_config('statement_timeout', \(timeout), true), set_config('transaction_read_only', 'on', true)
                """
        }
        return """
            SELECT set_config('role', \(self.scope.role), true), set_config('xinglin.site', \(site), true), \
            set_config('xinglin.readable_sites', \(readable), true), set_config('statement_timeout', \(timeout), true)
            """
    }

    private static func setRole(_ role: String) -> SQL { "SELECT set_config('role', \(role), true)" }
}

extension SQL.StringInterpolation {
    /// Savepoint names cannot be bound; these are made here from a counter.
    fileprivate mutating func appendInterpolation(savepoint name: String) {
        self.appendLiteral(name)
    }
}
