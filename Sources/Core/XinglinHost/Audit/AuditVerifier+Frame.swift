internal import XinglinKit
internal import XinglinPostgres

/// What must hold of the audit as a whole.
extension AuditVerifier {
    /// Rounds of sealing that may lie behind the watermark. Each round moves it to the one before; only a round that ends in
    /// the same moment as its host leaves it one further behind.
    private static let roundsBehind = 1_000

    /// An audit without a row is one that was emptied, where there is what leaves rows.
    mutating func verifyPresence() throws {
        if self.report.rows == 0, self.report.waiting == 0, try self.hasHistory {
            self.report.add(AuditFinding(.emptyAudit))
        }
    }

    mutating func verifyWatermark() throws {
        guard let watermark = self.watermark else { return self.report.add(AuditFinding(.missingWatermark)) }
        let isThere = try self.connection.query("SELECT FROM host.audit_link WHERE seq = \(watermark)").isEmpty == false
        if watermark > 0, !isThere { self.report.add(AuditFinding(.cutEnd, seq: watermark)) }
        let rounds = try self.connection.query(
            "SELECT count(DISTINCT sealed_at) FROM host.audit_link WHERE seq > \(watermark)"
        ).first(as: Int.self)
        // A chain at which the sealer has stopped holds the watermark where it is, and is a finding itself.
        let isStopped = self.heads.values.contains { $0 >= AuditLink.last }
        if rounds ?? 0 > Self.roundsBehind, !isStopped {
            self.report.add(AuditFinding(.loweredWatermark, seq: watermark))
        }
    }

    /// Whether there is what does not come to be without a row of the audit.
    private var hasHistory: Bool {
        get throws {
            // The first account, the administrator's, is there before the host serves.
            try self.connection.query(
                """
                SELECT EXISTS (SELECT FROM host.site) OR EXISTS (SELECT FROM host.event)
                    OR (SELECT count(*) FROM (SELECT FROM host.account LIMIT 2) AS account) > 1
                """
            ).first(as: Bool.self) ?? false
        }
    }
}
