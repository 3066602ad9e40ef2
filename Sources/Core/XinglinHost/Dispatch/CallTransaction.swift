internal import XinglinKit
internal import XinglinPostgres

/// The database's side of one call.
///
/// A write is two flushes: BEGIN, the idempotency claim, role and site ride in front of the method's first statements;
/// audit, stored reply and COMMIT go together at the end. A read needs no BEGIN: each flush is one implicit, read-only
/// transaction. Role, site and time limit are the session's, and are sent only where the call before had others.
final class CallTransaction: DatabaseSession {
    /// The idempotency key was used before.
    struct KeyUsed: Error {}
    /// The connection broke after COMMIT had been sent.
    struct OutcomeUnknown: Error {
        let session: SessionIdentity
    }

    /// What the transaction runs under.
    struct Scope {
        let role: String
        let site: RecordID?
        let readable: [RecordID]
        let isReadOnly: Bool
        /// When the call must be done.
        let deadline: ContinuousClock.Instant
    }

    private let connection: Connection
    private let claim: SQL?
    private var scope: Scope
    private var isOpen = false
    private var savepoints = 0
    /// What `statement_timeout` is in the open transaction.
    private var timeout: Int64 = 0
    /// What the session goes back to if the open transaction is rolled back.
    private var scopeBefore = SessionScope.host
    /// A module may catch the error that says so; the replay stands all the same.
    private var keyWasUsed = false

    /// How long after its deadline a statement may still answer before its connection is given up.
    static let grace = Duration.seconds(2)
    /// How long a rollback may take.
    private static let rollbackPatience = Duration.seconds(5)

    init(_ connection: Connection, scope: Scope, claim: SQL?) {
        self.connection = connection
        self.scope = scope
        self.claim = claim
    }

    func run(_ statements: [SQL]) throws -> [Rows] {
        let opening = try self.opening()
        let role = self.scope.role
        let results = try self.send(opening, statements.map { PipelineItem(sql: $0, role: role) })
        return Array(results[opening.items.count...])
    }

