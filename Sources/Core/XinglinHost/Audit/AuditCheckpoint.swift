internal import XinglinCrypto
public import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// A signed statement of where all chains stood at an instant. docs/audit.md has its form for outsiders.
public struct AuditCheckpoint: Sendable {
    /// Where a chain stood.
    public struct Head: Sendable, Hashable {
        /// The site's id, or the zero uuid for the host's own chain.
        public let chain: RecordID
        /// The site's code; nil for the host's own chain.
        public let site: String?
        /// How many links the chain had.
        public let number: Int64
        /// The last of them, hexadecimal.
        public let link: String
    }

    /// 1, 2, 3, …
    public let number: Int64
    public let at: Timestamp
    /// The number of links, over all chains.
    public let total: Int64
    /// The id of the database.
    public let database: String
    public let heads: [Head]
    /// The digest of the checkpoint before it; 64 zeros for the first.
    public let previous: String
    /// The fingerprint of the key that signed it.
    public let key: String
    /// The text that was signed.
    public let body: String
    /// SM3 of the body, hexadecimal.
    public let digest: String
    /// SM2 (DER).
    public let signature: [UInt8]

    static let format = "xinglin-audit-checkpoint-1"
    static let beginning = String(repeating: "0", count: 64)

    /// Reads a body as it was signed.
    /// - Returns: nil where it is not a body, or not in its canonical form.
    init?(body: String, signature: [UInt8]) throws {
        guard let tree = try? JSONReader.parse(Array(body.utf8)), tree.canonicalText == body,
            tree["format"]?.stringValue == Self.format, let number = tree["number"]?.integerValue,
            let at = tree["at"]?.stringValue.flatMap({ Timestamp($0) }), let total = tree["total"]?.integerValue,
            let database = tree["database"]?.stringValue, let previous = tree["previous"]?.stringValue,
            let key = tree["key"]?.stringValue, let chains = tree["chains"]?.arrayValue
        else { return nil }
        let heads = chains.compactMap(Head.init)
        guard heads.count == chains.count, total == heads.reduce(Int64(0), { $0.clampedSum($1.number) }) else {
            return nil
        }
        self.number = number
        self.at = at
        self.total = total
        self.database = database
        self.heads = heads
        self.previous = previous
        self.key = key
        self.body = body
        self.digest = try SM3.hex(Array(body.utf8))
        self.signature = signature
    }
}

extension AuditCheckpoint.Head {
    init?(_ tree: JSONValue) {
        guard let chain = tree["chain"]?.stringValue.flatMap({ RecordID($0) }), let link = tree["link"]?.stringValue,
            link.utf8.count == 64, let number = tree["number"]?.integerValue, number > 0
        else { return nil }
        self.init(chain: chain, site: tree["site"]?.stringValue, number: number, link: link)
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "chain": .string(self.chain.description), "number": .integer(self.number), "link": .string(self.link),
        ]
        members["site"] = self.site.map { .string($0) }
        return .object(members)
    }
}

// MARK: - Making one

extension AuditCheckpoint {
    /// Signs the heads as they stand, behind the last checkpoint. Only whoever holds the sealer's lock may.
    static func next(_ connection: Connection, key: SigningKey, now: Timestamp) throws -> AuditCheckpoint {
        let last: (Int64, Cell<String>)? = try connection.query(
            "SELECT number, encode(digest, 'hex') FROM host.audit_checkpoint ORDER BY number DESC LIMIT 1"
        ).first()
        guard last?.0 ?? 0 < AuditLink.last else { throw Self.damaged("the number of the audit's last checkpoint") }
        // A chain at which sealing stopped is left out, so that the others are vouched for; the checkpoints before name it.
        let heads: [(RecordID, String?, Int64, String)] = try connection.query(
            """
            SELECT h.chain, s.code, h.number, encode(h.link, 'hex')
            FROM host.audit_heads() h LEFT JOIN host.site s ON s.site_id = h.chain
            WHERE h.number BETWEEN 1 AND \(AuditLink.last - 1) AND octet_length(h.link) = 32 ORDER BY h.chain
            """
        ).decode()
        let chains = heads.map { Head(chain: $0, site: $1, number: $2, link: $3) }
        let total = chains.reduce(Int64(0)) { $0.clampedSum($1.number) }
        let body: JSONValue = [
            "at": .string(now.description), "chains": .array(chains.map(\.json)),
            "database": .string(try Self.databaseID(connection)), "format": .string(Self.format),
            "key": .string(key.verifying.fingerprint), "number": .integer((last?.0 ?? 0) + 1),
            "previous": .string(last?.1.value ?? Self.beginning), "total": .integer(total),
        ]
        let text = body.canonicalText
        guard let checkpoint = try AuditCheckpoint(body: text, signature: try key.sign(Array(text.utf8))) else {
            throw Self.damaged("the heads of the audit's chains")
        }
        return checkpoint
    }

    private static func damaged(_ what: String) -> DatabaseError {
        DatabaseError(kind: .decoding, message: "damaged: \(what); run xinglin audit verify")
    }

    /// The id that tells this database's checkpoints from others'.
    static func databaseID(_ connection: Connection) throws -> String {
        try connection.query("SELECT value FROM host.note WHERE name = 'audit/database'")
            .first(as: Cell<String>.self)?.value ?? ""
    }

    var insert: SQL {
        """
        INSERT INTO host.audit_checkpoint (number, at, total, body, digest, key, signature) \
        VALUES (\(self.number), \(self.at), \(self.total), \(self.body), decode(\(self.digest), 'hex'), \(self.key), \
        \(SQLBytes(self.signature)))
        """
    }
}
