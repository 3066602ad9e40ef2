import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Votes, decisions and extensions that were recorded wrongly, and what follows in the register (DV-27).
struct CorrectionTests {
    private func correct(
        _ one: Developing, _ entry: JSONValue?, _ more: [String: JSONValue], by client: TestClient? = nil
    ) async throws -> JSONValue {
        try await (client ?? one.officer).call("membership.development.correct", self.params(one, entry, more))
    }

    private func params(_ one: Developing, _ entry: JSONValue?, _ more: [String: JSONValue]) -> JSONValue {
        var params: [String: JSONValue] = ["candidateId": one.candidate, "reason": "登记有误"]
        params["entryId"] = entry
        return .object(params.merging(more) { $1 })
    }

    private func refusal(
        _ one: Developing, _ entry: JSONValue?, _ more: [String: JSONValue]
    ) async throws -> CallRefused {
        try await one.party.refusal("membership.development.correct", self.params(one, entry, more))
    }

    private func approve(_ one: Developing, _ step: Int64, _ on: LocalDate) async throws {
        try await one.party.committeeOfficer.call(
            "membership.development.approveBackdating",
            [
                "candidateId": one.candidate, "step": .integer(step), "on": .string("\(on)"), "reason": "票数登记有误",
            ], site: "t1")
    }

    private func ballots(due: Int64 = 2, present: Int64 = 2, inFavour: Int64) -> JSONValue {
        [
            "due": .integer(due), "present": .integer(present), "writtenInFavour": 0, "inFavour": .integer(inFavour),
            "recused": 0,
        ]
    }

    private func member(_ one: Developing) async throws -> JSONValue {
        try await one.officer.call(
            "membership.member.get", ["memberId": try #require(try await one.timeline()["memberId"])])
    }

    @Test(
        "a vote's numbers and day are corrected, the old vote stays beside the new one, and late ones need an approval")
    func numbers() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 14)
        let meeting = one.party.today
        let taken = try await one.officer.call(
            "membership.development.vote", one.ballots("admission", on: meeting, due: 3, present: 3, inFavour: 3))
        let right = try await self.correct(
            one, taken["entryId"], ["facts": self.ballots(due: 3, present: 3, inFavour: 2)])
        #expect(right["passed"] == true && right["status"] == "probationary_pending_approval")
        let votes = try #require(try await one.timeline()["votes"]?.arrayValue)
        #expect(votes.map { $0["inFavour"] } == [3, 2] && votes[0]["correctedBy"] == votes[1]["voteId"])
        #expect(votes[1]["corrects"] == votes[0]["voteId"] && votes[1]["reason"] == "登记有误")
        #expect(try await one.entry(15)["facts"]?["inFavour"] == 2)
        let impossible = try await self.refusal(one, right["entryId"], ["facts": self.ballots(present: 3, inFavour: 2)])
        #expect(impossible.details?[0]?["pointer"] == "/facts/present")
        try await one.go(to: meeting.adding(days: 8))
        let late = try await self.refusal(one, right["entryId"], ["facts": self.ballots(inFavour: 2)])
        #expect(late.rules == ["DV-27"])
        try await self.approve(one, 15, meeting)
        let approved = try await self.correct(one, right["entryId"], ["facts": self.ballots(inFavour: 2)])
        #expect(approved["passed"] == true)
        #expect(try await one.entry(15)["backdatingId"] != nil)
        // Another day: the vote shows it too.
        let moved = try await self.correct(one, approved["entryId"], ["on": .string("\(meeting.adding(days: 2))")])
        let shown = try #require(try await one.timeline()["votes"]?.arrayValue)
        let holding = shown.filter { $0["correctedBy"] == nil }
        #expect(holding.count == 1 && holding[0]["on"] == .string("\(meeting.adding(days: 2))"))
        #expect(holding[0]["entryId"] == moved["entryId"] && shown.count == 4)
    }

