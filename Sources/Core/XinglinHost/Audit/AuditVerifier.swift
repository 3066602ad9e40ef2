internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Checks the audit against its links, the links against each other, and both against checkpoints: in one snapshot, so that
/// a host may go on meanwhile, and with cursors, so that no more than a page of rows is in memory.
struct AuditVerifier {
    let connection: Connection
    let check: AuditCheck
    let progress: (AuditProgress) -> Void
    var report = AuditVerification()

    /// The codes of the sites.
    var sites: [RecordID: String] = [:]
    /// The last number of each chain.
    var heads: [RecordID: Int64] = [:]
    var database = ""
    var keys: [String: VerifyingKey] = [:]
    private var watermark: Int64 = 0

    /// Rows of one fetch.
    static let page = 2_000

    init(_ connection: Connection, _ check: AuditCheck, progress: @escaping (AuditProgress) -> Void = { _ in }) {
        self.connection = connection
        self.check = check
        self.progress = progress
    }

    static func verify(
        _ connection: Connection, _ check: AuditCheck = AuditCheck(),
        progress: @escaping (AuditProgress) -> Void = { _ in }
    ) throws -> AuditVerification {
        var verifier = AuditVerifier(connection, check, progress: progress)
        // Links and rows lie in nearly the same order: they are walked side by side, never sorted or hashed as a whole.
        try connection.script(
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
            SET LOCAL enable_hashjoin = off; SET LOCAL enable_sort = off; SET LOCAL cursor_tuple_fraction = 0.001
            """)
        defer { if !connection.isBroken, !connection.isIdle { _ = try? connection.script("ROLLBACK") } }
        try verifier.readFrame()
        try verifier.verifyCheckpoints()
        try verifier.verifyExported()
        try verifier.verifyChains()
        try verifier.verifyUnlinked()
        return verifier.report
    }

    /// The code of a chain's site; empty for the host's own.
    func site(_ chain: RecordID) -> String {
        chain == AuditLink.hostChain ? "" : self.sites[chain] ?? chain.description
    }

    private mutating func readFrame() throws {
        let sites: [(RecordID, String)] = try self.connection.query("SELECT site_id, code FROM host.site").decode()
        self.sites = Dictionary(uniqueKeysWithValues: sites.map { ($0.0, $0.1) })
        let heads: [(RecordID, Int64)] = try self.connection.query("SELECT chain, number FROM host.audit_heads()")
            .decode()
        self.heads = Dictionary(uniqueKeysWithValues: heads.map { ($0.0, $0.1) })
        self.database = try AuditCheckpoint.databaseID(self.connection)
        self.watermark =
            try self.connection.query("SELECT seq FROM host.audit_watermark").first(as: Int64.self) ?? 0
        self.report.chains = heads.count
        let known: [(String, SQLBytes)] = try self.connection.query(
            "SELECT fingerprint, public_key FROM host.audit_key"
        )
        .decode()
        for (_, der) in known {
            guard let key = try? VerifyingKey(der: der.bytes) else { continue }
            self.keys[key.fingerprint] = key
        }
        for key in self.check.keys { self.keys[key.fingerprint] = key }
    }

    /// Opens a cursor and hands its pages over.
    func walk(_ name: String, _ query: String, page: Int = Self.page, _ body: (Rows) throws -> Void) throws {
        try self.connection.script("DECLARE \(name) NO SCROLL CURSOR FOR \(query)")
        let fetch = SQL(stringLiteral: "FETCH \(page) FROM \(name)")
        while true {
            let rows = try self.connection.query(fetch)
            if rows.isEmpty { break }
            try body(rows)
        }
        try self.connection.script("CLOSE \(name)")
    }

    /// Rows without a link: those that wait for the sealer, and those that nobody will ever seal.
    private mutating func verifyUnlinked() throws {
        var report = self.report
        let (sites, watermark) = (self.sites, self.watermark)
        try self.walk(
            "unlinked",
            """
            SELECT \(AuditedRow.columns) FROM host.audit a
            WHERE NOT EXISTS (SELECT FROM host.audit_link l WHERE l.seq = a.seq) ORDER BY a.seq
            """
        ) { rows in
            for row in try AuditedRow.decode(rows) {
                let site = row.content.siteID.map { sites[$0] ?? $0.description } ?? ""
                if row.seq <= watermark {
                    report.add(AuditFinding(.unlinkedRow, site: site, seq: row.seq, at: row.content.at))
                    continue
                }
                report.waiting += 1
                if try !row.isWhole {
                    report.add(AuditFinding(.alteredRow, site: site, seq: row.seq, at: row.content.at))
                }
            }
        }
        self.report = report
        let isThere = try self.connection.query("SELECT FROM host.audit_link WHERE seq = \(watermark)").isEmpty == false
        if watermark > 0, !isThere { self.report.add(AuditFinding(.cutEnd, seq: watermark)) }
    }
}
