import Testing
import XinglinKit

@testable import Membership

/// What the rules refuse with: each time rule, clause, what is missing and who supplies it, in both languages.
struct RefusalTests {
    private func isComplete(_ finding: Finding) -> Bool {
        func hasHan(_ text: String) -> Bool {
            text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        }
        let details = finding.details.objectValue ?? [:]
        let (zh, en) = (details["missingZh"]?.stringValue ?? "", details["missing"]?.stringValue ?? "")
        return finding.rule.hasPrefix("DV-") && !finding.clause.isEmpty && hasHan(zh)
            && !hasHan(en.replacing("留党察看", with: "").replacing("志愿书", with: "")) && en.count > 10
            && details["who"] != nil && hasHan(details["whoZh"]?.stringValue ?? "") && !finding.who.labelEn.isEmpty
    }

    @Test(
        "every rule says of what it refuses or warns about which rule, which clause, what is missing and who supplies it"
    )
    func complete() throws {
        var found: [String: [Finding]] = [:]
        func ask(_ process: ProcessOnPaper, _ step: Int, _ on: LocalDate, _ change: [String: JSONValue?] = [:]) {
            for rule in StepJudge.rules where rule.concerns(step) {
                let judge = StepJudge(values: process.judge.values, table: process.judge.table)
                let proposal = Proposal(
                    step: step, on: on, facts: ProcessOnPaper.facts(step, on: on).changed(change),
                    around: process.around)
                let bare = Proposal(step: step, on: on, around: process.around)
                found["\(rule)", default: []] +=
                    rule.findings(proposal, process.progress, judge) + rule.findings(bare, process.progress, judge)
            }
            for finding in process.findings(step, on: on, change) {
                #expect(self.isComplete(finding), "step \(step): \(finding)")
            }
        }
        for last in 0...24 {
            // Each step much too late, too early, and with facts that nothing allows.
            var process =
                last == 0 ? try ProcessOnPaper() : try ProcessOnPaper.walked(to: last, from: "2020-03-02")
            process.around.standings = [:]
            process.around.entitled = 5
            process.around.branch = .init(hasCommittee: true, full: 9)
            process.around.birthDate = last % 2 == 0 ? nil : LocalDate("2015-01-01")
            process.around.documentKind = "passport"
            if last % 3 == 0 { process.around.chain = [] }
            let wrong: [String: JSONValue?] = [
                "decidedBy": "meeting", "passed": false, "days": 1, "agreed": false, "written": false,
                "opinionsHeard": [], "leavesWithin3Months": last % 2 == 0 ? .some(true) : .some(nil),
                "papersComplete": .some(nil),
                "publicity": ["from": "2019-01-01", "to": "2019-01-02"],
                "approvedBy": .string("\(ProcessOnPaper.branch)"),
            ]
            for step in 1...25 {
                for on in ["2020-03-01", "2029-12-31"] { ask(process, step, try day(on), wrong) }
                ask(process, step, try day("2029-12-31"), ["publicity": .some(nil)])
            }
        }
        var received = try ProcessOnPaper.walked(to: 6, from: "2025-03-02")
        received.add(.received, on: try day("2026-01-01"))
        ask(received, 7, try day("2026-03-02"))
        var ended = try ProcessOnPaper.walked(to: 3, from: "2025-03-02")
        ended.add(.withdrawn, on: try day("2026-01-01"), status: "withdrawn")
        ask(ended, 4, try day("2026-01-02"))
        for rule in StepJudge.rules {
            #expect(found["\(rule)"]?.isEmpty == false, "\(rule) was never asked in earnest")
        }
    }

    @Test("so do late records and extensions")
    func beside() throws {
        let process = try ProcessOnPaper.walked(to: 16, from: "2024-03-02")
        let extensions = ProbationIsExtendedOnce.findings(
            on: try day("2026-11-20"), months: 3, process.progress, process.judge)
        guard
            case .late(let late) = RecordsMustNotBeLate.verdict(
                step: 2, on: try day("2026-01-01"), today: try day("2026-02-01"), days: 7, approvals: [],
                recorder: ProcessOnPaper.mentor)
        else {
            Issue.record("a month late is late")
            return
        }
        for finding in extensions + [late] { #expect(self.isComplete(finding), "\(finding)") }
    }

    @Test("who supplies a step is who takes it by the file, and every line of the agenda has its step's rule")
    func sources() throws {
        let table = try StepFile.steps(parsing: DataOfTests.bytes(StepFile.name))
        let labels: [Supplier: String] = [
            .applicant: "本人申请人发展对象预备党员", .branch: "党支部", .branchCommittee: "党支部", .branchMeeting: "支部大会",
            .higherCommittee: "基层党委上级党委",
        ]
        for step in table.steps {
            let actor = String(step.actor.split(separator: "/").first ?? "")
            let label = labels[StepOrder.supplier(of: step.number)] ?? ""
            #expect(
                label.contains(actor) || actor.contains(label) || actor.hasPrefix("基层党委") && label.hasPrefix("基层党委"),
                "\(step.number): \(step.actor), \(label)")
            #expect(!DevelopmentStep.nameEn(step.number).isEmpty)
        }
        for task in AgendaTask.allCases where task.rawValue.hasPrefix("development.") {
            #expect(task.step != nil && task.supplier != nil, "\(task)")
        }
        #expect(StepOrder.rule(of: AgendaTask.filing.step ?? 0) == "DV-17")
        #expect(StepOrder.rule(of: AgendaTask.grouping.step ?? 0) == "DV-19")
    }
}
