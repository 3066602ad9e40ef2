internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Binds the key files to the database that is encrypted with them: the database remembers each key's fingerprint, and the
/// host refuses to start where a key is missing or another one, rather than go on with what it cannot read.
enum KeyGuard {
    private static let prefix = "key/"

    /// Loads the keys, making the first where the database has none yet.
    static func load(_ directory: String, _ connection: Connection) throws -> KeyRing {
        let rows = try connection.query(
            "SELECT name, value FROM host.note WHERE starts_with(name, \(Self.prefix)) ORDER BY name")
        let known = try rows.decode(as: (String, String).self)
        guard try known.isEmpty || KeyRing.exists(directory: directory) else {
            throw Self.failure(
                .init(
                    zh: "\(directory) 中没有这个数据库的密钥文件", en: "the key files of this database are not in \(directory)"))
        }
        let ring = try KeyRing.loadOrCreate(directory: directory)
        for (name, fingerprint) in known {
            guard let id = UInt32(name.dropFirst(Self.prefix.count)), let found = ring.fingerprints[id] else {
                throw Self.failure(
                    .init(
                        zh: "\(directory) 中没有这个数据库的 \(name.dropFirst(Self.prefix.count)) 号密钥",
                        en: "key \(name.dropFirst(Self.prefix.count)) of this database is not in \(directory)"))
            }
            guard found == fingerprint else {
                throw Self.failure(
                    .init(
                        zh: "\(directory) 中的 \(id) 号密钥不是加密这个数据库所用的",
                        en: "key \(id) in \(directory) is not the one this database was encrypted with"))
            }
        }
        for (id, fingerprint) in ring.fingerprints {
            _ = try connection.query(
                """
                INSERT INTO host.note (name, value) VALUES (\(Self.prefix + String(id)), \(fingerprint)) \
                ON CONFLICT (name) DO NOTHING
                """)
        }
        return ring
    }

    static let remedy = LocalizedText(
        zh: "从密钥自己的备份恢复密钥文件夹；没有它就无法读取加密的列",
        en: "restore the folder of keys from its own backup; without it encrypted columns cannot be read")

    private static func failure(_ reason: LocalizedText) -> StartFailure {
        StartFailure(reason, remedy: Self.remedy)
    }
}
