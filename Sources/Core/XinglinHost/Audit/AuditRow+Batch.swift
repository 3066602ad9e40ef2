internal import XinglinKit

extension AuditRow {
    /// One statement that inserts all the rows, in order, with the same condition as a single row's.
    static func insert(_ rows: [AuditRow]) throws -> SQL {
        """
        INSERT INTO host.audit (at, account_id, site_id, method, outcome, reason, request_digest, notes, trace, digest) \
        SELECT * FROM unnest(\(rows.map(\.at))::timestamptz[], \(rows.map(\.accountID))::uuid[], \
        \(rows.map(\.siteID))::uuid[], \(rows.map(\.method))::text[], \(rows.map(\.outcome))::text[], \
        \(rows.map(\.reason))::text[], \(rows.map(\.requestDigest))::bytea[], \(rows.map(\.notes))::text[], \
        \(rows.map(\.trace))::text[], \(try rows.map { try $0.digest })::bytea[]) \
        WHERE pg_current_xact_id() IS NOT NULL
        """
    }
}
