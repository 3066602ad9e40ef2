internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// The key that this data folder's host signs checkpoints with. Each folder has a key of its own; its public half lies beside
/// the folder of keys, which tells a lost key from one that was never made.
enum CheckpointKey {
    /// - Throws: `StartFailure` where the folder had a key that is gone or is another one now.
    static func prepare(_ folders: HostFolders) throws -> SigningKey {
        let marked = try PublicFile.read(folders.checkpointPublicKey).map { try VerifyingKey(pem: $0) }
        if let key = try SigningKey.load(folders.checkpointKey) {
            guard let marked else {
                try PublicFile.write(key.verifying.pem, to: folders.checkpointPublicKey)
                return key
            }
            guard key.verifying == marked else {
                throw Self.failure(
                    .init(
                        zh: "\(folders.checkpointKey) 与 \(folders.checkpointPublicKey) 不是一对密钥",
                        en: "\(folders.checkpointKey) is not the key that \(folders.checkpointPublicKey) belongs to"),
                    folders)
            }
            return key
        }
        guard marked == nil else {
            throw Self.failure(
                .init(
                    zh: "缺少检查点的签名密钥 \(folders.checkpointKey)",
                    en: "the key that signs checkpoints, \(folders.checkpointKey), is missing"), folders)
        }
        let key = try SigningKey.make(at: folders.checkpointKey)
        try PublicFile.write(key.verifying.pem, to: folders.checkpointPublicKey)
        return key
    }

    /// Makes the public half known in the database, where everybody who verifies finds it.
    static func register(_ key: SigningKey, _ connection: Connection, now: Timestamp) throws {
        _ = try connection.query(
            """
            INSERT INTO host.audit_key (fingerprint, public_key, added_at) \
            VALUES (\(key.verifying.fingerprint), \(SQLBytes(key.verifying.der)), \(now)) ON CONFLICT DO NOTHING
            """)
    }

    private static func failure(_ reason: LocalizedText, _ folders: HostFolders) -> StartFailure {
        StartFailure(
            reason,
            remedy: .init(
                zh: "从密钥自己的备份恢复它；若已丢失，移走 \(folders.checkpointPublicKey)，主机会生成新密钥，旧检查点仍可验证",
                en:
                    "restore it from the backup of the keys; if it is lost, move \(folders.checkpointPublicKey) away: the host "
                    + "then makes a new key, and the old checkpoints can still be verified"))
    }
}
