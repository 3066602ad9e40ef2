internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// What is found out about a restored database, beside the counts.
struct BackupChecks {
    let connection: Connection

    /// How many values of each column are opened.
    static let sample = 200

    /// How many constraints there are.
    /// - Throws: `StartFailure` where one is not validated, or an index is not valid.
    func constraints() throws -> Int {
        let bad = try self.connection.query(
            """
            SELECT conname FROM pg_constraint WHERE NOT convalidated
            UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)
            """
        ).decode(as: String.self)
        guard bad.isEmpty else {
            throw Self.failure(
                .init(
                    zh: "约束或索引无效：\(bad.joined(separator: ", "))",
                    en: "constraints or indexes that are not valid: \(bad.joined(separator: ", "))"))
        }
        return try self.connection.query(
            """
            SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
            WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
            """
        ).first(as: Int.self) ?? 0
    }

    /// How many audit rows were checked.
    /// - Throws: `StartFailure` where the audit is not as it was written.
    func audit() throws -> Int {
        let found = try AuditVerifier.verify(self.connection)
        guard found.isClean else {
            throw Self.failure(
                .init(
                    zh: "审计记录校验不通过，请在原数据库运行 xinglin audit verify",
                    en: "the audit does not verify; run xinglin audit verify on the original"))
        }
        return found.rows + found.waiting
    }

    /// Opens a sample of every sealed column, and makes its blind indexes anew where the value itself is indexed. Gives how many
    /// values were opened.
    /// - Throws: `StartFailure` where one cannot be opened.
    func sealedValues(_ ring: KeyRing, _ stores: [SealedStore]) throws -> Int {
        let cipher = FieldCipher(ring)
        var opened = 0
        for store in stores {
            var (same, other) = (0, 0)
            let rows = try self.connection.query(
                """
                SELECT \(store.column), \(store.index?.column ?? store.column), \(texts: store.identity) FROM \(store.table)
                WHERE \(store.column) IS NOT NULL LIMIT \(Self.sample)
                """)
            for cells in rows.text {
                guard let sealed = cells[0].flatMap({ SQLBytes(sqlText: $0) }),
                    let plain = try? cipher.open(
                        sealed.bytes, context: try store.context(cells[2...].map { $0 ?? "" }))
                else {
                    throw Self.failure(
                        .init(
                            zh: "\(store.name) 中有密文无法用现有密钥解密",
                            en: "a value of \(store.name) cannot be opened with the keys"))
                }
                opened += 1
                guard let index = store.index, let stored = cells[1].flatMap({ SQLBytes(sqlText: $0) }) else {
                    continue
                }
                let made = try cipher.blindIndex(String(decoding: plain, as: UTF8.self), context: index.context)
                made == stored.bytes ? (same += 1) : (other += 1)
            }
            // An index is made of the value as it is stored, or of a form that only the module knows: never of one here and the
            // other there.
            guard same == 0 || other == 0 else {
                throw Self.failure(
                    .init(
                        zh: "\(store.name) 的盲索引与密钥不符", en: "the blind index of \(store.name) was made with another key")
                )
            }
        }
        return opened
    }

    private static func failure(_ reason: LocalizedText) -> StartFailure {
        StartFailure(reason, remedy: .init(zh: "请改用另一份备份", en: "use another backup"))
    }
}
