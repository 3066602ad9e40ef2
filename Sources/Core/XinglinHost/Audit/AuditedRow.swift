internal import XinglinKit

/// A row of the audit as it lies in the database.
struct AuditedRow {
    let seq: Int64
    let content: AuditRow
    private let outcome: String
    private let storedDigest: SQLBytes

    static let columns = """
        a.seq, a.at, a.account_id, a.site_id, a.method, a.outcome, a.reason, a.request_digest, a.notes, a.trace, a.digest
        """

    typealias Cells = (
        Timestamp?, RecordID?, RecordID?, String?, String?, String?, SQLBytes?, String?, String?, SQLBytes?
    )

    /// nil where an outer join found no row.
    init?(seq: Int64, _ cells: Cells) {
        guard let at = cells.0, let method = cells.3, let outcome = cells.4, let notes = cells.7, let trace = cells.8,
            let digest = cells.9
        else { return nil }
        self.seq = seq
        self.content = AuditRow(
            at: at, accountID: cells.1, siteID: cells.2, method: method, reason: cells.5, requestDigest: cells.6,
            notes: notes, trace: trace)
        self.outcome = outcome
        self.storedDigest = digest
    }

    static func decode(_ rows: Rows) throws -> [AuditedRow] {
        let read:
            [(
                Int64, Timestamp?, RecordID?, RecordID?, String?, String?, String?, SQLBytes?, String?, String?,
                SQLBytes?
            )] =
                try rows.decode()
        return read.compactMap { AuditedRow(seq: $0.0, ($0.1, $0.2, $0.3, $0.4, $0.5, $0.6, $0.7, $0.8, $0.9, $0.10)) }
    }

    /// Whether the content gives the digest that stands beside it.
    var isWhole: Bool {
        get throws { try self.gives(self.storedDigest) }
    }

    /// Whether the content gives that digest.
    func gives(_ digest: SQLBytes) throws -> Bool {
        guard (self.content.reason == nil) == (self.outcome == "done"), self.storedDigest == digest else {
            return false
        }
        return try self.content.digest == digest
    }
}
