internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Seals the values of a column anew with the current key, in small transactions beside a host that goes on writing: a value
/// is replaced only where it is still the one that was read, so that nothing newer is overwritten. It may end at any moment;
/// what was done stays done.
struct Resealing {
    let database: KeyDatabase
    let cipher: FieldCipher
    let current: UInt32

    /// What one pass over a column came to.
    struct Outcome {
        var resealed = 0
        /// Values that cannot be opened: altered, moved from another row, or of a lost key.
        var unreadable = 0
        /// Values that somebody else changed meanwhile.
        var changed = 0
    }

    private static let attempts = 10

    /// Goes once over every value that is not under the current key.
    /// - Parameter number: the pass's own.
    func pass(_ store: SealedStore, number: Int, _ progress: (Int) -> Void) throws -> Outcome {
        var outcome = Outcome()
        let rows = SealedRows(connection: self.database.connection, store: store)
        try self.database.inEachScope {
            try rows.each(
                number: number, where: "substring(\(store.column) FROM 1 FOR 5) <> \(prefixOf: self.current)"
            ) { portion in
                try self.reseal(portion, of: store, &outcome)
                progress(portion.count)
            }
        }
        return outcome
    }

    private func reseal(_ rows: [SealedRows.Row], of store: SealedStore, _ outcome: inout Outcome) throws {
        var places: [String] = []
        var former: [SQLBytes] = []
        var sealed: [SQLBytes] = []
        for row in rows {
            let context = try store.context(row.identity)
            guard let value = row.sealed, let plain = self.opened(value, context) else {
                outcome.unreadable += 1
                continue
            }
            places.append(row.place)
            former.append(value)
            sealed.append(SQLBytes(try self.cipher.seal(plain, context: context)))
        }
        if places.isEmpty { return }
        let replaced = try self.patiently(
            """
            UPDATE \(store.table) AS t SET \(store.column) = new.sealed \
            FROM unnest(\(places)::tid[], \(former)::bytea[], \(sealed)::bytea[]) AS new (place, former, sealed) \
            WHERE t.ctid = new.place AND t.\(store.column) = new.former
            """)
        outcome.resealed += replaced
        outcome.changed += places.count - replaced
    }

    private func opened(_ sealed: SQLBytes, _ context: String) -> [UInt8]? {
        // Why it cannot be opened does not matter: it is left as it is, counted and reported.
        try? self.cipher.open(sealed.bytes, context: context)
    }

    /// A deadlock or a lock held by the host's own work ends by itself.
    private func patiently(_ update: SQL) throws -> Int {
        for _ in 1..<Self.attempts {
            do {
                return try self.database.connection.query(update).affected
            } catch {
                guard error.kind == .retry || error.kind == .lockTimeout else { throw error }
            }
        }
        return try self.database.connection.query(update).affected
    }
}
