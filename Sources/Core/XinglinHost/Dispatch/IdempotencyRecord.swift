internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// The claim of one idempotency key: scope is principal and site, content is method, site and canonical params.
struct IdempotencyRecord {
    let principal: RecordID
    let site: RecordID?
    let key: String
    let method: String
    let content: SQLBytes
    let now: Timestamp

    init(principal: RecordID, site: RecordID?, key: String, method: String, canonicalParams: String, now: Timestamp)
        throws
    {
        self.principal = principal
        self.site = site
        self.key = key
        self.method = method
        let text = "\(method)\n\(site?.description ?? "")\n\(canonicalParams)"
        self.content = SQLBytes(try SM3.digest(Array(text.utf8)))
        self.now = now
    }

    /// A plain INSERT in front of the work: a second call with the key waits here, and then sees the key used.
    var claim: SQL {
        """
        INSERT INTO host.idempotency (principal_id, site_id, key, method, content_digest, created_at) \
        VALUES (\(self.principal), \(self.site), \(self.key), \(self.method), \(self.content), \(self.now))
        """
    }

    /// The reply, encrypted.
    func seal(_ reply: [UInt8], _ cipher: FieldCipher) throws -> SQLBytes {
        SQLBytes(try cipher.seal(reply, context: self.context))
    }

    /// Keeps the sealed reply with the work's COMMIT, which fails where its key is not the one that seals any more.
    func store(_ sealed: SQLBytes, key sealingKey: UInt32) -> SQL {
        if let site = self.site {
            return """
                UPDATE host.idempotency SET reply = \(sealed) \
                WHERE principal_id = \(self.principal) AND site_id = \(site) AND key = \(self.key) \
                AND host.seals_with(\(Int64(sealingKey)))
                """
        }
        return """
            UPDATE host.idempotency SET reply = \(sealed) \
            WHERE principal_id = \(self.principal) AND site_id IS NULL AND key = \(self.key) \
            AND host.seals_with(\(Int64(sealingKey)))
            """
    }

    /// The reply stored under the key, or nil where there is none after all.
    /// - Throws: `host.idempotencyConflict` where the key was used with other content.
    func storedReply(_ connection: Connection, _ cipher: FieldCipher) throws -> [UInt8]? {
        let sql: SQL =
            if let site = self.site {
                """
                SELECT method, content_digest, reply FROM host.idempotency \
                WHERE principal_id = \(self.principal) AND site_id = \(site) AND key = \(self.key)
                """
            } else {
                """
                SELECT method, content_digest, reply FROM host.idempotency \
                WHERE principal_id = \(self.principal) AND site_id IS NULL AND key = \(self.key)
                """
            }
        let row: (String, SQLBytes, SQLBytes?)? = try connection.query(sql).first()
        guard let (method, content, sealed) = row else { return nil }
        guard content == self.content else {
            throw HostFault.idempotencyConflict.fault(["method": .string(method)])
        }
        guard let sealed else { return nil }
        return try cipher.open(sealed.bytes, context: self.context)
    }

    private var context: String {
        Self.context(principal: self.principal.description, site: self.site?.description ?? "", key: self.key)
    }

    /// What a stored reply is bound to.
    static func context(principal: String, site: String, key: String) -> String {
        "idempotency/\(principal)/\(site)/\(key)"
    }
}
