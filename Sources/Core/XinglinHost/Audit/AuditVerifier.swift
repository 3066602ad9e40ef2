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
    /// nil where it is gone.
    var watermark: Int64?

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
        try verifier.verifyWatermark()
        try verifier.verifyCheckpoints()
        try verifier.verifyExported()
        try verifier.verifyChains()
        try verifier.verifyUnlinked()
        try verifier.verifyPresence()
        return verifier.report
    }

    /// The code of a chain's site; empty for the host's own.
    func site(_ chain: RecordID) -> String {
        chain == AuditLink.hostChain ? "" : self.sites[chain] ?? chain.description
    }

    private mutating func readFrame() throws {
        let sites: [(RecordID, String)] = try self.connection.query("SELECT site_id, code FROM host.site").decode()
        self.sites = Dictionary(sites.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        let heads: [(RecordID, Int64)] = try self.connection.query("SELECT chain, number FROM host.audit_heads()")
            .decode()
        self.heads = Dictionary(heads.map { ($0.0, $0.1) }, uniquingKeysWith: { max($0, $1) })
        self.database = try AuditCheckpoint.databaseID(self.connection)
        self.watermark =
            try self.connection.query("SELECT seq FROM host.audit_watermark").first(as: Cell<Int64>.self)?.value
        self.report.chains = heads.count
        let known = try self.connection.query("SELECT public_key FROM host.audit_key").decode(as: Cell<SQLBytes>.self)
        for der in known {
            // A checkpoint that was signed with what is no key is a finding.
            guard let bytes = der.value?.bytes, let key = try? VerifyingKey(der: bytes) else { continue }
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
        let (sites, watermark) = (self.sites, self.watermark ?? .min)
        try self.walk(
            "unlinked",
            """
            SELECT \(AuditedRow.columns) FROM host.audit a
            WHERE NOT EXISTS (SELECT FROM host.audit_link l WHERE l.seq = a.seq) ORDER BY a.seq
            """
        ) { rows in
            for row in try AuditedRow.decode(rows) {
                let site = row.siteID.map { sites[$0] ?? $0.description } ?? ""
                if row.seq <= watermark {
                    report.add(AuditFinding(.unlinkedRow, site: site, seq: row.seq, at: row.at))
                    continue
                }
                report.waiting += 1
                if try !row.isWhole {
                    report.add(AuditFinding(.alteredRow, site: site, seq: row.seq, at: row.at))
                }
            }
        }
        self.report = report
    }
}
