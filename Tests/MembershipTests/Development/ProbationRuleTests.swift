import Testing
import XinglinKit

@testable import Membership

/// DV-19 to DV-27, with the day before, leap days and ends of months.
struct ProbationRuleTests {
    /// A process whose branch meeting was on a day, approved some weeks later, with the oath and all.
    private static func admitted(_ meeting: String, to last: Int = 21) throws -> ProcessOnPaper {
        var process = try ProcessOnPaper.walked(to: 13, from: "2020-03-02")
        let meeting = try day(meeting)
        process.take(10, on: meeting)
        for step in 14...15 { process.take(step, on: meeting) }
        for step in 16...last { process.take(step, on: meeting.adding(days: 40)) }
        return process
    }

    @Test(
        "DV-19, DV-21: probation is a year from the meeting, whatever the approval and the oath; the application comes in its last week",
        arguments: [
            ("2025-11-20", "2026-11-20"), ("2024-02-29", "2025-02-28"), ("2023-02-28", "2024-02-28"),
            ("2025-12-31", "2026-12-31"),
        ])
    func probation(meeting: String, end: String) throws {
        var process = try Self.admitted(meeting)
        let end = try day(end)
        #expect(process.progress.probation(process.judge.values)?.to == end)
        #expect(process.rules(22, on: end.adding(days: -8)) == ["DV-21"])
        #expect(process.against(22, on: end.adding(days: -8)).first?.earliestOn == end.adding(days: -7))
        #expect(process.rules(22, on: end.adding(days: -7)) == [])
        #expect(process.rules(22, on: end.adding(days: -7), ["written": false]) == ["DV-21"])
        process.take(22, on: end.adding(days: -7))
        let early = process.against(23, on: end.adding(days: -1))
        #expect(early.map(\.rule) == ["DV-19"] && early[0].earliestOn == end)
        #expect(process.rules(23, on: end) == [])
    }

    @Test("steps 18 to 21 come in any order after 17; without them there is no vote on the conversion")
    func anyOrder() throws {
        var process = try Self.admitted("2025-11-20", to: 17)
        let on = try day("2026-01-15")
        for step in [21, 19, 18, 20] {
            #expect(process.rules(step, on: on) == [])
            process.take(step, on: on)
        }
        #expect(process.progress.status == "probationary_observing")
        var hasty = try Self.admitted("2025-11-20", to: 17)
        hasty.take(22, on: try day("2026-11-20"))
        #expect(hasty.rules(23, on: try day("2026-11-20")) == ["DV-17", "DV-19", "DV-24"])
    }

