import Testing
import XinglinKit

@testable import Membership

/// DV-01 to DV-09, with the day before, leap days and ends of months.
struct CultivationRuleTests {
    @Test(
        "DV-01: eighteen on the day of the application, not a day before; 29 February counts on 1 March",
        arguments: [
            ("2008-11-22", "2026-11-22"), ("2008-02-29", "2026-03-01"), ("2006-02-28", "2024-02-28"),
            ("2008-12-31", "2026-12-31"),
        ])
    func age(born: String, first: String) throws {
        var process = try ProcessOnPaper()
        process.around.birthDate = try day(born)
        #expect(process.rules(1, on: try day(first)) == [])
        let early = process.against(1, on: try day(first).adding(days: -1))
        #expect(early.map(\.rule) == ["DV-01"] && early[0].earliestOn == LocalDate(first))
    }

    @Test(
        "DV-01: without a birth date, or with a foreign document, nothing can be judged; without a document there is a warning"
    )
    func citizen() throws {
        var process = try ProcessOnPaper()
        let on = try day("2026-11-22")
        process.around.birthDate = nil
        #expect(process.rules(1, on: on) == ["DV-01"])
        process.around.birthDate = try day("1990-01-01")
        process.around.documentKind = "passport"
        #expect(process.rules(1, on: on) == ["DV-01"])
        process.around.documentKind = nil
        #expect(process.rules(1, on: on) == [] && process.warnings(1, on: on) == ["DV-01"])
    }

    @Test(
        "DV-02: a calendar month for the talk, clipped at its end; a day later the reason is stated",
        arguments: [
            ("2026-01-31", "2026-02-28"), ("2024-01-31", "2024-02-29"), ("2026-03-31", "2026-04-30"),
            ("2026-05-15", "2026-06-15"),
        ])
    func talk(applied: String, last: String) throws {
        let process = try ProcessOnPaper.walked(to: 1, from: applied)
        let last = try day(last)
        #expect(process.findings(2, on: last).isEmpty)
        #expect(process.rules(2, on: last.adding(days: 1)) == ["DV-02"])
        let stated = process.findings(2, on: last.adding(days: 1), ["lateReason": "申请人外出进修"])
        #expect(stated.map(\.rule) == ["DV-02"] && stated[0].isWarning)
        #expect(process.rules(2, on: last.adding(days: 1), ["lateReason": "  "]) == ["DV-02"])
    }

    @Test("DV-04: who is under 28 and not of the League gives a warning and no refusal")
    func league() throws {
        var process = try ProcessOnPaper.walked(to: 2, from: "2026-03-02")
        process.around.birthDate = try day("1998-11-22")
        #expect(process.warnings(3, on: try day("2026-11-21")) == ["DV-04"])
        #expect(process.rules(3, on: try day("2026-11-21")) == [])
        #expect(process.warnings(3, on: try day("2026-11-21"), ["isLeagueMember": true]) == [])
        #expect(process.warnings(3, on: try day("2026-11-22")) == [])
    }

    @Test(
        "DV-05: months from application to activist where a county asks for them, none unless told",
        arguments: [("2026-08-31", 6, "2027-02-28"), ("2023-08-31", 6, "2024-02-29"), ("2026-01-15", 3, "2026-04-15")])
    func ripe(applied: String, months: Int, first: String) throws {
        let judge = try ProcessOnPaper.judge(with: [(RuleKey("DV-05", "activistMonths"), "\(months)")])
        var process = try ProcessOnPaper(judge: judge)
        process.walk(to: 2, from: try day(applied))
        #expect(process.rules(3, on: try day(first)) == [])
        let early = process.against(3, on: try day(first).adding(days: -1))
        #expect(early.map(\.rule) == ["DV-05"] && early[0].earliestOn == LocalDate(first))
        #expect(StepOrder.earliest(3, process.progress, judge.values) == LocalDate(first))
        #expect(try ProcessOnPaper.walked(to: 2, from: applied).rules(3, on: try day(applied)) == [])
    }

    @Test("DV-06: one or two mentors, different, and full members on the day")
    func mentors() throws {
        var process = try ProcessOnPaper.walked(to: 4, from: "2026-03-02")
        let on = try day("2026-03-10")
        let (one, two) = (JSONValue.string("\(ProcessOnPaper.mentor)"), JSONValue.string("\(ProcessOnPaper.other)"))
        let three = JSONValue.string("\(RecordID(high: 1, low: 3))")
        #expect(process.rules(5, on: on, ["mentors": [one]]) == [])
        for wrong: JSONValue in [[], [one, one], [one, two, three], [one, three]] {
            #expect(process.rules(5, on: on, ["mentors": wrong]) == ["DV-06"], "\(wrong)")
        }
        process.around.standings[ProcessOnPaper.other] = .probationary
        #expect(process.rules(5, on: on) == ["DV-06"])
    }

