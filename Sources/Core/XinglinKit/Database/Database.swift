/// The database as a method sees it: one transaction, under the module's role, limited to the readable sites.
public struct Database {
    private let session: any DatabaseSession

    public init(_ session: any DatabaseSession) {
        self.session = session
    }

    /// Runs statements in one round trip, in order, and gives their results.
    /// - Throws: the `otherwise` of the first statement whose expectation fails, or `DatabaseError`.
    @discardableResult
    public func batch(_ statements: [Statement]) throws -> [Rows] {
        let results = try self.session.run(statements.map(\.sql))
        for (statement, rows) in zip(statements, results) where !statement.accepts(rows.affected) {
            throw statement.otherwise
        }
        return results
    }

    /// Runs one statement and gives its rows.
    public func rows(_ sql: SQL) throws -> Rows {
        guard let rows = try self.session.run([sql]).first else { throw DatabaseError.decoding("no result") }
        return rows
    }

    /// Runs one statement and decodes its rows.
    public func query<each Column: SQLDecodable>(
        _ sql: SQL, as type: (repeat each Column).Type = (repeat each Column).self
    ) throws -> [(repeat each Column)] {
        try self.rows(sql).decode(as: type)
    }

    /// Runs one statement and decodes its first row, or gives nil.
    public func first<each Column: SQLDecodable>(
        _ sql: SQL, as type: (repeat each Column).Type = (repeat each Column).self
    ) throws -> (repeat each Column)? {
        try self.rows(sql).first(as: type)
    }

    /// Runs one statement and gives how many rows it changed.
    /// - Throws: `otherwise` where that is not as expected.
    @discardableResult
    public func execute(
        _ sql: SQL, expecting expectation: Statement.Expectation = .any, otherwise: Fault = HostFault.conflict.fault()
    ) throws -> Int {
        try self.batch([Statement(sql, expectation, otherwise: otherwise)])[0].affected
    }
}

/// The driver's side of a transaction.
public protocol DatabaseSession: AnyObject {
    /// Runs the statements in one round trip. After an error the transaction can only be rolled back.
    func run(_ statements: [SQL]) throws -> [Rows]
}
