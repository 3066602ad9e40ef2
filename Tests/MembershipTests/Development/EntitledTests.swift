import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// E of a vote, and who decides, by the register (domain rules 1.3, DV-03, DV-09).
struct EntitledTests {
    @Test(
        "due is held against what the register has of full members with a vote; who is counted out, or not registered yet, is stated with a reason"
    )
    func due() async throws {
        var one = try await Developing.begin(on: try day("2024-03-04"))
        try await one.walk(to: 14)
        let on = one.party.today
        for _ in 0..<3 { _ = try await one.party.member() }
        let disciplined = try await one.party.member()
        _ = try await one.party.member(joined: on.adding(days: -30), status: "probationary")
        try await one.officer.call(
            "membership.member.note",
            [
                "memberId": disciplined, "kind": "discipline", "from": .string("\(on)"),
                "discipline": "probationInParty", "text": "留党察看一年",
            ])
        let method = "membership.development.vote"
        // Six full members, of whom one is without the rights of one.
        for (due, out, more) in [(6, 0, 0), (4, 0, 0), (7, 0, 0), (4, 2, 0), (6, 0, 2), (5, 1, 0)]
            as [(Int64, Int64, Int64)]
        {
            let lost = try await one.officer.call(
                method,
                one.ballots(
                    "admission", on: on, due: due, present: 4, inFavour: 1, countedOut: out, unregistered: more))
            #expect(lost["passed"] == false && lost["warnings"]?.arrayValue?.count == 1, "\(due) \(out) \(more)")
            let warning = lost["warnings"]?[0]
            #expect(warning?["rule"] == "DV-15" && warning?["text"]?.stringValue?.contains("5 full members") == true)
            #expect(warning?["textZh"]?.stringValue?.contains("为 5 人") == true)
        }
        func vote(_ due: Int64, out: Int64 = 0, more: Int64 = 0) async throws -> JSONValue {
            try await one.officer.call(
                method,
                one.ballots(
                    "admission", on: on, due: due, present: 4, inFavour: 2, countedOut: out, unregistered: more))
        }
        let lost = try await vote(5)
        #expect(lost["presentRequired"] == 3 && lost["passed"] == false && lost["warnings"] == [])
        #expect(try await vote(8, out: 1, more: 4)["presentRequired"] == 5)
        let won = try await one.officer.call(
            method, one.ballots("admission", on: on, due: 4, present: 4, inFavour: 3, countedOut: 1))
        #expect(won["passed"] == true)
        let votes = try #require(try await one.timeline()["votes"]?.arrayValue)
        #expect(votes.allSatisfy { $0["registered"] == 5 })
        #expect(votes.suffix(3).map { $0["due"] } == [5, 8, 4])
        #expect(
            votes[6]["countedOut"] == nil && votes[7]["unregistered"] == 4 && votes[8]["countedOutReason"] == "支部大会决定")
        #expect(try await one.entry(15)["facts"]?["countedOut"]?["number"] == 1)
    }

    @Test("the conversion counts the branch that the member belongs to by then")
    func moved() async throws {
        var one = try await Developing.begin(on: try day("2023-02-27"))
        try await one.walk(to: 22)
        let other = try await one.party.organization("branch", below: one.party.committee)
        for _ in 0..<3 { _ = try await one.party.member(in: other) }
        let member = try #require(try await one.timeline()["memberId"])
        try await one.officer.call(
            "membership.member.assign",
            ["memberId": member, "organizationId": other, "on": .string("\(one.party.today)")])
        try await one.go(to: one.party.today.adding(days: 7))
        func vote(_ due: Int64, _ inFavour: Int64) async throws -> JSONValue {
            try await one.officer.call(
                "membership.development.vote",
                one.ballots("conversion", on: one.party.today, due: due, present: due, inFavour: inFavour))
        }
        #expect(try await vote(2, 0)["warnings"]?[0]?["rule"] == "DV-15")
        let passed = try await vote(3, 3)
        #expect(passed["passed"] == true && passed["warnings"] == [])
    }

    @Test("numbers that cannot be are refused with their field")
    func impossible() async throws {
        let one = try await Developing.begin(on: try day("2024-03-04"))
        let on = one.party.today
        for (ballots, field) in [
            (one.ballots("admission", on: on, due: 5, present: 6), "/present"),
            (one.ballots("admission", on: on, due: 5, present: 3, inFavour: 4), "/inFavour"),
            (one.ballots("admission", on: on, due: 5, present: 3, inFavour: 3, recused: 1), "/inFavour"),
            (one.ballots("admission", on: on, due: 5, present: 3, inFavour: 1, recused: 4), "/recused"),
            (one.ballots("admission", on: on, due: 5, present: 3, inFavour: 3, written: 3), "/writtenInFavour"),
            (one.ballots("admission", on: on, due: 0, present: 0, inFavour: 0), "/due"),
        ] {
            let refused = try await one.party.refusal("membership.development.vote", ballots)
            #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == .string(field))
        }
        var blank = try #require(one.ballots("admission", on: on, countedOut: 1).objectValue)
        blank["countedOut"] = ["number": 1, "reason": "  "]
        let refused = try await one.party.refusal("membership.development.vote", .object(blank))
        #expect(refused.details?[0]?["pointer"] == "/countedOut/reason")
    }

    @Test("who decides follows from what is recorded of the branch's committee on that day")
    func decider() async throws {
        var one = try await Developing.begin(on: try day("2024-03-04"))
        try await one.take(2)
        var members = one.members
        for _ in 0..<5 { members.append(try await one.party.member()) }
        let warnings = try await one.take(3, ["decidedBy": "committee"])["warnings"]
        #expect(warnings?.arrayValue?.map { $0["rule"] } == ["DV-03"])
        try await one.walk(to: 6)
        try await one.go(to: try day("2024-06-03"))
        try await one.officer.call(
            "membership.committee.elect",
            one.party.election(Array(members.prefix(4)), seats: 3, on: "2024-06-03", due: 7))
        try await one.go(to: try day("2025-03-04"))
        let meeting = try await one.refusal(7)
        #expect(meeting.rules == ["DV-09"] && meeting.details?[0]?["who"] == "branchCommittee")
        #expect(try await one.take(7, ["decidedBy": "committee"])["status"] == "candidate_pending_filing")
    }
}