    @Test(
        "DV-22: extended once, by six to twelve months, when probation has ended; the vote waits for the new end",
        arguments: [
            ("2024-02-29", 6, "2025-02-28", "2025-08-28"), ("2025-08-31", 6, "2026-08-31", "2027-02-28"),
            ("2025-11-20", 12, "2026-11-20", "2027-11-20"),
        ])
    func extended(meeting: String, months: Int, end: String, newEnd: String) throws {
        var process = try Self.admitted(meeting)
        let (end, newEnd) = (try day(end), try day(newEnd))
        process.take(22, on: end.adding(days: -3))
        func rules(_ months: Int, on day: LocalDate) -> [String] {
            ProbationIsExtendedOnce.findings(on: day, months: months, process.progress, process.judge).map(\.rule)
        }
        #expect(rules(months, on: end.adding(days: -1)) == ["DV-22"] && rules(months, on: end) == [])
        for wrong in [5, 13, 0] { #expect(rules(wrong, on: end) == ["DV-22"], "\(wrong)") }
        process.add(
            .extended, on: end, status: "probation_extended", facts: StepFacts(["months": .integer(Int64(months))]))
        #expect(process.progress.status == "probation_extended")
        #expect(process.progress.probation(process.judge.values)?.to == newEnd)
        let early = process.against(23, on: newEnd.adding(days: -1))
        #expect(early.map(\.rule) == ["DV-22"] && early[0].earliestOn == newEnd)
        #expect(process.rules(23, on: newEnd) == [] && rules(6, on: newEnd) == ["DV-22"])
        process.take(23, on: newEnd)
        #expect(process.progress.status == "conversion_pending_approval")
    }

    @Test("DV-22: nobody else's probation is extended")
    func notExtended() throws {
        let before = try ProcessOnPaper.walked(to: 16, from: "2024-03-02")
        let after = try ProcessOnPaper.walked(to: 24, from: "2020-03-02")
        for process in [before, after] {
            let findings = ProbationIsExtendedOnce.findings(
                on: try day("2026-11-20"), months: 6, process.progress, process.judge)
            #expect(findings.map(\.rule) == ["DV-22"])
        }
    }

    @Test(
        "DV-23: three months for the approval; later, the reason is stated",
        arguments: [("2025-11-30", "2026-02-28"), ("2023-11-30", "2024-02-29"), ("2026-03-02", "2026-06-02")])
    func conversion(meeting: String, last: String) throws {
        var process = try ProcessOnPaper.walked(to: 22, from: "2019-03-02")
        process.take(23, on: try day(meeting))
        let last = try day(last)
        let notice: JSONValue = [
            "from": .string("\(last.adding(workingDays: -5))"), "to": .string("\(last.adding(days: -1))"),
        ]
        #expect(process.findings(24, on: last, ["publicity": notice]).isEmpty)
        #expect(process.warnings(24, on: last) == ["DV-26"])
        #expect(process.rules(24, on: last.adding(days: 1)) == ["DV-23"])
        #expect(process.rules(24, on: last.adding(days: 1), ["specialReason": "党委换届"]) == [])
        #expect(process.rules(24, on: try day(meeting).adding(days: -1)) == ["DV-23"])
    }

    @Test("DV-24: the oath comes after the approval")
    func oath() throws {
        let process = try Self.admitted("2025-11-20", to: 17)
        #expect(process.rules(20, on: try day("2025-12-29")) == ["DV-24"])
        #expect(process.rules(20, on: try day("2025-12-30")) == [])
    }

    @Test("DV-25: the papers that the rule names are attached, or stated to be complete")
    func archive() throws {
        var process = try ProcessOnPaper.walked(to: 24, from: "2020-03-02")
        let on = try day("2026-11-20")
        #expect(process.rules(25, on: on) == [])
        let unstated: [String: JSONValue?] = ["papersComplete": .some(nil)]
        #expect(process.rules(25, on: on, unstated) == ["DV-25"])
        process = try ProcessOnPaper()
        for step in 1...24 {
            let on = StepOrder.earliest(step, process.progress, process.judge.values) ?? LocalDate("2020-03-02") ?? on
            process.take(step, on: on, papers: [1, 10, 14, 22].contains(step) ? 1 : 0)
        }
        let missing = process.against(25, on: on, unstated)
        #expect(missing.map(\.rule) == ["DV-25"] && missing[0].text.zh.contains("培养教育考察材料"))
        #expect(missing[0].text.zh.contains("志愿书") == false)
        process.add(.appraised, on: try day("2020-09-02"), facts: StepFacts(["what": "appraisal"]), papers: 1)
        #expect(process.rules(25, on: on, unstated) == [])
    }

    @Test("DV-27: a week late is in time, a day more needs another account's approval of that step and day")
    func late() throws {
        let (today, officer, other) = (try day("2026-03-07"), RecordID(high: 4, low: 1), RecordID(high: 4, low: 2))
        func verdict(_ on: String, _ approvals: [RecordsMustNotBeLate.Approval] = []) throws -> String {
            switch RecordsMustNotBeLate.verdict(
                step: 5, on: try day(on), today: today, days: 7, approvals: approvals, recorder: officer)
            {
            case .inTime: "inTime"
            case .approved: "approved"
            case .late: "late"
            }
        }
        func approval(_ step: Int, _ on: String, _ by: RecordID) throws -> RecordsMustNotBeLate.Approval {
            .init(id: RecordID(high: 5, low: 1), step: step, on: try day(on), by: by)
        }
        #expect(try verdict("2026-02-28") == "inTime")
        #expect(try verdict("2026-02-27") == "late")
        #expect(try verdict("2026-02-27", [approval(5, "2026-02-27", other)]) == "approved")
        #expect(try verdict("2026-02-27", [approval(5, "2026-02-27", officer)]) == "late")
        #expect(try verdict("2026-02-27", [approval(5, "2026-02-26", other)]) == "late")
        #expect(try verdict("2026-02-27", [approval(6, "2026-02-27", other)]) == "late")
    }

    @Test("a step is taken once, after those that it follows, and not before their days", arguments: 2...25)
    func order(step: Int) throws {
        // A meeting so late that no other rule stands against the step.
        var process = try ProcessOnPaper.walked(to: step - 1, from: "2020-03-02")
        let on = try #require(StepOrder.earliest(step, process.progress, process.judge.values))
        #expect(process.rules(step, on: on) == [], "\(step)")
        #expect(process.rules(step, on: on.adding(days: -1)) != [], "\(step)")
        process.take(step, on: on)
        if step != 17 { #expect(process.rules(step, on: on) == ["DV-27"]) }
        let bare = try ProcessOnPaper()
        #expect(
            bare.rules(step, on: on)
                == StepOrder.before(step).map { StepOrder.rule(of: $0) }.sorted().reduce(into: []) {
                    if $0.last != $1 { $0.append($1) }
                })
    }

    @Test("a process that is judged anew objects to a step moved past what follows it; what has ended takes no step")
    func objections() throws {
        var process = try ProcessOnPaper.walked(to: 8, from: "2024-03-02")
        func rules(_ entries: [DevelopmentEntry]) -> [String] {
            process.judge.objections(entries) { _, _ in process.around }.map { "\($0.step) \($0.finding.rule)" }
        }
        #expect(rules(process.entries) == [])
        var entries = process.entries
        let third = try #require(entries.firstIndex { $0.step == 3 })
        entries[third].on = entries[third].on.adding(days: 1)
        #expect(rules(entries).contains("4 DV-03") && rules(entries).contains("7 DV-07"))
        process.add(.withdrawn, on: try day("2026-01-01"), status: "withdrawn")
        #expect(process.progress.status == "withdrawn")
        #expect(process.rules(9, on: try day("2026-01-02")) == ["DV-27"])
    }
}
