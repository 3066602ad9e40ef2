internal import XinglinCrypto
internal import XinglinKit

/// One row of the audit: who did what, where, and how it ended. It holds ids, codes and digests, never personal data.
struct AuditRow {
    let at: Timestamp
    let accountID: RecordID?
    let siteID: RecordID?
    let method: String
    /// nil where the call was done.
    let reason: String?
    let requestDigest: SQLBytes?
    let notes: String
    let trace: String

    /// The same in the chain of another site, which the call concerns.
    func at(_ site: RecordID, notes: String) -> AuditRow {
        AuditRow(
            at: self.at, accountID: self.accountID, siteID: site, method: self.method, reason: self.reason,
            requestDigest: self.requestDigest, notes: notes, trace: self.trace)
    }

    var outcome: String { self.reason == nil ? "done" : "refused" }

    /// SM3 of the content: what `xinglin audit verify` recomputes.
    var digest: SQLBytes {
        get throws {
            let content: JSONValue = [
                "at": .integer(self.at.microseconds), "account": Self.json(self.accountID),
                "site": Self.json(self.siteID),
                "method": .string(self.method), "reason": self.reason.map { .string($0) } ?? .null,
                "request": self.requestDigest.flatMap(\.sqlText).map { .string($0) } ?? .null,
                "notes": .string(self.notes), "trace": .string(self.trace),
            ]
            return SQLBytes(try SM3.digest(Array(content.canonicalText.utf8)))
        }
    }

    /// The condition gives the transaction its id before `seq` is drawn, which the sealer's watermark relies on.
    var insert: SQL {
        get throws {
            """
            INSERT INTO host.audit (at, account_id, site_id, method, outcome, reason, request_digest, notes, trace, digest) \
            SELECT \(self.at)::timestamptz, \(self.accountID)::uuid, \(self.siteID)::uuid, \(self.method)::text, \
            \(self.outcome)::text, \(self.reason)::text, \(self.requestDigest)::bytea, \(self.notes)::text, \
            \(self.trace)::text, \(try self.digest)::bytea WHERE pg_current_xact_id() IS NOT NULL
            """
        }
    }

    private static func json(_ id: RecordID?) -> JSONValue { id.map { .string($0.description) } ?? .null }
}