    /// Ends the transaction with the host's own statements and COMMIT in one flush.
    /// - Throws: `OutcomeUnknown` where the connection broke in it.
    func commit(_ closing: [SQL]) throws {
        let items = ([Self.setRole("none")] + closing + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") }
        let opening = try self.opening()
        let session = self.connection.identity
        do {
            _ = try self.send(opening, items)
        } catch let error as DatabaseError where error.kind == .unavailable {
            throw OutcomeUnknown(session: session)
        }
        self.isOpen = false
    }

    /// Rolls back, and then runs the host's own statements in a transaction of their own: the audit of a refusal.
    func rollBack(then closing: [SQL] = []) throws {
        self.connection.giveUpAt = .now + Self.rollbackPatience
        if self.isOpen {
            self.isOpen = false
            _ = try self.connection.runInScope([PipelineItem(sql: "ROLLBACK", role: "")])
            self.connection.scope = self.scopeBefore
        }
        let items = closing.map { PipelineItem(sql: $0, role: "") }
        if !items.isEmpty { _ = try self.connection.run(items) }
    }

    /// Runs another module's work in a savepoint under its role, and comes back to this one's.
    func nested<Value>(role: String, _ body: () throws -> Value) throws -> Value {
        let outer = self.scope
        self.savepoints += 1
        defer { self.savepoints -= 1 }
        let name = "call_\(self.savepoints)"
        // The transaction opens under the caller's role, for that is what ROLLBACK TO comes back to.
        let left = try self.timeLeft()
        let front = self.isOpen ? Opening() : self.explicitOpening(left)
        try self.control(["SAVEPOINT \(savepoint: name)", Self.setRole(role)], after: front)
        self.scope = Scope(
            role: role, site: outer.site, readable: outer.readable, isReadOnly: outer.isReadOnly,
            deadline: outer.deadline)
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

    /// Runs a module's look at the data: under its role, read-only, in a savepoint that is always rolled back.
    func looking<Value>(role: String, readable: [RecordID], _ body: () throws -> Value) throws -> Value {
        let outer = self.scope
        self.savepoints += 1
        defer { self.savepoints -= 1 }
        let name = "call_\(self.savepoints)"
        let left = try self.timeLeft()
        let look: SQL = """
            SELECT set_config('role', \(role), true), set_config('xinglin.readable_sites', \(readable), true), \
            set_config('transaction_read_only', 'on', true)
            """
        try self.control(
            ["SAVEPOINT \(savepoint: name)", look], after: self.isOpen ? Opening() : self.explicitOpening(left))
        self.scope = Scope(
            role: role, site: outer.site, readable: readable, isReadOnly: true, deadline: outer.deadline)
        let outcome = Result { try body() }
        self.scope = outer
        // It restores role, sites and writing as well.
        try self.control(["ROLLBACK TO SAVEPOINT \(savepoint: name)", "RELEASE SAVEPOINT \(savepoint: name)"])
        return try outcome.get()
    }

    private func control(_ statements: [SQL], after front: Opening = Opening()) throws {
        _ = try self.send(front, statements.map { PipelineItem(sql: $0, role: "") })
    }

    /// The milliseconds until the deadline. Beyond it and a little more, whatever the server does, the call is answered.
    /// - Throws: `host.deadline` where there are none left; nothing has been committed then.
    private func timeLeft() throws -> Int64 {
        if self.keyWasUsed { throw KeyUsed() }
        let left = (self.scope.deadline - .now).components
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { throw HostFault.deadline.fault() }
        self.connection.giveUpAt = self.scope.deadline + Self.grace
        return milliseconds
    }

    private func send(_ opening: Opening, _ items: [PipelineItem]) throws -> [Rows] {
        do {
            let rows = try self.connection.runInScope(opening.items + items)
            if let entered = opening.enters { self.connection.scope = entered }
            return rows
        } catch {
            if error.constraint == "idempotency_key_used" {
                self.keyWasUsed = true
                throw KeyUsed()
            }
            guard !self.scope.isReadOnly, error.sqlState == DatabaseError.readOnlyState else { throw error }
            // The server takes no writes any more: another one may.
            self.connection.giveUp()
            throw DatabaseMode.readOnly
        }
    }
}

// MARK: - What goes in front

extension CallTransaction {
    /// What goes in front of the next statements, and the scope that the session is in afterwards.
    private struct Opening {
        var items: [PipelineItem] = []
        var enters: SessionScope?

        mutating func add(_ sql: SQL) {
            self.items.append(PipelineItem(sql: sql, role: ""))
        }
    }

    private func opening() throws -> Opening {
        let left = try self.timeLeft()
        guard self.isOpen else {
            return self.scope.isReadOnly ? self.implicitOpening(left) : self.explicitOpening(left)
        }
        var opening = Opening()
        // A second less or more does not matter; a second call with the whole time again would.
        if self.timeout - left > 1000 {
            self.timeout = left
            opening.add("SELECT set_config('statement_timeout', \(String(left)), true)")
        }
        return opening
    }

    /// Each flush of a read is a transaction of its own, read-only by the session's default.
    private func implicitOpening(_ left: Int64) -> Opening {
        var opening = Opening()
        let wanted = self.sessionScope(left)
        guard self.connection.scope != wanted else { return opening }
        opening.add(wanted.settingForRead)
        opening.enters = wanted
        return opening
    }

    private func explicitOpening(_ left: Int64) -> Opening {
        var opening = Opening()
        let wanted = self.sessionScope(left)
        let current = self.connection.scope
        self.isOpen = true
        self.timeout = left
        self.scopeBefore = current
        opening.add(self.scope.isReadOnly ? "BEGIN READ ONLY" : "BEGIN READ WRITE")
        if let claim = self.claim {
            // The table of keys is the host's own.
            if current.role != "none" { opening.add(Self.setRole("none")) }
            opening.add(claim)
            if current == wanted { opening.add(Self.setRole(wanted.role)) }
        }
        if current != wanted {
            opening.add(wanted.setting)
            opening.enters = wanted
        }
        return opening
    }

    /// The time limit is rounded up, so that calls with the usual deadline find the session as they need it.
    private func sessionScope(_ left: Int64) -> SessionScope {
        let step: Int64 = left > 1000 ? 1000 : 100
        return SessionScope(
            role: self.scope.role, site: self.scope.site, readable: self.scope.readable,
            timeout: (left + step - 1) / step * step)
    }

    private static func setRole(_ role: String) -> SQL { "SELECT set_config('role', \(role), true)" }
}

extension SQL.StringInterpolation {
    /// Savepoint names cannot be bound; these are made here from a counter.
    fileprivate mutating func appendInterpolation(savepoint name: String) {
        self.appendLiteral(name)
    }
}
