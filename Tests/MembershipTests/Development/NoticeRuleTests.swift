import Testing
import XinglinKit

@testable import Membership

/// DV-26, DV-14, DV-22, DV-03 and DV-09: what was let pass before.
struct NoticeRuleTests {
    private func notice(_ from: LocalDate, _ to: LocalDate) -> [String: JSONValue?] {
        ["publicity": ["from": .string("\(from)"), "to": .string("\(to)")]]
    }

    @Test(
        "DV-26: a notice is the step's own: it begins when the step before was taken, not a day earlier",
        arguments: [8, 13])
    func own(step: Int) throws {
        let process = try ProcessOnPaper.walked(to: step - 1, from: "2025-06-02")
        let before = try #require(process.progress.day(of: step - 1))
        let last = NoticeMustBePublished.lastDay(from: before, days: 5)
        let on = last.adding(days: 1)
        #expect(StepOrder.earliest(step, process.progress, process.judge.values) == on)
        #expect(process.rules(step, on: on, self.notice(before, last)) == [])
        let other = process.against(step, on: on, self.notice(before.adding(days: -1), last))
        #expect(other.map(\.rule) == ["DV-26"] && other[0].earliestOn == on)
        // Somebody who only asks is told the day.
        let asked = Proposal(step: step, on: last, around: process.around)
        let told = process.judge.findings(asked, process.progress).filter { !$0.isWarning }
        #expect(told.map(\.rule) == ["DV-26"] && told[0].earliestOn == on && told[0].who == .time)
        #expect(
            process.judge.findings(Proposal(step: step, on: on, around: process.around), process.progress)
                .filter { !$0.isWarning }.isEmpty)
    }

    @Test(
        "DV-26: a notice can be relied on for twelve months from its last day",
        arguments: [("2026-02-23", "2026-02-28", "2027-02-28"), ("2024-02-22", "2024-02-29", "2025-02-28")])
    func age(from: String, to: String, last: String) throws {
        let process = try ProcessOnPaper.walked(to: 7, from: "2022-03-02")
        let (notice, last) = (self.notice(try day(from), try day(to)), try day(last))
        #expect(process.rules(8, on: last, notice) == [])
        let late = process.against(8, on: last.adding(days: 1), notice)
        #expect(late.map(\.rule) == ["DV-26"] && late[0].who == .higherCommittee)
    }

    @Test("DV-26: a conversion's notice is one on probation, not the one of the admission")
    func conversion() throws {
        let process = try ProcessOnPaper.walked(to: 23, from: "2022-03-02")
        let on = try #require(process.progress.day(of: 23)).adding(days: 10)
        let admitted = try #require(process.progress.day(of: 17))
        #expect(process.rules(24, on: on, self.notice(on.adding(days: -20), on.adding(days: -12))) == [])
        #expect(process.rules(24, on: on, self.notice(admitted.adding(days: -9), on.adding(days: -12))) == ["DV-26"])
        #expect(process.rules(24, on: on, self.notice(on.adding(days: -9), on)) == ["DV-26"])
    }

    @Test("DV-14: whether somebody leaves has to be stated, in one way or the other")
    func leaving() throws {
        let process = try ProcessOnPaper.walked(to: 13, from: "2022-03-02")
        let on = try day("2026-11-20")
        #expect(process.rules(14, on: on, ["leavesWithin3Months": .some(nil)]) == ["DV-14"])
        #expect(
            process.rules(14, on: on, ["leavesWithin3Months": .some(nil), "overrideReason": "确需办理"]) == ["DV-14"])
        #expect(process.rules(14, on: on, ["leavesWithin3Months": false]) == [])
        #expect(process.rules(14, on: on, ["leavesWithin3Months": .some(nil), "leavingOn": "2027-08-01"]) == [])
    }

    @Test(
        "DV-22: an extension that would be over on the day it is decided is none",
        arguments: [(6, "2026-05-20", "2026-11-20"), (12, "2026-05-20", "2027-05-20"), (6, "2024-08-31", "2025-02-28")])
    func extensionOver(months: Int, end: String, over: String) throws {
        var process = try ProcessOnPaper.walked(to: 14, from: "2020-03-02")
        let (end, over) = (try day(end), try day(over))
        process.take(15, on: end.adding(years: -1))
        process.take(16, on: end.adding(years: -1))
        process.take(17, on: end.adding(years: -1))
        func rules(_ day: LocalDate) -> [String] {
            ProbationIsExtendedOnce.findings(on: day, months: months, process.progress, process.judge).map(\.rule)
        }
        #expect(rules(end) == [] && rules(over.adding(days: -1)) == [])
        #expect(rules(over) == ["DV-22"] && rules(over.adding(days: 30)) == ["DV-22"])
    }

    @Test("DV-03, DV-09: a branch with a committee decides by it, one without by its meeting", arguments: [3, 7])
    func decider(step: Int) throws {
        var process = try ProcessOnPaper.walked(to: step - 1, from: "2022-03-02")
        let on = try day("2026-11-20")
        let rule = step == 3 ? "DV-03" : "DV-09"
        for (has, full, decider, refused, warned) in [
            (true, 9, "committee", false, false), (true, 9, "meeting", true, false), (true, 5, "meeting", true, false),
            (false, 6, "meeting", false, false), (false, 6, "committee", false, true),
            (false, 7, "committee", false, true), (false, 7, "meeting", false, false),
        ] {
            process.around.branch = .init(hasCommittee: has, full: full)
            let findings = process.findings(step, on: on, ["decidedBy": .string(decider)]).filter { $0.rule == rule }
            #expect(findings.contains { !$0.isWarning } == refused, "\(has) \(full) \(decider)")
            #expect(findings.contains { $0.isWarning } == warned, "\(has) \(full) \(decider)")
        }
    }
}
