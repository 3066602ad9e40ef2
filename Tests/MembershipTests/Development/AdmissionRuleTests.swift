import Testing
import XinglinKit

@testable import Membership

/// DV-10 to DV-18, with the day before, leap days and ends of months.
struct AdmissionRuleTests {
    @Test("steps 9 to 11 come in any order, and all three before step 12")
    func anyOrder() throws {
        for order in [[9, 10, 11], [9, 11, 10], [10, 9, 11], [10, 11, 9], [11, 9, 10], [11, 10, 9]] {
            var process = try ProcessOnPaper.walked(to: 8, from: "2024-03-02")
            let on = try day("2025-06-01")
            for (index, step) in order.enumerated() {
                #expect(process.rules(12, on: on) == order[index...].map { StepOrder.rule(of: $0) }.sorted())
                #expect(process.rules(step, on: on) == [], "\(order)")
                process.take(step, on: on)
            }
            #expect(process.rules(12, on: on) == [] && process.progress.status == "candidate_trained", "\(order)")
        }
    }

    @Test("DV-10: exactly two different full members introduce")
    func introducers() throws {
        var process = try ProcessOnPaper.walked(to: 8, from: "2024-03-02")
        let on = try day("2025-06-01")
        let (one, two) = (JSONValue.string("\(ProcessOnPaper.mentor)"), JSONValue.string("\(ProcessOnPaper.other)"))
        #expect(process.rules(9, on: on, ["introducers": [two, one]]) == [])
        for wrong: JSONValue in [[], [one], [one, one], [one, two, .string("\(RecordID(high: 1, low: 3))")]] {
            #expect(process.rules(9, on: on, ["introducers": wrong]) == ["DV-10"], "\(wrong)")
        }
        process.around.standings[ProcessOnPaper.other] = .probationary
        #expect(process.rules(9, on: on) == ["DV-10"])
        process.around.standings[ProcessOnPaper.other] = nil
        #expect(process.rules(9, on: on) == ["DV-10"])
    }

    @Test("DV-11: a review that is not qualified is recorded, and blocks until a new one is")
    func unqualified() throws {
        var process = try ProcessOnPaper.walked(to: 9, from: "2024-03-02")
        let on = try day("2025-06-01")
        process.take(10, on: on, ["conclusion": "unqualified"])
        process.take(11, on: on)
        #expect(process.progress.status == "candidate_trained")
        let against = process.against(12, on: on)
        #expect(against.map(\.rule) == ["DV-11"] && against[0].text.en.contains("2025-06-01"))
        process.take(10, on: on.adding(days: 30))
        #expect(process.rules(12, on: on.adding(days: 30)) == [])
    }

    @Test(
        "DV-11: a review holds twelve months, judged when the branch examines and when it votes",
        arguments: [("2025-06-01", "2026-06-01"), ("2024-02-29", "2025-02-28"), ("2025-08-31", "2026-08-31")])
    func validity(reviewed: String, last: String) throws {
        let last = try day(last)
        var process = try ProcessOnPaper.walked(to: 9, from: "2023-01-02")
        process.take(10, on: try day(reviewed))
        process.take(11, on: try day(reviewed))
        #expect(process.rules(12, on: last) == [])
        #expect(process.rules(12, on: last.adding(days: 1)) == ["DV-11"])
        // Not twice on its day; on a later one the review may be made again, and the latest counts.
        let first = try day(reviewed)
        #expect(process.rules(10, on: first) == ["DV-27"] && process.rules(10, on: last) == [])
        for step in 12...14 { process.take(step, on: last) }
        #expect(process.rules(15, on: last) == [] && process.rules(15, on: last.adding(days: 1)) == ["DV-11"])
        process.take(10, on: last.adding(days: 1))
        #expect(process.rules(15, on: last.adding(days: 1)) == [])
        #expect(process.progress.status == "candidate_form_filled")
    }

