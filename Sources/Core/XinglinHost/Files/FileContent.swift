internal import XinglinCrypto
internal import XinglinKit

/// The content of a file: a large object of sealed blocks, each of 256 KiB of the file, the last one shorter. A block is bound to
/// its file and its place, and its sealed length tells where the next one begins.
struct FileContent {
    let id: RecordID
    let object: Int64
    let cipher: FieldCipher

    static let blockBytes: Int64 = 262_144
    /// The same as it is stored.
    static let sealedBytes = Self.blockBytes + Int64(FieldCipher.overhead)
    /// How many blocks are read at once.
    static let mostBlocks: Int64 = 4

    /// What a block is bound to.
    static func context(_ file: String, _ block: Int64) -> String { "host.file/\(file)/\(block)" }

    /// Reads a part of the file, of which so many bytes are there.
    func bytes(_ range: Range<Int64>, of total: Int64, _ database: Database) throws -> [UInt8] {
        guard !range.isEmpty else { return [] }
        let first = range.lowerBound / Self.blockBytes
        let last = (range.upperBound - 1) / Self.blockBytes
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        let cells = try database.query(Self.read(self.object, first...last), as: Base64Bytes.self)
        for (number, cell) in zip(first...last, cells) {
            let block = try self.open(cell.bytes, number, of: total)
            let start = number * Self.blockBytes
            let from = Int(max(range.lowerBound - start, 0))
            let to = Int(min(range.upperBound - start, Int64(block.count)))
            bytes += block[from..<to]
        }
        guard bytes.count == range.count else { throw Damaged(file: self.id) }
        return bytes
    }

    /// Reads the file from a place on, a block at a time.
    func each(from start: Int64 = 0, of total: Int64, _ database: Database, _ body: ([UInt8]) throws -> Void) throws {
        var offset = start
        while offset < total {
            let end = min(total, (offset / Self.blockBytes + Self.mostBlocks) * Self.blockBytes)
            let part = try self.bytes(offset..<end, of: total, database)
            var place = 0
            while place < part.count {
                let inBlock = Int(Self.blockBytes - (offset + Int64(place)) % Self.blockBytes)
                let next = min(part.count, place + inBlock)
                try body(Array(part[place..<next]))
                place = next
            }
            offset = end
        }
    }

    /// Writes bytes behind those that are there: a last block that is not full is sealed anew with what follows.
    func append(_ bytes: [UInt8], at received: Int64, _ database: Database) throws {
        guard !bytes.isEmpty else { return }
        let number = received / Self.blockBytes
        let start = number * Self.blockBytes
        var rest = try self.bytes(start..<received, of: received, database)[...] + bytes
        var sealed: [UInt8] = []
        sealed.reserveCapacity(rest.count + 4 * FieldCipher.overhead)
        var block = number
        while !rest.isEmpty {
            sealed += try self.cipher.seal(
                Array(rest.prefix(Int(Self.blockBytes))), context: Self.context(self.id.description, block))
            rest = rest.dropFirst(Int(Self.blockBytes))
            block += 1
        }
        try database.execute(Self.write(self.object, at: number * Self.sealedBytes, sealed))
    }

    private func open(_ sealed: [UInt8], _ number: Int64, of total: Int64) throws -> [UInt8] {
        let block = try self.cipher.open(sealed, context: Self.context(self.id.description, number))
        // A last block that was written when the file was shorter would open just as well.
        guard Int64(block.count) == min(Self.blockBytes, total - number * Self.blockBytes) else {
            throw Damaged(file: self.id)
        }
        return block
    }

    static func read(_ object: Int64, _ blocks: ClosedRange<Int64>) -> SQL {
        """
        SELECT host.read_object(\(object)::bigint::oid, number * \(Self.sealedBytes), \(Self.sealedBytes)::integer)
        FROM generate_series(\(blocks.lowerBound)::bigint, \(blocks.upperBound)::bigint) AS block (number) ORDER BY number
        """
    }

    static func write(_ object: Int64, at place: Int64, _ sealed: [UInt8]) -> SQL {
        "SELECT host.write_object(\(object)::bigint::oid, \(place), \(Base64.encode(sealed)))"
    }

    /// The content is not what the row says: something changed it past the host.
    struct Damaged: Error, CustomStringConvertible {
        let file: RecordID
        var description: String { "the content of file \(self.file) is damaged" }
    }
}

/// Bytes from base64 text, read straight from the driver's memory.
struct Base64Bytes: SQLDecodable {
    let bytes: [UInt8]

    static func decode(cell: UnsafeRawBufferPointer?) throws -> Base64Bytes {
        guard let cell, let bytes = Base64.decode(lines: cell) else {
            throw DatabaseError(kind: .decoding, message: "a column does not hold base64 text")
        }
        return Base64Bytes(bytes: bytes)
    }
}
