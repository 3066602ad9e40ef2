public import Logging
public import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// The audit, from the command line: beside a running host, or on a stopped one.
extension HostTasks {
    /// Checks rows, links and checkpoints.
    public static func verifyAudit(
        _ settings: HostSettings, _ check: AuditCheck = AuditCheck(), log: Logger,
        progress: @escaping (AuditProgress) -> Void = { _ in }
    ) throws -> AuditVerification {
        try Self.withAudit(settings, log) { connection in
            var report = try AuditVerifier.verify(connection, check, progress: progress)
            let own = try PublicFile.read(HostFolders(settings.dataDirectory).checkpointPublicKey)
            report.ownKey = try own.map { try VerifyingKey(pem: $0).fingerprint }
            return report
        }
    }

    /// Hands the checkpoints over, in order and one by one.
    /// - Parameters:
    ///   - number: only this one.
    ///   - last: only so many, the newest.
    public static func checkpoints(
        _ settings: HostSettings, number: Int64? = nil, last: Int? = nil, log: Logger,
        _ body: (CheckpointLine) throws -> Void
    ) throws {
        try Self.withAudit(settings, log) { connection in
            let keys = try Self.keys(connection)
            var after = try Self.start(connection, number: number, last: last)
            while let line = try Self.next(connection, after: after, keys) {
                if let number, line.checkpoint.number != number { return }
                try body(line)
                after = line.checkpoint.number
            }
        }
    }

    /// Hands all checkpoints over that are to take the place of an older export.
    /// - Throws: `StartFailure` at the end where the older one has a checkpoint that is not among them: it is the only witness.
    public static func checkpoints(
        _ settings: HostSettings, inPlaceOf path: String, log: Logger, _ body: (CheckpointLine) throws -> Void
    ) throws {
        var missing: [String: Int64] = [:]
        for line in try CheckpointFile(path).lines() {
            let line = try line.get()
            missing[try line.textDigest] = line.checkpoint.number
        }
        try Self.checkpoints(settings, log: log) { line in
            missing[try line.textDigest] = nil
            try body(line)
        }
        guard let first = missing.values.min() else { return }
        throw StartFailure(
            .init(
                zh: "\(path) 中有 \(missing.count) 个检查点在数据库中已不存在或已不同，首个编号为 \(first)；该文件未作改动",
                en:
                    "\(path) has \(missing.count) checkpoints that the database lacks or has otherwise, first \(first); it was left as it is"
            ),
            remedy: .init(
                zh: "保留该文件，它是证据；运行 xinglin audit verify --checkpoint 核验，新的导出请另用文件名",
                en: "keep it, it is evidence; run xinglin audit verify --checkpoint with it, and export to another file"
            ))
    }

    /// The public keys that the database knows, the oldest first.
    public static func checkpointKeys(_ settings: HostSettings, log: Logger) throws -> [VerifyingKey] {
        try Self.withAudit(settings, log) { connection in
            let known = try connection.query("SELECT public_key FROM host.audit_key ORDER BY added_at, fingerprint")
                .decode(as: SQLBytes.self)
            return try known.map { try VerifyingKey(der: $0.bytes) }
        }
    }

    private static func keys(_ connection: Connection) throws -> [String: VerifyingKey] {
        let known = try connection.query("SELECT public_key FROM host.audit_key").decode(as: SQLBytes.self)
        let keys = try known.map { try VerifyingKey(der: $0.bytes) }
        return Dictionary(keys.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The number before the first that is wanted.
    private static func start(_ connection: Connection, number: Int64?, last: Int?) throws -> Int64 {
        if let number { return number - 1 }
        guard let last else { return 0 }
        let newest = try connection.query("SELECT max(number) FROM host.audit_checkpoint").first(as: Int64?.self)
        return max(0, (newest.flatMap { $0 } ?? 0) - Int64(last))
    }

    private static func next(
        _ connection: Connection, after number: Int64, _ keys: [String: VerifyingKey]
    ) throws -> CheckpointLine? {
        let row: (Int64, String, SQLBytes)? = try connection.query(
            """
            SELECT number, body, signature FROM host.audit_checkpoint WHERE number > \(number) ORDER BY number LIMIT 1
            """
        ).first()
        guard let (found, body, signature) = row else { return nil }
        guard let checkpoint = try AuditCheckpoint(body: body, signature: signature.bytes),
            checkpoint.number == found, let key = keys[checkpoint.key]
        else {
            throw StartFailure(
                .init(zh: "检查点 \(found) 不是签名时的样子", en: "checkpoint \(found) is not as it was signed"),
                remedy: .init(zh: "运行 xinglin audit verify", en: "run xinglin audit verify"))
        }
        return CheckpointLine(checkpoint, key: key)
    }

    /// Runs the body on a database whose own schema is up to date. The host's own login may read all of the audit, so an
    /// external database needs no other.
    private static func withAudit<Value>(
        _ settings: HostSettings, _ log: Logger, _ body: (Connection) throws -> Value
    ) throws -> Value {
        let registry = try RegistryBuilder.make([], settings)
        func run(_ setup: DatabaseSetup, _ conninfo: String) throws -> Value {
            let pending = try setup.pending(conninfo, registry)
            guard pending.isEmpty else {
                throw StartFailure(
                    .init(
                        zh: "数据库缺少 \(pending.count) 项迁移，首项为 \(pending[0])",
                        en: "the database lacks \(pending.count) migrations, first \(pending[0])"),
                    remedy: .init(zh: "先运行 xinglin migrate", en: "run xinglin migrate first"))
            }
            return try body(
                Connection(conninfo, applicationName: "xinglin audit", lockTimeout: "10s", idleInTransaction: "0"))
        }
        if let url = settings.database.url { return try run(DatabaseSetup(settings: settings, log: log), url) }
        return try Self.withDatabase(settings, registry, log) { setup, conninfo, _ in try run(setup, conninfo) }
    }
}