    @Test("a vote that did not pass after all opens the step again, once what followed from it is corrected; and back")
    func failed() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 17)
        let vote = try #require(try await one.entry(15)["entryId"])
        let member = try #require(try await one.timeline()["memberId"])
        let first = try await self.refusal(one, vote, ["facts": self.ballots(inFavour: 1)])
        #expect(first.reason == "membership.stepRefused")
        #expect(Set(first.details?.arrayValue?.compactMap { $0["step"]?.integerValue } ?? []) == [16])
        #expect(
            try await self.refusal(one, try await one.entry(16)["entryId"], ["void": true]).details?[0]?["step"] == 17)
        // The last step first: the approval, the talk, then the vote.
        #expect(
            try await self.correct(one, try await one.entry(17)["entryId"], ["void": true])["status"]
                == "probationary_talked")
        #expect(try await one.timeline()["memberId"] == nil)
        #expect(try await one.party.count()["probationary"] == 0)
        #expect(try await one.party.count()["developmentTargets"] == 1)
        #expect(
            try one.party.host.sql(
                "SELECT kind FROM membership.claim WHERE person_id = '\(one.person.stringValue ?? "")'")
                == [["candidate"]])
        _ = try await self.correct(one, try await one.entry(16)["entryId"], ["void": true])
        let failed = try await self.correct(one, vote, ["facts": self.ballots(inFavour: 1)])
        #expect(failed["passed"] == false && failed["status"] == "candidate_form_filled")
        let list = try await one.officer.call("membership.development.list", [:])
        #expect(list["developments"]?.arrayValue?.map { $0["status"] } == ["candidate_form_filled"])
        let held = try #require(try await one.timeline()["votes"]?.arrayValue?.first { $0["correctedBy"] == nil })
        #expect(held["passed"] == false && held["entryId"] == nil)
        // It had passed after all: by the vote's own id.
        let back = try await self.correct(one, held["voteId"], ["facts": self.ballots(inFavour: 2)])
        #expect(back["passed"] == true && back["status"] == "probationary_pending_approval")
        try await one.take(16)
        #expect(try await one.take(17)["status"] == "probationary")
        #expect(try await one.timeline()["memberId"] != member)
        #expect(try await one.party.count()["probationary"] == 1)
    }

    @Test("a committee's decision is corrected either way, and the register and the claim follow")
    func decision() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 16)
        let refused = try await one.take(17, ["decision": "refuse"])
        #expect(refused["status"] == "rejected")
        let approved = try await self.correct(one, refused["entryId"], ["facts": ["decision": "approve"]])
        #expect(approved["status"] == "probationary" && approved["memberId"] != nil)
        #expect(try await one.party.count()["probationary"] == 1)
        #expect(try await self.member(one)["status"] == "probationary")
        try await one.walk(to: 18)
        let later = try await self.refusal(one, approved["entryId"], ["facts": ["decision": "refuse"]])
        #expect(later.details?.arrayValue?.map { $0["step"] } == [18])
        _ = try await self.correct(one, try await one.entry(18)["entryId"], ["void": true])
        // Whoever was put into a group since is a member on record: that is made void first.
        let member = try #require(approved["memberId"])
        let group = try await one.party.organization("group", below: one.party.branch)
        let assigned = try await one.officer.call(
            "membership.member.assign",
            ["memberId": member, "organizationId": group, "on": .string("\(one.party.today)")])
        let hangs = try await self.refusal(one, approved["entryId"], ["facts": ["decision": "refuse"]])
        #expect(hangs.rules == ["DV-17"] && hangs.details?[0]?["clause"]?.stringValue?.isEmpty == false)
        try await one.officer.call(
            "membership.member.correct",
            ["memberId": member, "factId": try #require(assigned["factId"]), "void": true, "reason": "登记有误"])
        let again = try await self.correct(one, approved["entryId"], ["facts": ["decision": "refuse"]])
        #expect(again["status"] == "rejected" && again["memberId"] == nil)
        #expect(try await one.party.count()["probationary"] == 0)
        #expect(try one.party.host.sql("SELECT count(*)::text FROM membership.claim") == [["2"]])
        // A week later the committee's approval is needed, although the development has ended.
        let decided = one.party.today
        try await one.go(to: decided.adding(days: 8))
        #expect(try await self.refusal(one, again["entryId"], ["void": true]).rules == ["DV-27"])
        try await self.approve(one, 17, decided)
        #expect(try await self.correct(one, again["entryId"], ["void": true])["status"] == "probationary_talked")
        #expect(try one.party.host.sql("SELECT count(*)::text FROM membership.claim") == [["3"]])
    }

    @Test("a higher committee refuses a conversion: the branch extends, votes on another day, or cancels (DV-21)")
    func refusedConversion() async throws {
        var one = try await Developing.begin(on: try day("2023-02-28"))
        try await one.walk(to: 23)
        let refused = try await one.take(24, ["decision": "refuse"])
        #expect(refused["status"] == "conversion_applied" && refused["memberId"] != nil)
        #expect(try await self.member(one)["status"] == "probationary")
        let on = one.party.today
        let list = try await one.officer.call("membership.development.list", [:])
        #expect(list["developments"]?.arrayValue?.map { $0["status"] } == ["conversion_applied"])
        let next = try await one.next()
        #expect(next[22]["earliestOn"] == .string("\(on.adding(days: 1))") && next[22]["allowed"] == false)
        #expect(try await one.refusal(23).details?[0]?["earliestOn"] == .string("\(on.adding(days: 1))"))
        let extended = try await one.officer.call(
            "membership.development.extend",
            ["candidateId": one.candidate, "on": .string("\(on)"), "months": 6, "reason": "需继续考察"])
        #expect(extended["status"] == "probation_extended")
        let list2 = try await one.officer.call("membership.development.list", [:])
        #expect(list2["developments"]?.arrayValue?.map { $0["status"] } == ["probation_extended"])
        // The extension was to be twelve months, and from the day of the meeting on.
        let longer = try await self.correct(one, extended["entryId"], ["facts": ["months": 12]])
        let meeting = try #require(try await one.timeline()["probationFrom"]?.stringValue.flatMap { LocalDate($0) })
        let end = meeting.adding(months: 24)
        #expect(
            try await one.timeline()["probationTo"] == .string("\(end)") && longer["status"] == "probation_extended")
        let wrong = try await self.refusal(one, longer["entryId"], ["facts": ["months": 5]])
        #expect(wrong.rules == ["DV-22"] && wrong.details?[0]?["clause"]?.stringValue?.isEmpty == false)
        try await one.go(to: end)
        #expect(try await one.take(23)["passed"] == true)
        let converted = try await one.take(24)
        #expect(converted["status"] == "full_member")
        #expect(try await self.member(one)["standingFrom"] == .string("\(end)"))
        let undone = try await self.correct(one, converted["entryId"], ["facts": ["decision": "refuse"]])
        #expect(undone["status"] == "probation_extended" || undone["status"] == "conversion_applied")
        #expect(try await self.member(one)["status"] == "probationary")
        let redone = try await self.correct(one, undone["entryId"], ["facts": ["decision": "approve"]])
        #expect(redone["status"] == "full_member")
        let full = try await self.member(one)
        #expect(full["status"] == "full" && full["standingFrom"] == .string("\(end)"))
    }

    @Test("a cancellation after a refused conversion ends the membership; a cancellation that was none gives it back")
    func cancelled() async throws {
        var one = try await Developing.begin(on: try day("2023-02-28"))
        try await one.walk(to: 23)
        try await one.take(24, ["decision": "refuse"])
        let cancelled = try await one.officer.call(
            "membership.development.cancel",
            ["candidateId": one.candidate, "on": .string("\(one.party.today)"), "reason": "支部大会决议"])
        #expect(cancelled["status"] == "probation_cancelled")
        #expect(
            try await self.refusal(one, cancelled["entryId"], ["on": "2024-12-01"]).details?[0]?["pointer"]
                == "/entryId")
        let back = try await self.correct(one, cancelled["entryId"], ["void": true])
        #expect(back["status"] == "conversion_applied")
        #expect(try await self.member(one)["status"] == "probationary")
        #expect(try one.party.host.sql("SELECT count(*)::text FROM membership.claim") == [["3"]])
    }

    @Test("mentor pairs follow step 5 and the end of the development")
    func mentors() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 5)
        let third = try await one.party.member()
        func pairs() async throws -> [[JSONValue?]] {
            let reply = try await one.officer.call("membership.mentor.list", ["organizationId": one.party.branch])
            return (reply["pairs"]?.arrayValue ?? []).map { [$0["mentorId"], $0["from"]] }
        }
        #expect(Set(try await pairs().map { $0[0] }) == Set(one.members.map { $0 }))
        let right = try await self.correct(
            one, try await one.entry(5)["entryId"], ["facts": ["mentors": [one.members[0], third]]])
        #expect(Set(try await pairs().map { $0[0] }) == [one.members[0], third])
        try await one.go(to: try day("2024-03-04"))
        _ = try await self.correct(one, right["entryId"], ["on": "2024-03-03"])
        let moved = try await pairs()
        #expect(moved.count == 2 && moved.allSatisfy { $0[1] == "2024-03-03" })
        let withdrawn = try await one.officer.call(
            "membership.development.withdraw",
            ["candidateId": one.candidate, "on": "2024-03-04", "reason": "本人提出"])
        #expect(try await pairs().isEmpty)
        let back = try await self.correct(one, withdrawn["entryId"], ["void": true])
        #expect(back["status"] == "activist_mentored")
        #expect(try await pairs().count == 2)
    }
}
