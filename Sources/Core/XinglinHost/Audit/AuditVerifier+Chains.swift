internal import XinglinKit
internal import XinglinPostgres

extension AuditVerifier {
    /// Where the walk along the chains is.
    private struct Place {
        var chain: RecordID?
        var number: Int64 = 0
        var link = AuditLink.beginning
    }

    /// Walks every chain from its first link, and looks at each link's row.
    mutating func verifyChains() throws {
        var place = Place()
        var report = self.report
        let total = self.heads.values.reduce(0) { $0 + Int($1) }
        try self.walk(
            "links",
            """
            SELECT l.chain, l.number, l.sealed_at, l.digest, l.link, l.seq, a.at, a.account_id, a.site_id, a.method,
                a.outcome, a.reason, a.request_digest, a.notes, a.trace, a.digest
            FROM host.audit_link l LEFT JOIN host.audit a ON a.seq = l.seq ORDER BY l.chain, l.number
            """
        ) { rows in
            for (link, value, row) in try Self.decode(rows) {
                for finding in try self.judge(link, value, row, &place) { report.add(finding) }
            }
            report.rows += rows.count
            self.progress(AuditProgress(done: report.rows, total: max(total, report.rows)))
        }
        self.report = report
    }

    /// What is wrong with a link and its row. After a break the walk goes on from what the database has, so that one change
    /// is one finding.
    private func judge(
        _ link: AuditLink, _ value: SQLBytes, _ row: AuditedRow?, _ place: inout Place
    ) throws -> [AuditFinding] {
        if place.chain != link.chain { place = Place(chain: link.chain) }
        defer {
            place.number = link.number
            place.link = value
        }
        var findings: [AuditFinding] = []
        let site = self.site(link.chain)
        if link.number == place.number + 1 {
            if try link.value(after: place.link) != value {
                findings.append(
                    AuditFinding(
                        .alteredLink, site: site, number: link.number, seq: link.seq,
                        at: row?.content.at ?? link.sealedAt))
            }
        } else {
            findings.append(
                AuditFinding(
                    .missingLinks, site: site, number: place.number + 1, last: link.number - 1, at: link.sealedAt))
        }
        guard let row else {
            return findings + [
                AuditFinding(.removedRow, site: site, number: link.number, seq: link.seq, at: link.sealedAt)
            ]
        }
        let isMoved = (row.content.siteID ?? AuditLink.hostChain) != link.chain
        let isWhole = try row.gives(link.digest)
        if isMoved || !isWhole {
            findings.append(
                AuditFinding(
                    isMoved ? .movedRow : .alteredRow, site: site, number: link.number, seq: link.seq,
                    at: row.content.at))
        }
        return findings
    }

    private static func decode(_ rows: Rows) throws -> [(AuditLink, SQLBytes, AuditedRow?)] {
        let read:
            [(
                RecordID, Int64, Timestamp, SQLBytes, SQLBytes, Int64, Timestamp?, RecordID?, RecordID?, String?,
                String?, String?, SQLBytes?, String?, String?, SQLBytes?
            )] = try rows.decode()
        return read.map { cells in
            let link = AuditLink(
                chain: cells.0, number: cells.1, seq: cells.5, sealedAt: cells.2, digest: cells.3)
            let row = AuditedRow(
                seq: cells.5,
                (
                    cells.6, cells.7, cells.8, cells.9, cells.10, cells.11, cells.12, cells.13, cells.14, cells.15
                ))
            return (link, cells.4, row)
        }
    }
}
