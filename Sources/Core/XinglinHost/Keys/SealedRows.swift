internal import XinglinKit
internal import XinglinPostgres

/// Reads the rows of a column in portions, through a cursor that outlives its transaction.
struct SealedRows {
    /// A row: where it lies, its value, its blind index where that is asked for, and what its context is made of.
    struct Row {
        let place: String
        let sealed: SQLBytes?
        let index: SQLBytes?
        let identity: [String]
    }

    let connection: Connection
    let store: SealedStore

    /// Hands over the rows that the condition keeps, portion by portion.
    /// - Parameter number: tells the cursors of one connection apart.
    func each(number: Int, where condition: SQL, holding: Bool = true, _ body: ([Row]) throws -> Void) throws {
        let index: SQL = self.store.index.map { "\($0.column)" } ?? "NULL::bytea"
        let head: SQL = "DECLARE sealed_\(number: number) NO SCROLL CURSOR "
        let hold: SQL = holding ? "WITH HOLD " : ""
        _ = try self.connection.query(
            """
            \(head)\(hold)FOR SELECT ctid::text, \(self.store.column), \(index), \(texts: self.store.identity) \
            FROM \(self.store.table) WHERE \(condition)
            """)
        while true {
            let rows = try self.connection.query("FETCH \(number: self.store.portion) FROM sealed_\(number: number)")
            if rows.isEmpty { break }
            try body(rows.text.map(self.row))
        }
        _ = try self.connection.query("CLOSE sealed_\(number: number)")
    }

    private func row(_ cells: [String?]) throws -> Row {
        guard let place = cells[0] else {
            throw DatabaseError(kind: .decoding, message: "a row of \(self.store.name) has no place")
        }
        return Row(
            place: place, sealed: cells[1].flatMap { SQLBytes(sqlText: $0) },
            index: cells[2].flatMap { SQLBytes(sqlText: $0) },
            identity: cells[3...].map { $0 ?? "" })
    }
}

extension SQL.StringInterpolation {
    /// Pastes a statement's part that binds no values.
    mutating func appendInterpolation(_ part: SQL) {
        self.appendLiteral(part.text)
    }
}
