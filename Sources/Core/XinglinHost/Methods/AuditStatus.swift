internal import XinglinKit

/// `audit.status`: where the chains stand and how far sealing is behind.
struct AuditStatus: RPCMethod {
    struct Reply: Codable, Sendable {
        var chains: [Chain]
        var waiting: Waiting
        var lastCheckpoint: AuditCheckpointsList.Checkpoint?

        struct Chain: Codable, Sendable {
            var site: String?
            var number: Int64
            var link: String
            var sealedAt: Timestamp?
            var stopped: Bool
        }
        struct Waiting: Codable, Sendable {
            var rows: Int
            var oldestSeconds: Int
        }
    }

    static let name = "audit.status"
    static let summary =
        "Says where the chains of the caller's sites stand, how many rows wait to be sealed, and the last checkpoint."
    static let effect = Effect.read
    static let access = Access.roles([.auditor])
    static let scope = Scope.host
    static let params = Schema.object()
    static let reply = Schema.object(
        .required(
            "chains",
            .array(
                .object(
                    .optional("site", .code(1...64), "The site; absent for the chain of rows without a site."),
                    .required("number", .integer(1...Int64.max), "How many rows the chain has."),
                    .required("link", .code(64...64), "Its last link (SM3), hexadecimal."),
                    .optional("sealedAt", .timestamp, "When that was sealed; absent where it is damaged."),
                    .required(
                        "stopped", .boolean,
                        "Whether the last link is damaged so that nothing is sealed behind it: its rows wait.")),
                0...10_000),
            "The chains, by site."),
        .required(
            "waiting",
            .object(
                .required("rows", .integer(0...Int64.max), "Rows of the whole host that are not sealed yet."),
                .required("oldestSeconds", .integer(0...Int64.max), "The age of the oldest of them.")),
            "How far sealing is behind."),
        .optional("lastCheckpoint", AuditCheckpointsList.checkpoint, "The last checkpoint; absent before the first."))
    private static let example = Reply(
        chains: [
            .init(
                site: "t1", number: 2034, link: String(repeating: "7d", count: 32),
                sealedAt: Timestamp(microseconds: 1_795_000_000_000_000),
                stopped: false)
        ], waiting: .init(rows: 3, oldestSeconds: 0), lastCheckpoint: AuditCheckpointsList.example)
    static let examples = Examples<Empty, Reply>(
        full: (Empty(), example),
        minimal: (Empty(), Reply(chains: [], waiting: .init(rows: 0, oldestSeconds: 0))))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let reach = try AuditReach(call)
        let heads = try call.db.query(
            """
            SELECT chain, number, encode(link, 'hex'), sealed_at FROM host.audit_heads() \
            WHERE chain = ANY (\(reach.chains)::uuid[])
            """, as: (RecordID, Int64, String, Cell<Timestamp>).self)
        let status = try SealingStatus.read(call.db)
        let last = try AuditCheckpointsList().handle(.init(limit: 1), call).checkpoints.first
        return Reply(
            chains: heads.map { chain, number, link, sealedAt in
                let isSound = AuditLink.canBeFollowed(number: number, digits: link)
                return .init(
                    site: reach.code(chain), number: number, link: link, sealedAt: sealedAt.value,
                    stopped: !isSound)
            }
            .sorted { ($0.site ?? "") < ($1.site ?? "") },
            waiting: .init(rows: status.unsealedAuditRows, oldestSeconds: Int(status.oldestUnsealedAuditSeconds)),
            lastCheckpoint: last)
    }
}
