internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Binds the key files to the database that is encrypted with them: the database remembers each key's fingerprint, and the
/// host refuses to start where a key is missing or another one, rather than go on with what it cannot read.
enum KeyGuard {
    /// Loads the keys, making the first where the database has none yet.
    static func load(_ directory: String, _ connection: Connection) throws -> KeyRing {
        var recorded = try RecordedKeys.read(connection)
        if recorded.active.isEmpty {
            try self.remember(KeyRing.loadOrCreate(directory: directory), connection)
            // Of two hosts that start at once on an empty database one was first; the other's keys are refused here.
            recorded = try RecordedKeys.read(connection)
        }
        let ring = try self.check(directory, recorded)
        // A database of an earlier release does not say which key does what.
        _ = try connection.run(
            [RecordedKeys.keep("current", "\(ring.currentID)"), RecordedKeys.keep("index", "\(ring.indexID)")].map {
                PipelineItem(sql: $0, role: "")
            })
        return ring
    }

    /// The keys of the folder, where they are those of the database. A key that only the folder has is not in use yet.
    static func check(_ directory: String, _ recorded: RecordedKeys) throws -> KeyRing {
        guard try KeyRing.exists(directory: directory) else {
            throw Self.failure(
                .init(
                    zh: "\(directory) 中没有这个数据库的密钥文件", en: "the key files of this database are not in \(directory)"))
        }
        let ring = try KeyRing.load(directory: directory)
        for id in recorded.active {
            guard let found = ring.fingerprints[id] else { throw Self.missing(id, directory) }
            guard found == recorded.keys[id]?.fingerprint else {
                throw Self.failure(
                    .init(
                        zh: "\(directory) 中的 \(id) 号密钥不是加密这个数据库所用的，可能属于另一个数据库",
                        en:
                            "key \(id) in \(directory) is not the one this database was encrypted with: the folder may be "
                            + "that of another database"))
            }
        }
        guard let current = recorded.current, let index = recorded.index else {
            throw Self.failure(.init(zh: "数据库没有登记密钥", en: "the database names no key"))
        }
        return try ring.using(current: current, index: index)
    }

    private static func remember(_ ring: KeyRing, _ connection: Connection) throws {
        let statements = ring.fingerprints.sorted { $0.key < $1.key }.flatMap { id, fingerprint in
            RecordedKeys.remember(
                id, fingerprint: fingerprint,
                madeAt: Timestamp(microseconds: (ring.madeAt[id] ?? 0) * 1_000_000))
        }
        _ = try connection.run((["BEGIN"] + statements + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") })
    }

    private static func missing(_ id: UInt32, _ directory: String) -> StartFailure {
        let path = KeyRing.path(of: id, directory: directory)
        let reason = LocalizedText(
            zh: "\(directory) 中没有这个数据库的 \(id) 号密钥", en: "key \(id) of this database is not in \(directory)")
        guard KeyRing.isPutAside(id, directory: directory) else {
            return Self.failure(reason)
        }
        return StartFailure(
            reason,
            remedy: .init(
                zh: "它在这份数据库备份之后才停用：把 \(path).retired 改名为 \(path)",
                en: "it was retired later than this database was backed up: rename \(path).retired to \(path)"))
    }

    static let remedy = LocalizedText(
        zh: "从密钥自己的备份恢复密钥文件夹；没有它就无法读取加密的列",
        en: "restore the folder of keys from its own backup; without it encrypted columns cannot be read")

    private static func failure(_ reason: LocalizedText) -> StartFailure {
        StartFailure(reason, remedy: Self.remedy)
    }
}
