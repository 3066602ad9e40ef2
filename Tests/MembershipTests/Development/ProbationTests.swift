import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Votes, approvals, extensions and ends, through the wire.
struct ProbationTests {
    @Test("a vote that fails or is invalid is kept and leaves the step open; numbers that cannot be are refused")
    func votes() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 14)
        let on = one.party.today
        func vote(_ ballots: JSONValue) async throws -> JSONValue {
            try await one.officer.call("membership.development.vote", ballots)
        }
        let wrong = try await one.party.refusal(
            "membership.development.vote", one.ballots("admission", on: on, due: 5, present: 6))
        #expect(wrong.reason == "host.invalidParams" && wrong.details?[0]?["pointer"] == "/present")
        let invalid = try await vote(
            one.ballots("admission", on: on, due: 4, present: 2, inFavour: 2, written: 2, unregistered: 2))
        #expect(invalid["valid"] == false && invalid["passed"] == false && invalid["entryId"] == nil)
        #expect(invalid["presentRequired"] == 3 && invalid["inFavourRequired"] == 3 && invalid["rule"] == "DV-15")
        #expect(invalid["warnings"] == [])
        let failed = try await vote(one.ballots("admission", on: on, inFavour: 1, recused: 1))
        #expect(failed["valid"] == true && failed["passed"] == false && failed["status"] == "candidate_form_filled")
        let conversion = try await one.party.refusal(
            "membership.development.vote", one.ballots("conversion", on: on))
        #expect(conversion.rules.contains("DV-21"))
        let passed = try await vote(one.ballots("admission", on: on))
        #expect(
            passed["passed"] == true && passed["status"] == "probationary_pending_approval" && passed["warnings"] == [])
        #expect(try await one.refusal(15).rules == ["DV-27"])
        let shown = try #require(try await one.timeline()["votes"]?.arrayValue)
        #expect(shown.map { $0["passed"] } == [false, false, true] && shown[2]["entryId"] == passed["entryId"])
    }

    @Test(
        "a resolution that nobody approved in six months is none: the branch votes again, and probation counts from the new meeting"
    )
    func lapse() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 16)
        let meeting = one.party.today
        try await one.go(to: meeting.adding(months: 6).adding(days: 1))
        #expect(try await one.refusal(17, ["specialReason": "党委换届"]).rules == ["DV-16"])
        let lines = try await one.next()
        #expect(lines[14]["allowed"] == true)
        #expect(lines[14]["earliestOn"] == .string("\(meeting.adding(months: 6).adding(days: 1))"))
        // Nobody recorded the lapse: the lists know it all the same, from that day on.
        for (asOf, status, since) in [
            (meeting.adding(months: 6), "probationary_talked", meeting),
            (one.party.today, "candidate_form_filled", one.party.today),
        ] {
            let list = try await one.officer.call(
                "membership.development.list", ["asOf": .string("\(asOf)")])["developments"]?.arrayValue
            #expect(
                list?.map { $0["status"] } == [.string(status)] && list?.first?["statusSince"] == .string("\(since)"))
            let next = try await one.officer.call(
                "membership.development.next", ["candidateId": one.candidate, "asOf": .string("\(asOf)")])
            #expect(next["status"] == .string(status))
        }
        #expect(try await one.timeline()["status"] == "candidate_form_filled")
        #expect(try await one.take(15)["status"] == "probationary_pending_approval")
        try await one.take(16)
        try await one.take(17)
        let shown = try await one.timeline()
        #expect(shown["probationFrom"] == .string("\(one.party.today)") && shown["status"] == "probationary")
        #expect(shown["entries"]?.arrayValue?.contains { $0["kind"] == "lapsed" } == true)
        #expect(try await one.party.count()["probationary"] == 1)
        let list = try await one.officer.call("membership.development.list", [:])
        #expect(list["developments"]?.arrayValue?.map { $0["status"] } == ["probationary"])
    }

    @Test("a committee's refusal ends the development, and the person is free to apply again")
    func refusedByCommittee() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 16)
        #expect(try await one.take(17, ["decision": "refuse"])["status"] == "rejected")
        #expect(try one.party.host.sql("SELECT count(*)::text FROM membership.member") == [["2"]])
        let apply: JSONValue = [
            "personId": one.person, "organizationId": one.party.branch, "on": .string("\(one.party.today)"),
        ]
        try await one.officer.call("membership.development.apply", apply)
        let list = try await one.officer.call("membership.development.list", ["status": "rejected"])
        #expect(list["developments"]?.arrayValue?.map { $0["candidateId"] } == [one.candidate])
    }

    @Test("an extension moves the end once; the standing counts from the new end, whenever it is approved")
    func extended() async throws {
        var one = try await Developing.begin(on: try day("2023-02-28"))
        try await one.walk(to: 22)
        let end = try day("2025-03-13")
        let extend: [String: JSONValue] = ["candidateId": one.candidate, "months": 6, "reason": "需继续考察"]
        func extending(_ months: Int64 = 6) -> JSONValue {
            .object(extend.merging(["on": .string("\(one.party.today)"), "months": .integer(months)]) { $1 })
        }
        let early = try await one.party.refusal("membership.development.extend", extending())
        #expect(early.rules == ["DV-22"] && early.details?[0]?["earliestOn"] == .string("\(end)"))
        try await one.go(to: end)
        #expect(try await one.party.refusal("membership.development.extend", extending(5)).rules == ["DV-22"])
        let reply = try await one.officer.call("membership.development.extend", extending())
        #expect(reply["probationTo"] == "2025-09-13" && reply["status"] == "probation_extended")
        #expect(try await one.party.refusal("membership.development.extend", extending()).rules == ["DV-22", "DV-22"])
        #expect(try await one.refusal(23).rules == ["DV-22"])
        try await one.go(to: try day("2025-09-13"))
        try await one.take(23)
        try await one.go(to: try day("2025-11-13"))
        try await one.take(24)
        let member = try #require(try await one.timeline()["memberId"])
        for (date, status) in [("2025-09-12", "probationary"), ("2025-09-13", "full")] {
            let then = try await one.officer.call("membership.member.get", ["memberId": member, "asOf": .string(date)])
            #expect(then["status"] == .string(status), "\(date)")
        }
    }

    @Test(
        "a probation is cancelled: member no more, free to apply again; before admission nothing comes of a development"
    )
    func ends() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        func end(_ how: String, on day: LocalDate? = nil) -> (String, JSONValue) {
            (
                "membership.development.\(how)",
                ["candidateId": one.candidate, "on": .string("\(day ?? one.party.today)"), "reason": "支部大会决议"]
            )
        }
        try await one.walk(to: 18)
        let withdrawal = end("withdraw")
        #expect(try await one.party.refusal(withdrawal.0, withdrawal.1).reason == "membership.memberAlready")
        let before = end("cancel", on: one.party.today.adding(days: -1))
        #expect(try await one.party.refusal(before.0, before.1).details?[0]?["pointer"] == "/on")
        let cancel = end("cancel")
        let cancelled = try await one.officer.call(cancel.0, cancel.1)
        #expect(cancelled["status"] == "probation_cancelled")
        let member = try await one.officer.call(
            "membership.member.get", ["memberId": try #require(cancelled["memberId"])])
        #expect(member["status"] == "ended" && member["facts"]?.arrayValue?.last?["endedHow"] == "probationCancelled")
        let closed = try await one.party.refusal(cancel.0, cancel.1)
        #expect(closed.reason == "membership.developmentEnded" && closed.details?["kind"] == "cancelled")
        #expect(try await one.refusal(19).rules == ["DV-27"])
        let again = try await one.officer.call(
            "membership.development.apply",
            ["personId": one.person, "organizationId": one.party.branch, "on": .string("\(one.party.today)")])
        let second = try #require(again["candidateId"])
        let ended = try await one.officer.call(
            "membership.development.withdraw",
            ["candidateId": second, "on": .string("\(one.party.today)"), "reason": "本人提出"])
        #expect(ended["status"] == "withdrawn" && ended["memberId"] == nil)
        #expect(try one.party.host.sql("SELECT count(*)::text FROM membership.claim") == [["2"]])
        #expect(try await one.party.count()["applicants"] == 0)
    }

    @Test("who died on probation is taken no step further")
    func died() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 17)
        let member = try #require(try await one.timeline()["memberId"])
        try await one.officer.call(
            "membership.member.end",
            ["memberId": member, "on": .string("\(one.party.today)"), "how": "died", "reason": "因病去世"])
        #expect(try await one.refusal(18).reason == "membership.memberEnded")
        // Everything that shows the development shows it as ended, with the fact.
        let shown = try await one.timeline()
        #expect(shown["status"] == "member_ended" && shown["memberEnd"]?["how"] == "died")
        let next = try await one.officer.call("membership.development.next", ["candidateId": one.candidate])
        #expect(next["status"] == "member_ended" && next["memberEnd"]?["on"] == .string("\(one.party.today)"))
        let steps = try #require(next["steps"]?.arrayValue)
        #expect(steps.allSatisfy { $0["allowed"] == false && $0["earliestOn"] == nil })
        #expect(try await one.officer.call("membership.development.list", [:])["developments"] == [])
        let ended = try await one.officer.call("membership.development.list", ["status": "member_ended"])
        #expect(ended["developments"]?.arrayValue?.map { $0["statusSince"] } == [.string("\(one.party.today)")])
    }

    @Test("step 19 puts the member into a group of the branch, and no other")
    func group() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        let group = try await one.party.organization("group", below: one.party.branch)
        let branch = try await one.party.organization("branch", below: one.party.committee)
        let other = try await one.party.organization("group", below: branch)
        try await one.walk(to: 17)
        let refused = try await one.refusal(19, ["groupId": other])
        #expect(refused.details?[0]?["pointer"] == "/facts/groupId")
        let taken = try await one.take(19, ["groupId": group])
        let member = try await one.officer.call("membership.member.get", ["memberId": try #require(taken["memberId"])])
        #expect(member["organizationId"] == group && member["branchId"] == one.party.branch)
        #expect(try await one.timeline()["organizationId"] == group)
    }

    @Test("where the branch has groups their opinion is heard; mentors and introducers are members of the register")
    func people() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 4)
        #expect(try await one.refusal(5, ["mentors": [one.person]]).rules == ["DV-06"])
        _ = try await one.party.organization("group", below: one.party.branch)
        try await one.walk(to: 6)
        try await one.go(to: try day("2025-03-02"))
        let unheard = try await one.refusal(7, ["opinionsHeard": ["mentors", "members", "public"]])
        #expect(unheard.rules == ["DV-09"])
        try await one.walk(to: 8)
        let probationary = try await one.party.member(joined: one.party.today.adding(days: -30), status: "probationary")
        let members = one.members + [probationary]
        for wrong: JSONValue in [[members[0], members[0]], [members[0], members[2]], .array(members)] {
            #expect(try await one.refusal(9, ["introducers": wrong]).rules == ["DV-10"], "\(wrong)")
        }
        try await one.officer.call(
            "membership.member.note",
            [
                "memberId": members[0], "kind": "discipline", "from": .string("\(one.party.today)"),
                "discipline": "probationInParty", "text": "留党察看一年",
            ])
        let disciplined = try await one.refusal(9)
        #expect(disciplined.rules == ["DV-10"] && disciplined.details?.arrayValue?.count == 1)
        let third = try await one.party.member()
        try await one.take(9, ["introducers": [members[1], third]])
        let pairs = try await one.officer.call("membership.mentor.list", ["organizationId": one.party.branch])
        #expect(pairs["pairs"]?.arrayValue?.count == 2)
        let general = try await one.party.organization("generalBranch", below: one.party.committee)
        #expect(try await one.refusal(13, ["approvedBy": general]).rules.contains("DV-18"))
    }
}
