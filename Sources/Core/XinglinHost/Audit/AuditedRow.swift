internal import XinglinKit

/// A row of the audit as it lies in the database, whoever wrote it.
struct AuditedRow {
    let seq: Int64
    /// nil where it cannot be read.
    let at: Timestamp?
    let siteID: RecordID?
    /// nil where a column holds what no host wrote.
    let content: AuditRow?
    private let outcome: String?
    private let storedDigest: SQLBytes?

    static let columns = """
        a.seq, a.at, a.account_id, a.site_id, a.method, a.outcome, a.reason, a.request_digest, a.notes, a.trace, a.digest
        """

    typealias Cells = (
        at: Cell<Timestamp>, account: Cell<RecordID>, site: Cell<RecordID>, method: Cell<String>, outcome: Cell<String>,
        reason: Cell<String>, request: Cell<SQLBytes>, notes: Cell<String>, trace: Cell<String>, digest: Cell<SQLBytes>
    )

    init(seq: Int64, _ cells: Cells) {
        self.seq = seq
        self.at = cells.at.value
        self.siteID = cells.site.value
        self.outcome = cells.outcome.value
        self.storedDigest = cells.digest.value
        let areOptionalReadable =
            cells.account.isReadable && cells.site.isReadable && cells.reason.isReadable && cells.request.isReadable
        guard areOptionalReadable, let at = cells.at.value, let method = cells.method.value,
            let notes = cells.notes.value, let trace = cells.trace.value
        else {
            self.content = nil
            return
        }
        self.content = AuditRow(
            at: at, accountID: cells.account.value, siteID: cells.site.value, method: method,
            reason: cells.reason.value, requestDigest: cells.request.value, notes: notes, trace: trace)
    }

    static func decode(_ rows: Rows) throws -> [AuditedRow] {
        let read:
            [(
                Int64, Cell<Timestamp>, Cell<RecordID>, Cell<RecordID>, Cell<String>, Cell<String>, Cell<String>,
                Cell<SQLBytes>, Cell<String>, Cell<String>, Cell<SQLBytes>
            )] = try rows.decode()
        return read.map { AuditedRow(seq: $0.0, ($0.1, $0.2, $0.3, $0.4, $0.5, $0.6, $0.7, $0.8, $0.9, $0.10)) }
    }

    /// Whether the content gives the digest that stands beside it.
    var isWhole: Bool {
        get throws { try self.gives(self.storedDigest) }
    }

    /// Whether the content gives that digest.
    func gives(_ digest: SQLBytes?) throws -> Bool {
        guard let content = self.content, let digest, self.storedDigest == digest,
            (content.reason == nil) == (self.outcome == "done")
        else { return false }
        return try content.digest == digest
    }
}
