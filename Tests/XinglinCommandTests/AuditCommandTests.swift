import Testing
import XinglinKit

@testable import XinglinCommand
@testable import XinglinHost

@Suite("What xinglin audit prints")
struct AuditCommandTests {
    private func report(_ findings: [AuditFinding] = []) -> AuditVerification {
        var report = AuditVerification()
        report.rows = 12
        report.chains = 2
        report.waiting = 1
        report.checkpoints = 3
        report.uncovered = 4
        report.signers = ["f1": 2, "f2": 1]
        report.ownKey = "f2"
        for finding in findings { report.add(finding) }
        return report
    }

    @Test("a clean audit says what was checked and with which keys")
    func clean() {
        #expect(
            AuditVerifyCommand.lines(self.report()) == [
                "12 rows checked in 2 chains; 1 more wait to be sealed",
                "3 checkpoints checked; 4 rows were sealed after the last", "signing key f1: 2 checkpoints",
                "signing key f2: 1 checkpoints (this data folder's)", "all is as it was sealed",
            ])
    }

    @Test("without a row or without a checkpoint nothing is said to be as it was sealed")
    func nothingToCompare() {
        for change in [{ $0.rows = 0 }, { $0.checkpoints = 0 }] as [(inout AuditVerification) -> Void] {
            var report = self.report()
            change(&report)
            #expect(
                AuditVerifyCommand.lines(report).last
                    == "there is no checkpoint to compare with — give exported ones with --checkpoint")
        }
        var exported = self.report()
        exported.checkpoints = 0
        exported.exported = 2
        #expect(AuditVerifyCommand.lines(exported).last == "all is as it was sealed")
    }

    @Test("a finding says what and where, in both languages")
    func finding() {
        let found = AuditFinding(
            .alteredRow, site: "t1", number: 7, seq: 9, at: Timestamp(microseconds: 1_795_000_000_000_000))
        let report = self.report([found, AuditFinding(.cutTail, site: "", number: 3, last: 5, checkpoint: 2)])
        let lines = AuditVerifyCommand.lines(report)
        #expect(lines.contains("altered row: site t1, number 7, seq 9, 2026-11-18T19:06:40+08:00"))
        #expect(lines.contains("cut tail: the host's own chain, numbers 3–5, checkpoint 2"))
        #expect(lines.last == "2 findings")
        let chinese = Language.$current.withValue(.zh) { AuditVerifyCommand.lines(report) }
        #expect(chinese.contains("记录被改动：机构 t1，第 7 号，seq 9，2026-11-18T19:06:40+08:00"))
        #expect(chinese.last == "发现 2 处不符")
    }

    @Test("every kind of finding reads in both languages", arguments: AuditFinding.Kind.allCases)
    func kinds(kind: AuditFinding.Kind) {
        let text = AuditFinding(kind, seq: 1).text
        #expect(isChinese(text.zh) && !isChinese(text.en))
    }

    @Test("one finding is one finding")
    func single() {
        #expect(
            AuditVerifyCommand.lines(self.report([AuditFinding(.removedRow, site: "t1", number: 1)])).last
                == "1 finding")
    }

    @Test("of very many findings the first thousand are shown, and the others counted")
    func many() {
        let report = self.report((0..<1_005).map { AuditFinding(.removedRow, site: "t1", number: Int64($0)) })
        #expect(AuditVerifyCommand.lines(report).suffix(2) == ["… and 5 more", "1005 findings"])
    }

    @Test("digits are printed in groups of four, sixteen groups to a line")
    func groups() {
        let lines = CheckpointPage.groups(String(repeating: "0123456789abcdef", count: 4) + "feed")
        #expect(
            lines == ["    " + Array(repeating: "0123 4567 89ab cdef", count: 4).joined(separator: " "), "    feed"])
    }
}
