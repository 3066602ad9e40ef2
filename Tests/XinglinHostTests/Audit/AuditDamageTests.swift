import Testing
import XinglinKit
import XinglinPostgres
import XinglinTesting

@testable import XinglinHost

@Suite("What no host would write into the audit is found, hides nothing else, and ends no program")
struct AuditDamageTests {
    /// A change by a superuser who drops what stands in the way. SEQ is row 5 of site t1, LAST1 and LAST2 the sites' last rows.
    struct Damage: Sendable, CustomTestStringConvertible {
        let name: String
        let sql: String
        let found: [AuditFinding.Kind: Int]
        var testDescription: String { self.name }
    }

    private static let most = "9223372036854775807"
    private static let rowTime = "ALTER TABLE host.audit DROP CONSTRAINT audit_time_finite"

    private static func null(_ table: String, _ column: String, _ condition: String) -> String {
        "ALTER TABLE host.\(table) ALTER \(column) DROP NOT NULL; UPDATE host.\(table) SET \(column) = NULL WHERE \(condition)"
    }

    static let damages: [Damage] = [
        Damage(
            name: "a row of minus infinity",
            sql: "\(rowTime); UPDATE host.audit SET at = '-infinity' WHERE seq = SEQ", found: [.alteredRow: 1]),
        Damage(
            name: "a row of infinity", sql: "\(rowTime); UPDATE host.audit SET at = 'infinity' WHERE seq = SEQ",
            found: [.alteredRow: 1]),
        Damage(
            name: "a row of a time before all dates",
            sql: "UPDATE host.audit SET at = '0044-03-15 BC' WHERE seq = SEQ", found: [.alteredRow: 1]),
        Damage(name: "a row without a method", sql: null("audit", "method", "seq = SEQ"), found: [.alteredRow: 1]),
        Damage(name: "a row without notes", sql: null("audit", "notes", "seq = SEQ"), found: [.alteredRow: 1]),
        Damage(name: "a row without a time", sql: null("audit", "at", "seq = SEQ"), found: [.alteredRow: 1]),
        Damage(name: "a row without a digest", sql: null("audit", "digest", "seq = SEQ"), found: [.alteredRow: 1]),
        Damage(
            name: "a row with a short digest", sql: "UPDATE host.audit SET digest = '\\x00' WHERE seq = SEQ",
            found: [.alteredRow: 1]),
        Damage(
            name: "a column of another type",
            sql: """
                ALTER TABLE host.audit ALTER request_digest TYPE jsonb USING CASE WHEN seq = SEQ THEN '{"a":1}'::jsonb
                    ELSE to_jsonb(request_digest::text) END;
                ALTER TABLE host.audit ALTER request_digest TYPE text USING CASE WHEN seq = SEQ
                    THEN request_digest::text ELSE request_digest #>> '{}' END
                """, found: [.alteredRow: 1]),
        Damage(
            name: "a link that was sealed at infinity",
            sql: """
                ALTER TABLE host.audit_link DROP CONSTRAINT audit_link_time_finite;
                UPDATE host.audit_link SET sealed_at = 'infinity' WHERE seq = SEQ
                """, found: [.alteredLink: 1]),
        Damage(
            name: "a link without a digest", sql: null("audit_link", "digest", "seq = SEQ"),
            found: [.alteredLink: 1, .alteredRow: 1]),
        Damage(
            name: "a link without its own value", sql: null("audit_link", "link", "seq = SEQ"),
            found: [.alteredLink: 2]),
        Damage(
            name: "a link of the largest number",
            sql: "UPDATE host.audit_link SET number = \(most) WHERE seq = SEQ", found: [.missingLinks: 2]),
        Damage(
            name: "two last links of the largest number",
            sql: "UPDATE host.audit_link SET number = \(most) WHERE seq IN (LAST1, LAST2)",
            found: [.missingLinks: 2]),
        Damage(
            name: "a link of a negative number",
            sql: """
                ALTER TABLE host.audit_link DROP CONSTRAINT audit_link_number_positive;
                UPDATE host.audit_link SET number = -9223372036854775808 WHERE seq = SEQ
                """, found: [.alteredLink: 1, .missingLinks: 1]),
        Damage(
            name: "a checkpoint of infinity",
            sql: """
                ALTER TABLE host.audit_checkpoint DROP CONSTRAINT audit_checkpoint_time_finite;
                UPDATE host.audit_checkpoint SET at = 'infinity' WHERE number = 2
                """, found: [.forgedCheckpoint: 1]),
        Damage(
            name: "a checkpoint without a body", sql: null("audit_checkpoint", "body", "number = 2"),
            found: [.forgedCheckpoint: 1]),
        Damage(
            name: "a checkpoint of the largest number",
            sql: "UPDATE host.audit_checkpoint SET number = \(most) WHERE number = 2",
            found: [.missingCheckpoints: 2, .forgedCheckpoint: 1]),
        Damage(
            name: "a key that is none", sql: null("audit_key", "public_key", "true"), found: [:]),
        Damage(name: "no watermark", sql: "DELETE FROM host.audit_watermark", found: [.missingWatermark: 1]),
        Damage(
            name: "a watermark that was set far back",
            sql: """
                UPDATE host.audit_watermark SET seq = 0;
                INSERT INTO host.audit (at, method, outcome, notes, trace, digest)
                    SELECT now(), 'forged', 'done', '{}', '', '' FROM generate_series(1, 1100);
                INSERT INTO host.audit_link (chain, number, seq, sealed_at, digest, link)
                    SELECT gen_random_uuid(), 1, seq, at + seq * interval '1 second', sha256(''), sha256('')
                    FROM host.audit WHERE method = 'forged'
                """, found: [.loweredWatermark: 1, .alteredLink: 1100, .movedRow: 1100]),
    ]

