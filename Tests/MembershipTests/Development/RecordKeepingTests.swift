import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// DV-27: late records, corrections, papers, and what was under way before.
struct RecordKeepingTests {
    @Test("a late record needs the higher committee's approval of that step and day, recorded by another account")
    func late() async throws {
        let one = try await Developing.begin(on: try day("2026-03-02"))
        var later = one
        try await later.go(to: try day("2026-03-20"))
        let on = try day("2026-03-10")
        #expect(try await later.refusal(2, on: try day("2026-03-12")).rules == ["DV-27"])
        let approval: [String: JSONValue] = [
            "candidateId": one.candidate, "step": 2, "on": .string("\(on)"), "reason": "支部事务员住院",
        ]
        let method = "membership.development.approveBackdating"
        // The branch's own officer is not of the committee; the committee's officer without reach cannot act at the branch's site.
        let own = try await later.party.refusal(method, .object(approval))
        #expect(own.reason == "membership.approverNotEntitled" && own.details?["committeeId"] == later.party.committee)
        let here = try await later.party.host.client(role: .siteAdmin, site: "t1")
        #expect(
            try await later.party.refusal(method, .object(approval), by: here).reason
                == "membership.approverNotEntitled")
        let above = later.party.committeeOfficer
        let early = await #expect(throws: CallRefused.self) {
            try await above.call(method, .object(approval.merging(["on": "2026-03-13"]) { $1 }), site: "t1")
        }
        #expect(early?.details?[0]?["pointer"] == "/on")
        let given = try await above.call(method, .object(approval), site: "t1")
        // Not by the account that approved it, not for another day.
        let self_ = await #expect(throws: CallRefused.self) {
            try await above.call("membership.development.record", later.params(2, on: on), site: "t1")
        }
        #expect(self_?.rules == ["DV-27"])
        #expect(try await later.refusal(2, on: try day("2026-03-11")).rules == ["DV-27"])
        try await later.officer.call("membership.development.record", later.params(2, on: on))
        let shown = try await later.timeline()
        #expect(try await later.entry(2)["backdatingId"] == given["backdatingId"])
        #expect(shown["approvals"]?.arrayValue?.count == 1)
        // A week is in time.
        try await later.officer.call("membership.development.record", later.params(3, on: try day("2026-03-13")))
    }

    @Test(
        "where no committee stands above, an administrator of the bureau approves late records, and nobody approves admissions"
    )
    func withoutCommittee() async throws {
        let party = try await TestParty.open(at: Developing.instant(try day("2026-03-02")))
        let branch = try await party.organization("branch", below: nil)
        let reply = try await party.officer.call(
            "membership.development.apply",
            ["personId": try await party.person(), "organizationId": branch, "on": "2026-03-02"])
        let candidate = try #require(reply["candidateId"])
        let later = try await party.on(try day("2026-04-01"))
        let approval: JSONValue = ["candidateId": candidate, "step": 2, "on": "2026-03-05", "reason": "支部事务员住院"]
        let method = "membership.development.approveBackdating"
        let here = try await later.host.client(role: .siteAdmin, site: "t1")
        #expect(try await later.refusal(method, approval, by: here).reason == "membership.approverNotEntitled")
        let bureau = try await later.host.client(role: .siteAdmin, site: "county", reach: .subtree)
        _ = try await bureau.call(method, approval, site: "t1")
        for (step, on, facts) in [
            (2, "2026-03-05", ["talker": "组织委员"]),
            (3, "2026-04-01", ["recommendedBy": "members", "decidedBy": "meeting"]),
        ] as [(Int64, String, JSONValue)] {
            try await later.officer.call(
                "membership.development.record",
                ["candidateId": candidate, "step": .integer(step), "on": .string(on), "facts": facts])
        }
        let refused = try await later.refusal(
            "membership.development.record", ["candidateId": candidate, "step": 4, "on": "2026-04-01"])
        #expect(refused.rules == ["DV-18"] && refused.details?[0]?["who"] == "higherCommittee")
    }

    @Test(
        "a correction keeps what was, is refused where later steps would not hold, and moves register and probation along"
    )
    func corrections() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.go(to: try day("2024-03-05"))
        try await one.walk(to: 6)
        try await one.walk(to: 7)
        let third = try #require(try await one.entry(3)["entryId"])
        func correct(_ entry: JSONValue, _ more: [String: JSONValue]) -> JSONValue {
            .object(["candidateId": one.candidate, "entryId": entry, "reason": "登记有误"].merging(more) { $1 })
        }
        let method = "membership.development.correct"
        // A day later, and the year of cultivation was not over: step 7 on 5 March 2025 would not hold.
        let refused = try await one.party.refusal(method, correct(third, ["on": "2024-03-06"]))
        #expect(refused.reason == "membership.stepRefused" && refused.rules.contains("DV-07"))
        #expect(refused.details?.arrayValue?.contains { $0["step"] == 7 } == true)
        // A day earlier is a late record.
        #expect(try await one.party.refusal(method, correct(third, ["on": "2024-03-04"])).rules == ["DV-27"])
        let right = try await one.officer.call(
            method, correct(third, ["facts": ["recommendedBy": "massOrganization", "decidedBy": "meeting"]]))
        #expect(
            try await one.party.refusal(method, correct(third, ["on": "2024-03-05"])).reason
                == "membership.entryCorrected")
        let entries = try #require(try await one.timeline()["entries"]?.arrayValue).filter { $0["step"] == 3 }
        #expect(
            entries.count == 2
                && entries.contains {
                    $0["correctedBy"] == right["entryId"] && $0["facts"]?["recommendedBy"] == "members"
                })
        #expect(try await one.entry(3)["facts"]?["recommendedBy"] == "massOrganization")
        let empty = try await one.party.refusal(method, correct(try #require(right["entryId"]), [:]))
        #expect(empty.details?[0]?["pointer"] == "/on")
        try await one.walk(to: 14)
        try await one.go(to: one.party.today.adding(days: 3))
        try await one.take(15)
        let meeting = one.party.today
        try await one.go(to: meeting.adding(days: 2))
        try await one.walk(to: 17)
        let vote = try #require(try await one.entry(15)["entryId"])
        let corrected = try await one.officer.call(
            method, correct(vote, ["on": .string("\(meeting.adding(days: -1))")]))
        #expect(corrected["status"] == "probationary")
        let shown = try await one.timeline()
        #expect(shown["probationFrom"] == .string("\(meeting.adding(days: -1))"))
        let member = try await one.officer.call("membership.member.get", ["memberId": try #require(shown["memberId"])])
        #expect(member["joinedOn"] == .string("\(meeting.adding(days: -1))") && member["facts"]?.arrayValue?.count == 2)
        #expect(try await one.party.count(on: meeting.adding(days: -1))["probationary"] == 1)
        let facts = try await one.party.refusal(method, correct(try #require(corrected["entryId"]), ["facts": [:]]))
        #expect(facts.details?[0]?["pointer"]?.stringValue?.hasPrefix("/facts/") == true)
    }

    @Test("an unqualified review is corrected to a qualified one, and the way is open")
    func outcome() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 9)
        #expect(try await one.take(10, ["conclusion": "unqualified"])["status"] == "candidate_introduced")
        try await one.take(11)
        #expect(try await one.refusal(12).rules == ["DV-11"])
        let lines = try #require(
            try await one.timeline()["entries"]?.arrayValue?.first { $0["step"] == 10 }?["entryId"])
        try await one.officer.call(
            "membership.development.correct",
            [
                "candidateId": one.candidate, "entryId": lines, "facts": ["conclusion": "qualified", "text": "合格"],
                "reason": "误填结论",
            ])
        #expect(try await one.take(12)["status"] == "candidate_committee_ok")
    }

    @Test("appraisals and papers are kept with their SM3, and count for the archive")
    func papers() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        let sm3 = String(repeating: "a", count: 64)
        try await one.officer.call(
            "membership.development.record",
            .object(
                (one.params(2, on: one.party.today).objectValue ?? [:]).merging(
                    ["documents": [["title": "谈话登记表", "sm3": .string(sm3)], ["title": "入党申请书"]]]) { $1 }))
        #expect(try await one.entry(2)["documents"] == [["title": "谈话登记表", "sm3": .string(sm3)], ["title": "入党申请书"]])
        let before = try await one.party.refusal(
            "membership.development.appraise", ["candidateId": one.candidate, "on": "2024-03-02", "what": "appraisal"])
        #expect(before.rules == ["DV-07"])
        try await one.walk(to: 6)
        for date in ["2024-09-02", "2025-03-02"] {
            try await one.go(to: try day(date))
            try await one.officer.call(
                "membership.development.appraise",
                ["candidateId": one.candidate, "on": .string(date), "what": "appraisal", "text": "表现良好"])
        }
        #expect(try await one.take(7)["warnings"] == [])
    }

    @Test("what was under way is taken over with its days, and goes on by the rules")
    func takeOver() async throws {
        var one = try await Developing.begin(on: try day("2026-03-02"))
        let admin = try await one.party.host.client(role: .siteAdmin, site: "t1")
        func taking(_ steps: [(Int, String)], _ more: [String: JSONValue] = [:]) async throws -> JSONValue {
            let lines = steps.map { JSONValue.object(["step": .integer(Int64($0.0)), "on": .string($0.1)]) }
            return .object(
                [
                    "personId": try await one.party.person(), "organizationId": one.party.branch,
                    "steps": .array(lines),
                ].merging(more) { $1 })
        }
        let method = "membership.development.takeOver"
        let activist = try await admin.call(
            method,
            try await taking([
                (1, "2025-01-31"), (2, "2025-02-10"), (3, "2025-03-03"), (4, "2025-03-20"), (5, "2025-03-20"),
                (6, "2025-03-20"),
            ]))
        #expect(activist["status"] == "activist_cultivating" && activist["memberId"] == nil)
        let later = Developing(
            party: one.party, candidate: try #require(activist["candidateId"]), person: one.person, members: one.members
        )
        let early = try await later.refusal(7)
        #expect(early.rules == ["DV-07"] && early.details?[0]?["earliestOn"] == "2026-03-03")
        let all = (1...24).map { ($0, $0 <= 14 ? "2022-06-01" : $0 <= 22 ? "2022-07-01" : "2023-07-05") }
        let full = try await admin.call(method, try await taking(all))
        #expect(full["status"] == "full_member")
        let member = try await one.officer.call("membership.member.get", ["memberId": try #require(full["memberId"])])
        #expect(
            member["standingFrom"] == "2023-07-01" && member["imported"] == true && member["joinedOn"] == "2022-07-01")
        let probationary = try await admin.call(
            method,
            try await taking(
                all.filter { ![18, 19, 20, 21, 22, 23, 24].contains($0.0) }.map {
                    ($0.0, $0.0 < 15 ? "2025-03-01" : "2025-04-01")
                }))
        #expect(probationary["status"] == "probationary" && probationary["memberId"] != nil)
        try await one.go(to: try day("2026-03-25"))
        let goingOn = Developing(
            party: one.party, candidate: try #require(probationary["candidateId"]), person: one.person,
            members: one.members)
        #expect(try await goingOn.take(22)["status"] == "conversion_applied")
        for step in 18...21 { try await goingOn.take(step) }
        #expect(try await goingOn.refusal(23).details?[0]?["earliestOn"] == "2026-04-01")
        for (wrong, pointer) in [
            ([(1, "2025-01-31"), (3, "2025-02-10")], "/steps/1/step"),
            ([(1, "2025-01-31"), (2, "2025-01-30")], "/steps/1/on"),
            ([(1, "2025-01-31"), (1, "2025-01-31")], "/steps/1/step"), ([(1, "2026-03-26")], "/steps/0/on"),
        ] {
            let refused = try await one.party.refusal(
                method, try await taking(wrong), by: try await one.party.host.client(role: .siteAdmin, site: "t1"))
            #expect(refused.details?[0]?["pointer"] == .string(pointer), "\(wrong)")
        }
        #expect(try await one.party.refusal(method, try await taking(all)).reason == "host.forbidden")
    }
}
