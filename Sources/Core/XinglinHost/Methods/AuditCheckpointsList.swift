internal import XinglinKit

/// `audit.checkpoints.list`: the signed checkpoints, the newest first.
struct AuditCheckpointsList: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var checkpoints: [Checkpoint]
        var next: String?
    }
    struct Checkpoint: Codable, Sendable {
        var number: Int64
        var at: Timestamp
        var rows: Int64
        var digest: String
        var key: String
        var signature: String
    }

    static let name = "audit.checkpoints.list"
    static let summary =
        "Lists the signed checkpoints over the chains of the audit, the newest first: digests and signatures, no rows."
    static let effect = Effect.read
    static let access = Access.roles([.auditor])
    static let scope = Scope.host
    static let params = Schema.object(Schema.pageParams)
    static let checkpoint = Schema.object(
        .required("number", .integer(1...Int64.max), "Its number: 1, 2, 3, …"),
        .required("at", .timestamp, "When it was signed."),
        .required("rows", .integer(0...Int64.max), "How many rows had been sealed, over all chains."),
        .required("digest", .code(64...64), "SM3 of what was signed, hexadecimal: compare it with the printed page."),
        .required("key", .code(64...64), "SM3 of the public key that verifies it, hexadecimal."),
        .required("signature", .code(2...400), "SM2 (DER), hexadecimal."))
    static let reply = Schema.object(
        .required("checkpoints", .array(Self.checkpoint, 0...500), "The checkpoints."), Schema.pageReply)
    static let example = Checkpoint(
        number: 12, at: Timestamp(microseconds: 1_795_000_000_000_000), rows: 120_345,
        digest: String(repeating: "9c", count: 32), key: String(repeating: "5f", count: 32),
        signature: "30440220" + String(repeating: "1a", count: 32) + "0220" + String(repeating: "2b", count: 32))
    static let examples = Examples<Params, Reply>(
        full: (Params(limit: 1, after: "13"), Reply(checkpoints: [example], next: "12")),
        minimal: (Params(), Reply(checkpoints: [])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let before = try page.after(0, as: Int64.self)
        let rows = try call.db.query(
            """
            SELECT number, at, total, encode(digest, 'hex'), key, encode(signature, 'hex') FROM host.audit_checkpoint \
            WHERE \(before)::bigint IS NULL OR number < \(before)::bigint ORDER BY number DESC LIMIT \(page.limit + 1)
            """, as: (Int64, Timestamp, Int64, String, String, String).self)
        let shown = rows.prefix(page.limit).map {
            Checkpoint(number: $0, at: $1, rows: $2, digest: $3, key: $4, signature: $5)
        }
        return Reply(
            checkpoints: shown,
            next: rows.count > shown.count ? shown.last.map { Page.cursor(String($0.number)) } : nil)
    }
}
