internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// The blocks of files, which lie sealed in large objects and not in a column: counted by key, and sealed anew block by block
/// beside a host that goes on writing. The file's row is locked meanwhile, as an upload locks it.
struct SealedFiles {
    let database: KeyDatabase

    static let name = "host.file.content"

    private static let attempts = 10

    /// How many blocks each key seals.
    func counts() throws -> [KeyInventory.Count] {
        let rows = try self.database.connection.query(
            """
            SELECT CASE WHEN octet_length(head) = 5 AND get_byte(head, 0) = 1
                THEN encode(substring(head FROM 2 FOR 4), 'hex') ELSE '' END, count(*)
            FROM (SELECT lo_get(object, number * \(FileContent.sealedBytes), 5) AS head
                FROM host.file, generate_series(0::bigint, (received - 1) / \(FileContent.blockBytes)) AS block (number)
                WHERE object IS NOT NULL AND received > 0) AS one
            GROUP BY 1 ORDER BY 1
            """
        ).decode(as: (String, Int).self)
        return rows.map { KeyInventory.Count(place: Self.name, key: UInt32($0, radix: 16), values: $1) }
    }

    /// Goes once over every block that is not under the current key.
    func pass(_ cipher: FieldCipher, current: UInt32, _ progress: (Int) -> Void) throws -> Resealing.Outcome {
        var outcome = Resealing.Outcome()
        let files = try self.database.connection.query(
            "SELECT file_id FROM host.file WHERE object IS NOT NULL AND received > 0 ORDER BY file_id"
        ).decode(as: RecordID.self)
        for file in files {
            for number in try self.blocks(of: file, notUnder: current) {
                try self.patiently { try self.reseal(number, of: file, cipher, current, &outcome) }
                progress(1)
            }
        }
        return outcome
    }

    private func blocks(of file: RecordID, notUnder current: UInt32) throws -> [Int64] {
        try self.database.connection.query(
            """
            SELECT number
            FROM host.file, generate_series(0::bigint, (received - 1) / \(FileContent.blockBytes)) AS block (number)
            WHERE file_id = \(file) AND object IS NOT NULL
                AND lo_get(object, number * \(FileContent.sealedBytes), 5) <> \(prefixOf: current)
            ORDER BY number
            """
        ).decode(as: Int64.self)
    }

    private func reseal(
        _ number: Int64, of file: RecordID, _ cipher: FieldCipher, _ current: UInt32, _ outcome: inout Resealing.Outcome
    ) throws {
        let connection = self.database.connection
        try connection.script("BEGIN")
        do {
            let place = number * FileContent.sealedBytes
            let locked = try connection.query("SELECT object::bigint FROM host.file WHERE file_id = \(file) FOR UPDATE")
            guard let object = try locked.first(as: Int64?.self) ?? nil else {
                // Deleted meanwhile.
                outcome.changed += 1
                return try connection.script("ROLLBACK")
            }
            let cell: Base64Bytes? = try connection.query(
                """
                SELECT encode(lo_get(\(object)::bigint::oid, \(place)::bigint, \(FileContent.sealedBytes)::integer), \
                'base64')
                """
            ).first()
            let sealed = cell?.bytes ?? []
            let context = FileContent.context(file.description, number)
            // Why it cannot be opened does not matter: it is left as it is, counted and reported.
            if FieldCipher.keyID(of: sealed) == current {
                outcome.changed += 1
            } else if let plain = try? cipher.open(sealed, context: context) {
                let anew = Base64.encode(try cipher.seal(plain, context: context))
                _ = try connection.query(
                    "SELECT lo_put(\(object)::bigint::oid, \(place)::bigint, decode(\(anew), 'base64'))")
                outcome.resealed += 1
            } else {
                outcome.unreadable += 1
            }
            try connection.script("COMMIT")
        } catch let error {
            if !connection.isBroken, !connection.isIdle { try connection.script("ROLLBACK") }
            throw error
        }
    }

    /// A lock held by the host's own work ends by itself.
    private func patiently(_ body: () throws -> Void) throws {
        for _ in 1..<Self.attempts {
            do {
                return try body()
            } catch let error as DatabaseError where error.kind == .retry || error.kind == .lockTimeout {
                continue
            }
        }
        try body()
    }
}
