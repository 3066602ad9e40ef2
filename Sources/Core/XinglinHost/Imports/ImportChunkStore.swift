internal import XinglinCrypto
internal import XinglinKit

/// The good lines of an import while they wait, sealed.
struct ImportChunkStore {
    /// Lines of one row.
    struct Chunk {
        let id: RecordID
        let firstLine: Int64
        let lines: [PreparedLine]
    }

    let cipher: FieldCipher

    /// Keeps lines that a check found good.
    func add(_ lines: [PreparedLine], firstLine: Int, to id: RecordID, as chunk: RecordID) throws -> SQL {
        let sealed = try self.cipher.seal(PackedLines.pack(lines), context: Self.context(chunk))
        return """
            INSERT INTO host.import_chunk (chunk_id, import_id, first_line, good, content)
            VALUES (\(chunk), \(id), \(firstLine), \(lines.count), \(SQLBytes(sealed)))
            """
    }

    /// The next rows behind a line, as many as hold that many lines together, and at least one.
    static func next(_ id: RecordID, after line: Int64, lines: Int) -> SQL {
        """
        SELECT chunk_id, first_line, encode(content, 'hex') FROM (
            SELECT chunk_id, first_line, content, good, sum(good) OVER (ORDER BY first_line) AS running
            FROM host.import_chunk WHERE import_id = \(id) AND first_line > \(line)
        ) AS waiting
        WHERE running <= \(lines) OR running = good
        ORDER BY first_line
        """
    }

    /// Reads the rows of `next`.
    func read(_ rows: Rows) throws -> [Chunk] {
        try rows.decode(as: (RecordID, Int64, HexBytes).self).map { id, firstLine, content in
            let packed = try self.cipher.open(content.bytes, context: Self.context(id))
            return Chunk(id: id, firstLine: firstLine, lines: try PackedLines.unpack(packed))
        }
    }

    static func remove(_ chunks: [RecordID]) -> SQL {
        "DELETE FROM host.import_chunk WHERE chunk_id = ANY (\(chunks)::uuid[])"
    }

    /// Keeps keys that were not there; gives those that it kept.
    static func addKeys(_ keys: [RecordID], lines: [Int], of id: RecordID) -> SQL {
        """
        INSERT INTO host.import_key (import_id, digest, line)
        SELECT \(id), digest, line FROM unnest(\(keys)::uuid[], \(lines)::bigint[]) AS one (digest, line)
        ON CONFLICT ON CONSTRAINT import_key_once DO NOTHING RETURNING digest
        """
    }

    /// The lines at which keys stand.
    static func keys(_ keys: [RecordID], of id: RecordID) -> SQL {
        "SELECT digest, line FROM host.import_key WHERE import_id = \(id) AND digest = ANY (\(keys)::uuid[])"
    }

    /// The key of a line as it is kept: half of a keyed digest, so that the table tells nothing of whom it is about.
    func key(_ unique: [UInt8], of id: RecordID) throws -> RecordID {
        let text = SQLBytes(unique).sqlText ?? ""
        let digest = try self.cipher.blindIndex(text, context: "host.import_key.digest/\(id)")
        return RecordID(high: Self.number(digest[0..<8]), low: Self.number(digest[8..<16]))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func context(_ chunk: RecordID) -> String { self.context(chunk.description) }

    /// What a row's content is bound to.
    static func context(_ chunk: String) -> String { "host.import_chunk.content/\(chunk)" }
}

/// Bytes from hexadecimal text, read straight from the driver's memory: a chunk has hundreds of thousands of digits.
struct HexBytes: SQLDecodable {
    let bytes: [UInt8]

    static func decode(cell: UnsafeRawBufferPointer?) throws -> HexBytes {
        func refuse() -> DatabaseError {
            DatabaseError(kind: .decoding, message: "a column does not hold hexadecimal text")
        }
        guard let cell, cell.count.isMultiple(of: 2) else { throw refuse() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cell.count / 2)
        for index in stride(from: 0, to: cell.count, by: 2) {
            guard let high = Self.digit(cell[index]), let low = Self.digit(cell[index + 1]) else { throw refuse() }
            bytes.append(high << 4 | low)
        }
        return HexBytes(bytes: bytes)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
