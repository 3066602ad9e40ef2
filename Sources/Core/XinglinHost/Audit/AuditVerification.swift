internal import XinglinKit
internal import XinglinPostgres

/// What `xinglin audit verify` found.
public struct AuditVerification: Sendable {
    /// How many rows were checked.
    public let rows: Int
    /// The `seq` of every row whose content is not what was written.
    public let altered: [Int64]
}

enum AuditVerifier {
    private static let page = 5_000

    /// Recomputes the digest of every row.
    static func verify(_ connection: Connection) throws -> AuditVerification {
        var rows = 0
        var altered: [Int64] = []
        var after: Int64 = 0
        while true {
            let read:
                [(Int64, Timestamp, RecordID?, RecordID?, String, String, String?, SQLBytes?, String, String, SQLBytes)] =
                    try connection.query(
                        """
                        SELECT seq, at, account_id, site_id, method, outcome, reason, request_digest, notes, trace, digest \
                        FROM host.audit WHERE seq > \(after) ORDER BY seq LIMIT \(Self.page)
                        """
                    ).decode()
            guard let last = read.last else { return AuditVerification(rows: rows, altered: altered) }
            for (seq, at, account, site, method, outcome, reason, request, notes, trace, digest) in read {
                let row = AuditRow(
                    at: at, accountID: account, siteID: site, method: method, reason: reason, requestDigest: request,
                    notes: notes, trace: trace)
                if try row.digest != digest || (reason == nil) != (outcome == "done") { altered.append(seq) }
            }
            rows += read.count
            after = last.0
        }
    }
}
