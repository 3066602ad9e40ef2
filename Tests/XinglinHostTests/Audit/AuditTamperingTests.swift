import Foundation
import Testing
import XinglinCrypto
import XinglinKit
import XinglinTesting

@testable import XinglinHost

@Suite("What a superuser changes behind the host's back is found, and where")
struct AuditTamperingTests {
    /// A change by SQL; SEQ and NEXT are the rows 5 and 6 of site t1, T1 and T2 the sites' ids.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let sql: String
        let found: [AuditFinding.Kind: Int]
        var testDescription: String { self.name }
    }

    static let changes: [Change] = [
        Change(
            name: "an altered row", sql: "UPDATE host.audit SET method = 'counter.box.take' WHERE seq = SEQ",
            found: [.alteredRow: 1]),
        Change(
            name: "an altered outcome", sql: "UPDATE host.audit SET outcome = 'refused' WHERE seq = SEQ",
            found: [.alteredRow: 1]),
        Change(
            name: "an altered digest", sql: "UPDATE host.audit SET digest = sha256(digest) WHERE seq = SEQ",
            found: [.alteredRow: 1]),
        Change(name: "a removed row", sql: "DELETE FROM host.audit WHERE seq = SEQ", found: [.removedRow: 1]),
        Change(
            name: "a row removed with its link",
            sql: "DELETE FROM host.audit WHERE seq = SEQ; DELETE FROM host.audit_link WHERE seq = SEQ",
            found: [.missingLinks: 1]),
        Change(
            name: "a removed link", sql: "DELETE FROM host.audit_link WHERE seq = SEQ",
            found: [.missingLinks: 1, .unlinkedRow: 1]),
        Change(
            name: "an inserted row",
            sql: """
                INSERT INTO host.audit (seq, xid, at, account_id, site_id, method, outcome, notes, trace, digest)
                OVERRIDING SYSTEM VALUE
                SELECT 0, xid, at, account_id, site_id, method, outcome, notes, trace, digest FROM host.audit WHERE seq = SEQ
                """, found: [.unlinkedRow: 1]),
        Change(
            name: "rows in another order",
            sql: """
                UPDATE host.audit a SET (at, account_id, method, outcome, reason, request_digest, notes, trace, digest) = (
                    SELECT b.at, b.account_id, b.method, b.outcome, b.reason, b.request_digest, b.notes, b.trace, b.digest
                    FROM host.audit b WHERE b.seq = SEQ + NEXT - a.seq)
                WHERE a.seq IN (SEQ, NEXT)
                """, found: [.alteredRow: 2]),
        Change(
            name: "links in another order",
            sql: """
                UPDATE host.audit_link SET number = 1000 WHERE seq = SEQ;
                UPDATE host.audit_link SET number = 5 WHERE seq = NEXT;
                UPDATE host.audit_link SET number = 6 WHERE seq = SEQ
                """, found: [.alteredLink: 3]),
        Change(
            name: "a row moved to another site", sql: "UPDATE host.audit SET site_id = 'T2' WHERE seq = SEQ",
            found: [.movedRow: 1]),
        Change(
            name: "a row taken from its site", sql: "UPDATE host.audit SET site_id = NULL WHERE seq = SEQ",
            found: [.movedRow: 1]),
        Change(
            name: "an altered link", sql: "UPDATE host.audit_link SET link = sha256(link) WHERE seq = SEQ",
            found: [.alteredLink: 2]),
        Change(
            name: "an altered time of sealing",
            sql: "UPDATE host.audit_link SET sealed_at = sealed_at - interval '1 day' WHERE seq = SEQ",
            found: [.alteredLink: 1]),
        Change(
            name: "a cut tail",
            sql: """
                DELETE FROM host.audit a USING host.audit_link l WHERE l.seq = a.seq AND l.chain = 'T1' AND l.number > 4;
                DELETE FROM host.audit_link WHERE chain = 'T1' AND number > 4
                """, found: [.cutTail: 1]),
        Change(
            name: "a whole chain cut away",
            sql: "DELETE FROM host.audit WHERE site_id = 'T1'; DELETE FROM host.audit_link WHERE chain = 'T1'",
            found: [.cutTail: 1]),
        Change(
            name: "a removed checkpoint", sql: "DELETE FROM host.audit_checkpoint WHERE number = 2",
            found: [.missingCheckpoints: 1]),
        Change(
            name: "an altered time of a checkpoint",
            sql: "UPDATE host.audit_checkpoint SET at = at - interval '1 day' WHERE number = 2",
            found: [.forgedCheckpoint: 1]),
        Change(
            name: "an altered body of a checkpoint",
            sql:
                "UPDATE host.audit_checkpoint SET body = replace(body, '\"number\":2', '\"number\":3') WHERE number = 2",
            found: [.forgedCheckpoint: 1]),
        Change(
            name: "an altered signature",
            sql:
                "UPDATE host.audit_checkpoint SET signature = set_byte(signature, 40, get_byte(signature, 40) # 1) WHERE number = 2",
            found: [.forgedCheckpoint: 1]),
    ]

    @Test("A change is found, and at its place", arguments: Self.changes)
    func change(change: Change) async throws {
        let harness = try await AuditHarness.filled()
        #expect(try harness.verify().isClean)
        let sites = try harness.host.sql("SELECT site_id FROM host.site WHERE code IN ('t1', 't2') ORDER BY code")
        let seq = try harness.seq("t1", 5)
        let sql = change.sql.replacing("SEQ", with: "\(seq)").replacing("NEXT", with: "\(try harness.seq("t1", 6))")
            .replacing("T1", with: sites[0][0] ?? "").replacing("T2", with: sites[1][0] ?? "")
        try harness.host.script("BEGIN; \(sql); COMMIT")
        let report = try harness.verify()
        // The watermark may have stood at a row that was cut.
        let kinds = report.findings.filter { $0.kind != .cutEnd }
        #expect(Dictionary(grouping: kinds, by: \.kind).mapValues(\.count) == change.found, "\(report.findings)")
        for finding in kinds where finding.site != nil && finding.kind != .cutTail && finding.seq != 0 {
            #expect(finding.number ?? 5 >= 5 && finding.number ?? 5 <= 7, "\(finding)")
        }
    }

    @Test("A row that was altered together with its digest is found by its link")
    func redigested() async throws {
        let harness = try await AuditHarness.filled()
        let seq = try harness.seq("t1", 5)
        try harness.host.script("UPDATE host.audit SET method = 'counter.box.take' WHERE seq = \(seq)")
        try harness.redigest(seq)
        let report = try harness.verify()
        #expect(report.findings.map(\.kind) == [.alteredRow])
        #expect(report.findings.first?.site == "t1")
        #expect(report.findings.first?.number == 5)
        #expect(report.findings.first?.seq == seq)
        #expect(report.findings.first?.at != nil)
    }

    @Test("A chain that was made anew from an altered row on is found by the signed checkpoint")
    func rewritten() async throws {
        let harness = try await AuditHarness.filled()
        try self.rewrite(harness)
        let report = try harness.verify()
        #expect(report.findings.map(\.kind) == [.rewrittenChain])
        #expect(report.findings.first?.site == "t1")
    }

    @Test(
        "Where the checkpoints were signed anew too, with a key of one's own, a pinned key or an exported checkpoint tells"
    )
    func resigned() async throws {
        let harness = try await AuditHarness.filled()
        let outside = try harness.export(try harness.checkpoints())
        try self.rewrite(harness)
        let foreign = try SigningKey.make(at: "\(harness.host.folder)/foreign.pem")
        let own = try harness.key.verifying
        try harness.resign(with: foreign)

        let unpinned = try harness.verify()
        #expect(unpinned.isClean, "from within the database alone nothing is to be seen: \(unpinned.findings)")
        #expect(unpinned.signers.keys.first == foreign.verifying.fingerprint)
        let pinned = try harness.verify(AuditCheck(keys: [own]))
        #expect(Set(pinned.findings.map(\.kind)) == [.unknownKey])
        let compared = try harness.verify(AuditCheck(exported: [outside]))
        #expect(Set(compared.findings.map(\.kind)) == [.otherCheckpoint, .rewrittenChain])
    }

    @Test("Where the tail and the checkpoints over it were cut, only an exported checkpoint tells")
    func cutWithCheckpoints() async throws {
        let harness = try await AuditHarness.filled()
        let lines = try harness.checkpoints()
        let outside = try harness.export(lines)
        let kept = try #require(lines.first?.checkpoint)
        let newest = try #require(lines.last?.checkpoint)
        for chain in newest.heads.map(\.chain) {
            let head = kept.heads.first { $0.chain == chain }?.number ?? 0
            try harness.host.script(
                """
                DELETE FROM host.audit a USING host.audit_link l
                WHERE l.seq = a.seq AND l.chain = '\(chain)' AND l.number > \(head);
                DELETE FROM host.audit_link WHERE chain = '\(chain)' AND number > \(head)
                """)
        }
        try harness.host.script(
            """
            DELETE FROM host.audit_checkpoint WHERE number > \(kept.number);
            UPDATE host.audit_watermark SET seq = (SELECT max(seq) FROM host.audit_link)
            """)
        #expect(try harness.verify().isClean, "from within the database alone nothing is to be seen")
        let report = try harness.verify(AuditCheck(exported: [outside]))
        let cut = report.findings.filter { $0.kind == .cutTail }
        #expect(Set(cut.map(\.site)) == ["t1", "t2", ""])
        #expect(report.findings.count { $0.kind == .missingCheckpoints } == lines.count - 1)
        #expect(report.exported == lines.count)
    }

    @Test("An exported checkpoint that was altered, or is of another database, is refused")
    func exported() async throws {
        let harness = try await AuditHarness.filled()
        let lines = try harness.checkpoints()
        let path = try harness.export(lines)
        #expect(try harness.verify(AuditCheck(exported: [path])).isClean)
        let line = try #require(lines.last)
        var signature = line.checkpoint.signature
        signature[40] ^= 1
        let forged = try #require(try AuditCheckpoint(body: line.checkpoint.body, signature: signature))
        let report = try harness.verify(
            AuditCheck(exported: [try harness.export([CheckpointLine(forged, key: line.key)])]))
        #expect(report.findings.map(\.kind) == [.forgedCheckpoint])

        let other = try await AuditHarness.filled()
        try other.host.script("UPDATE host.note SET value = gen_random_uuid()::text WHERE name = 'audit/database'")
        let foreign = try other.verify(AuditCheck(exported: [path]))
        #expect(foreign.findings.contains { $0.kind == .foreignCheckpoint })

        let broken = "\(harness.host.folder)/broken.jsonl"
        for text in ["", "{}\n", "not JSON\n", try String(contentsOfFile: path, encoding: .utf8) + "{\n"] {
            try text.write(toFile: broken, atomically: true, encoding: .utf8)
            #expect(throws: StartFailure.self) { try harness.verify(AuditCheck(exported: [broken])) }
        }
    }

    private func rewrite(_ harness: AuditHarness) throws {
        let seq = try harness.seq("t1", 5)
        try harness.host.script("UPDATE host.audit SET method = 'counter.box.take' WHERE seq = \(seq)")
        try harness.redigest(seq)
        try harness.relink("t1")
    }
}