    @Test(
        "DV-12: three days or twenty-four hours, passed; only a documented exception does without",
        arguments: [
            (2, 23, true, nil, false), (3, 0, true, nil, true), (0, 24, true, nil, true), (3, 24, false, nil, false),
            (0, 0, false, "县委组织部批准免训", true), (0, 0, true, " ", false),
        ] as [(Int64, Int64, Bool, String?, Bool)])
    func training(days: Int64, hours: Int64, passed: Bool, exception: String?, isEnough: Bool) throws {
        let process = try ProcessOnPaper.walked(to: 8, from: "2024-03-02")
        let rules = process.rules(
            11, on: try day("2025-06-01"),
            [
                "days": .integer(days), "hours": .integer(hours), "passed": .bool(passed),
                "exception": exception.map { .string($0) },
            ])
        #expect(rules == (isEnough ? [] : ["DV-12"]))
    }

    @Test(
        "DV-13: the committee agrees collectively; what is sent back is kept, and blocks until it is qualified; a month is normal"
    )
    func preexamination() throws {
        var process = try ProcessOnPaper.walked(to: 11, from: "2024-03-02")
        let on = try day("2025-08-31")
        #expect(process.rules(12, on: on, ["agreed": false]) == ["DV-13"])
        #expect(process.rules(12, on: on, ["collective": false]) == ["DV-13"])
        process.take(12, on: on)
        #expect(process.warnings(13, on: try day("2025-09-30")) == [])
        #expect(process.warnings(13, on: try day("2025-10-01")) == ["DV-13"])
        #expect(process.rules(13, on: try day("2025-10-01")) == [])
        #expect(process.rules(13, on: on, ["publicity": .some(nil)]) == ["DV-26"])
        #expect(process.rules(13, on: on, ["publicity": .some(nil), "result": "returned"]) == [])
        process.take(13, on: on, ["result": "returned"])
        #expect(process.rules(14, on: on) == ["DV-13"] && process.progress.status == "candidate_committee_ok")
        process.take(13, on: on.adding(days: 20))
        #expect(
            process.rules(14, on: on.adding(days: 20)) == [] && process.rules(14, on: on.adding(days: 19)) == ["DV-13"])
    }

    @Test(
        "DV-14: who leaves within three months is not taken in but for a stated reason",
        arguments: [("2025-11-30", "2026-02-28"), ("2023-11-30", "2024-02-29"), ("2025-06-15", "2025-09-15")])
    func leaving(on: String, last: String) throws {
        let process = try ProcessOnPaper.walked(to: 13, from: "2022-03-02")
        let (on, last) = (try day(on), try day(last))
        #expect(process.rules(14, on: on, ["leavingOn": .string("\(last)")]) == ["DV-14"])
        #expect(process.rules(14, on: on, ["leavingOn": .string("\(last.adding(days: 1))")]) == [])
        #expect(process.rules(14, on: on, ["leavesWithin3Months": true]) == ["DV-14"])
        let stated: [String: JSONValue?] = ["leavesWithin3Months": true, "overrideReason": "抗疫一线表现突出"]
        #expect(process.rules(14, on: on, stated) == [] && process.warnings(14, on: on, stated) == ["DV-14"])
    }

    @Test("DV-15: the meeting normally comes within a month of the pre-examination")
    func meeting() throws {
        var process = try ProcessOnPaper.walked(to: 12, from: "2024-03-02")
        process.take(13, on: try day("2025-08-31"))
        process.take(14, on: try day("2025-09-01"))
        process.take(10, on: try day("2025-09-01"))
        #expect(process.warnings(15, on: try day("2025-09-30")) == [])
        #expect(process.warnings(15, on: try day("2025-10-01")) == ["DV-15"])
        #expect(process.rules(15, on: try day("2025-10-01")) == [])
    }

    @Test("DV-16: the committee talks after the vote and before the approval")
    func talk() throws {
        var process = try ProcessOnPaper.walked(to: 15, from: "2024-03-02")
        let meeting = try #require(process.progress.day(of: 15))
        #expect(process.rules(17, on: meeting) == ["DV-16"])
        #expect(process.rules(16, on: meeting.adding(days: -1)) == ["DV-16"])
        process.take(16, on: meeting)
        #expect(process.rules(17, on: meeting) == [])
    }

    @Test(
        "DV-17: three months, up to six with a reason; then the resolution is none and the branch votes again",
        arguments: [
            ("2025-11-30", "2026-02-28", "2026-05-30"), ("2023-11-30", "2024-02-29", "2024-05-30"),
            ("2025-08-31", "2025-11-30", "2026-02-28"), ("2026-03-02", "2026-06-02", "2026-09-02"),
        ])
    func approval(meeting: String, last: String, end: String) throws {
        var process = try ProcessOnPaper.walked(to: 13, from: "2022-03-02")
        let (meeting, last, end) = (try day(meeting), try day(last), try day(end))
        process.take(10, on: meeting)
        for step in 14...16 { process.take(step, on: meeting) }
        let reason: [String: JSONValue?] = ["specialReason": "党委换届"]
        #expect(process.findings(17, on: last).isEmpty)
        #expect(process.rules(17, on: last.adding(days: 1)) == ["DV-17"])
        #expect(process.rules(17, on: last.adding(days: 1), reason) == [])
        #expect(process.rules(17, on: end, reason) == [] && process.warnings(17, on: end, reason) == ["DV-17"])
        #expect(process.rules(15, on: end) == ["DV-27"])
        // The day after, neither vote nor talk counts.
        let lapsed = end.adding(days: 1)
        #expect(process.rules(17, on: lapsed, reason) == ["DV-16"] && process.rules(16, on: lapsed) == ["DV-15"])
        #expect(process.rules(15, on: lapsed) == [])
        let asOf = process.progress.asOf(lapsed, process.judge.values, process.judge.table)
        #expect(asOf.status == "candidate_form_filled" && StepOrder.earliest(15, asOf, process.judge.values) == lapsed)
        process.take(15, on: lapsed)
        #expect(
            process.progress.status == "probationary_pending_approval" && process.rules(17, on: lapsed) == ["DV-16"])
        process.take(16, on: lapsed)
        process.take(17, on: lapsed)
        #expect(process.progress.probation(process.judge.values)?.from == lapsed)
    }

    @Test("DV-17: a refusal ends the development")
    func refused() throws {
        var process = try ProcessOnPaper.walked(to: 16, from: "2024-03-02")
        let on = try #require(process.progress.day(of: 16))
        process.take(17, on: on, ["decision": "refuse"])
        #expect(process.progress.status == "rejected" && process.rules(18, on: on) == ["DV-27"])
    }

    @Test(
        "DV-18: neither general branch, leading group nor temporary organisation approves, nor a committee elsewhere",
        arguments: [4, 8, 13, 17, 24])
    func approver(step: Int) throws {
        let ids = (1...5).map { RecordID(high: 3, low: UInt64($0)) }
        var process = try ProcessOnPaper.walked(to: step - 1, from: "2020-03-02")
        let on = try day("2026-11-20")
        let own = ProcessOnPaper.committee
        let more: [String: JSONValue?] = ["specialReason": "疫情期间"]
        process.around.chain.insert(ProcessOnPaper.organization(ids[0], .generalBranch, approves: false), at: 1)
        process.around.chain.append(ProcessOnPaper.organization(ids[1], .leadingGroup, approves: false))
        process.around.chain.append(ProcessOnPaper.organization(ids[2], .committee, approves: false, isTemporary: true))
        // Whatever else stands against a step so late, the approver does or does not.
        func rules(_ approver: RecordID?) -> [String] {
            process.around.named = process.around.chain.first { $0.id == approver }
            var change = more
            change["approvedBy"] = approver.map { .string("\($0)") }
            return process.rules(step, on: on, change).filter { $0 == "DV-18" }
        }
        #expect(rules(nil) == [] && rules(own) == [])
        for id in ids.prefix(3) + [ids[4], ProcessOnPaper.branch] { #expect(rules(id) == ["DV-18"], "\(id)") }
        process.around.chain.removeAll { $0.id == own }
        #expect(rules(nil) == ["DV-18"] && rules(own) == ["DV-18"])
    }
}