    @Test(
        "DV-07: a year from the committee's decision; from the filing where a county counts so; two years where it asks for them",
        arguments: [
            ("2026-03-02", "decision", 1, "2027-03-02"), ("2024-02-29", "decision", 1, "2025-02-28"),
            ("2023-02-28", "decision", 1, "2024-02-28"), ("2024-02-29", "decision", 4, "2028-02-29"),
            ("2026-03-02", "filing", 1, "2027-03-12"), ("2026-12-31", "decision", 1, "2027-12-31"),
        ])
    func cultivation(decided: String, from: String, years: Int, first: String) throws {
        let judge = try ProcessOnPaper.judge(with: [
            (RuleKey("DV-07", "countsFrom"), from), (RuleKey("DV-07", "cultivationYears"), "\(years)"),
        ])
        var process = try ProcessOnPaper(judge: judge)
        process.walk(to: 3, from: try day(decided))
        for step in 4...6 { process.take(step, on: try day(decided).adding(days: 10)) }
        #expect(process.rules(7, on: try day(first)) == [])
        let early = process.against(7, on: try day(first).adding(days: -1))
        #expect(early.map(\.rule) == ["DV-07"] && early[0].earliestOn == LocalDate(first))
        #expect(early[0].clause == "中国共产党发展党员工作细则(2014)第13条")
    }

    @Test("DV-07: half-year appraisals that are missing give a warning")
    func appraisals() throws {
        var process = try ProcessOnPaper.walked(to: 6, from: "2026-03-02")
        let first = try day("2027-03-02")
        #expect(process.warnings(7, on: first) == ["DV-07"])
        process.add(.appraised, on: try day("2026-09-02"), facts: StepFacts(["what": "appraisal"]))
        process.add(.appraised, on: try day("2026-10-02"), facts: StepFacts(["what": "thoughtReport"]))
        #expect(process.warnings(7, on: first) == ["DV-07"])
        process.add(.appraised, on: try day("2027-03-01"), facts: StepFacts(["what": "appraisal"]))
        #expect(process.warnings(7, on: first) == [])
        #expect(
            CultivationMustLastAYear.appraisalsDue(from: try day("2024-08-31"), to: try day("2025-02-28"), every: 6)
                == 1)
        #expect(
            CultivationMustLastAYear.appraisalsDue(from: try day("2024-08-31"), to: try day("2025-02-27"), every: 6)
                == 0)
    }

    @Test("DV-08: what came from another unit counts on, once its papers were examined")
    func received() throws {
        var process = try ProcessOnPaper.walked(to: 6, from: "2025-03-02")
        process.add(.transferredOut, on: try day("2025-09-01"), status: "transferred_out")
        #expect(process.rules(7, on: try day("2026-03-02")) == ["DV-27"])
        process.add(.received, on: try day("2026-01-01"))
        #expect(process.rules(7, on: try day("2026-03-02")) == ["DV-08"])
        #expect(process.rules(7, on: try day("2026-03-02"), ["papersExamined": true]) == [])
        #expect(process.rules(7, on: try day("2026-03-01"), ["papersExamined": true]) == ["DV-07"])
        // The receiving site may have said so when it received them.
        process.add(.received, on: try day("2026-01-02"), facts: StepFacts(["papersExamined": true]))
        #expect(process.rules(7, on: try day("2026-03-02")) == [])
    }

    @Test("DV-09: group, mentors, members and the public are heard; the group only where the branch has any")
    func opinions() throws {
        var process = try ProcessOnPaper.walked(to: 6, from: "2026-03-02")
        let on = try day("2027-03-02")
        let three: JSONValue = ["mentors", "members", "public"]
        #expect(process.rules(7, on: on, ["opinionsHeard": three]) == [])
        process.around.branchHasGroups = true
        #expect(process.rules(7, on: on, ["opinionsHeard": three]) == ["DV-09"])
        #expect(process.rules(7, on: on, ["opinionsHeard": ["group", "mentors", "members"]]) == ["DV-09"])
        #expect(process.rules(7, on: on) == [])
    }

    @Test(
        "DV-26: five working days of notice, the first and the last counted, over before the step",
        arguments: [
            // 2026-11-16 is a Monday.
            ("2026-11-16", "2026-11-20", true), ("2026-11-16", "2026-11-19", false), ("2026-11-14", "2026-11-20", true),
            ("2026-11-14", "2026-11-18", false), ("2026-11-18", "2026-11-24", true),
            ("2026-11-18", "2026-11-23", false),
        ])
    func notice(from: String, to: String, isLongEnough: Bool) throws {
        let process = try ProcessOnPaper.walked(to: 7, from: "2025-06-01")
        let notice: JSONValue = ["from": .string(from), "to": .string(to)]
        let last = try day(to)
        let after = last.adding(days: 1)
        #expect(process.rules(8, on: after, ["publicity": notice]) == (isLongEnough ? [] : ["DV-26"]))
        // On its last day a notice is not over.
        #expect(process.rules(8, on: last, ["publicity": notice]) == ["DV-26"])
        #expect(process.rules(8, on: last, ["publicity": .some(nil)]) == ["DV-26"])
        let judge = try ProcessOnPaper.judge(with: [(RuleKey("DV-26", "publicityDays"), "0")])
        #expect(
            try ProcessOnPaper.walked(to: 7, from: "2025-06-01", judge: judge).rules(
                8, on: last, ["publicity": .some(nil)]) == [])
    }
}