    @Test("It is a finding, beside a row that was removed elsewhere", arguments: Self.damages)
    func damage(damage: Damage) async throws {
        let harness = try await AuditHarness.filled()
        var sql = damage.sql.replacing("SEQ", with: "\(try harness.seq("t1", 5))")
        for site in [1, 2] { sql = sql.replacing("LAST\(site)", with: "\(try harness.seq("t\(site)", 10))") }
        sql += "; DELETE FROM host.audit WHERE seq = \(try harness.seq("t2", 3))"
        // Nothing is sealed meanwhile, so that every run finds the same.
        let own = try harness.holdSealersLock()
        try harness.host.script("BEGIN; \(sql); COMMIT")
        let report = try harness.verify()
        try own.release()
        var kinds = Dictionary(grouping: report.findings, by: \.kind).mapValues(\.count)
        if damage.name == "a key that is none" {
            #expect(kinds.removeValue(forKey: .unknownKey) == report.checkpoints)
        }
        if damage.found[.loweredWatermark] != nil {
            // Of the many forged links not all are kept.
            #expect(kinds[.loweredWatermark] == 1)
            #expect(report.count == 2202)
            return
        }
        #expect(kinds == damage.found.merging([.removedRow: 1]) { $0 + $1 }, "\(report.findings)")
        #expect(
            report.findings.filter { $0.kind == .alteredRow || $0.kind == .alteredLink && ($0.number ?? 1) > 0 }
                .allSatisfy { $0.site == "t1" && 5...6 ~= ($0.number ?? 5) }, "\(report.findings)")
        #expect(report.findings.contains { $0.kind == .removedRow && $0.site == "t2" && $0.number == 3 })
    }

    @Test("A time that cannot be read is said without it, at its place")
    func place() async throws {
        let harness = try await AuditHarness.filled()
        let seq = try harness.seq("t1", 5)
        try harness.host.script("\(Self.rowTime); UPDATE host.audit SET at = '-infinity' WHERE seq = \(seq)")
        #expect(try harness.verify().findings.map(\.text.en) == ["altered row: site t1, number 5, seq \(seq)"])
        let waiting = try harness.host.hold("SELECT pg_current_xact_id()")
        try await harness.second.call("counter.box.add", ["name": "late", "amount": 1])
        try harness.host.script("UPDATE host.audit SET at = '-infinity' WHERE seq = (SELECT max(seq) FROM host.audit)")
        let report = try harness.verify()
        #expect(report.waiting == 1 && report.count == 2)
        let status = try SealingStatus.read(harness.superuser())
        #expect(status.unsealedAuditRows == 1 && status.oldestUnsealedAuditSeconds == 0)
        try waiting.release()
    }

    @Test("An audit that was emptied is not as it was sealed; one that never held anything is")
    func emptied() async throws {
        let harness = try await AuditHarness.filled()
        try harness.host.script(
            """
            DELETE FROM host.audit; DELETE FROM host.audit_link; DELETE FROM host.audit_checkpoint;
            DELETE FROM host.audit_watermark
            """)
        #expect(Set(try harness.verify().findings.map(\.kind)) == [.emptyAudit, .missingWatermark])
        try harness.host.script("INSERT INTO host.audit_watermark (seq) VALUES (0)")
        #expect(try harness.verify().findings.map(\.kind) == [.emptyAudit])
    }
}
