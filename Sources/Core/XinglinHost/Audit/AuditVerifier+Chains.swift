internal import XinglinKit
internal import XinglinPostgres

extension AuditVerifier {
    /// Where the walk along the chains is.
    private struct Place {
        var chain: RecordID?
        var number: Int64 = 0
        /// nil behind a link that cannot be read.
        var link: SQLBytes? = AuditLink.beginning
    }

    /// A link as it lies in the database, and its row; nil is what no sealer wrote.
    private struct Linked {
        let chain: RecordID?
        let number: Int64?
        let seq: Int64?
        let sealedAt: Timestamp?
        let digest: SQLBytes?
        let value: SQLBytes?
        let row: AuditedRow?

        /// The link, where all of it can be read.
        var link: AuditLink? {
            guard let chain, let number, let seq, let sealedAt, let digest else { return nil }
            return AuditLink(chain: chain, number: number, seq: seq, sealedAt: sealedAt, digest: digest)
        }
    }

    /// Walks every chain from its first link, and looks at each link's row.
    mutating func verifyChains() throws {
        var place = Place()
        var report = self.report
        // What a chain cannot have come to is no measure of the way ahead.
        let total = self.heads.values.filter { $0 <= AuditLink.last }.reduce(Int64(0)) { $0.clampedSum($1) }
        try self.walk(
            "links",
            """
            SELECT l.chain, l.number, l.sealed_at, l.digest, l.link, l.seq, a.seq IS NOT NULL, a.at, a.account_id,
                a.site_id, a.method, a.outcome, a.reason, a.request_digest, a.notes, a.trace, a.digest
            FROM host.audit_link l LEFT JOIN host.audit a ON a.seq = l.seq ORDER BY l.chain, l.number
            """
        ) { rows in
            for linked in try Self.decode(rows) {
                for finding in try self.judge(linked, &place) { report.add(finding) }
            }
            report.rows += rows.count
            self.progress(AuditProgress(done: report.rows, total: max(Int(total), report.rows)))
        }
        self.report = report
    }

    /// What is wrong with a link and its row. After a break the walk goes on from what the database has, so that one change
    /// is one finding.
    private func judge(_ linked: Linked, _ place: inout Place) throws -> [AuditFinding] {
        if place.chain != linked.chain { place = Place(chain: linked.chain) }
        let site = linked.chain.map { self.site($0) }
        let next = place.number.clampedSum(1)
        var findings: [AuditFinding] = []
        if let number = linked.number, number > next {
            findings.append(
                AuditFinding(.missingLinks, site: site, number: next, last: number - 1, at: linked.sealedAt))
        } else if try !self.follows(linked, place, next) {
            findings.append(
                AuditFinding(
                    .alteredLink, site: site, number: linked.number, seq: linked.seq,
                    at: linked.row?.at ?? linked.sealedAt))
        }
        // Numbers come in order: a smaller one has no place in the chain, which goes on where it was.
        if linked.number ?? next >= next {
            place.number = linked.number ?? next
            place.link = linked.value
        }
        if let finding = try self.judgeRow(linked, site) { findings.append(finding) }
        return findings
    }

    private func follows(_ linked: Linked, _ place: Place, _ next: Int64) throws -> Bool {
        guard linked.number == next, let link = linked.link, let previous = place.link else { return false }
        return try link.value(after: previous) == linked.value
    }

    private func judgeRow(_ linked: Linked, _ site: String?) throws -> AuditFinding? {
        guard let row = linked.row else {
            return AuditFinding(
                .removedRow, site: site, number: linked.number, seq: linked.seq, at: linked.sealedAt)
        }
        let isMoved = row.content != nil && (row.siteID ?? AuditLink.hostChain) != linked.chain
        let isWhole = try row.gives(linked.digest)
        guard isMoved || !isWhole else { return nil }
        return AuditFinding(
            isMoved ? .movedRow : .alteredRow, site: site, number: linked.number, seq: linked.seq, at: row.at)
    }

    private static func decode(_ rows: Rows) throws -> [Linked] {
        let read:
            [(
                Cell<RecordID>, Cell<Int64>, Cell<Timestamp>, Cell<SQLBytes>, Cell<SQLBytes>, Cell<Int64>, Bool,
                Cell<Timestamp>, Cell<RecordID>, Cell<RecordID>, Cell<String>, Cell<String>, Cell<String>,
                Cell<SQLBytes>, Cell<String>, Cell<String>, Cell<SQLBytes>
            )] = try rows.decode()
        return read.map { cells in
            let seq = cells.5.value
            let row = AuditedRow(
                seq: seq ?? 0,
                (
                    cells.7, cells.8, cells.9, cells.10, cells.11, cells.12, cells.13, cells.14, cells.15, cells.16
                ))
            return Linked(
                chain: cells.0.value, number: cells.1.value, seq: seq, sealedAt: cells.2.value, digest: cells.3.value,
                value: cells.4.value, row: cells.6 ? row : nil)
        }
    }
}
