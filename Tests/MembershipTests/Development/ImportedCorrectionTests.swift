import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Corrections of what was taken over: the order of days is judged, and the register follows.
struct ImportedCorrectionTests {
    private struct Taken {
        let one: Developing
        let member: JSONValue?

        func correct(_ step: Int, _ more: [String: JSONValue]) async throws -> JSONValue {
            try await self.one.officer.call("membership.development.correct", try await self.params(step, more))
        }

        func refusal(_ step: Int, _ more: [String: JSONValue]) async throws -> CallRefused {
            try await self.one.party.refusal("membership.development.correct", try await self.params(step, more))
        }

        private func params(_ step: Int, _ more: [String: JSONValue]) async throws -> JSONValue {
            let entry = try #require(try await self.one.entry(step)["entryId"])
            return .object(
                ["candidateId": self.one.candidate, "entryId": entry, "reason": "原登记有误"].merging(more) { $1 })
        }

        func shown() async throws -> JSONValue {
            try await self.one.officer.call("membership.member.get", ["memberId": try #require(self.member)])
        }

        func approve(_ step: Int64, _ on: String) async throws {
            try await self.one.party.committeeOfficer.call(
                "membership.development.approveBackdating",
                ["candidateId": self.one.candidate, "step": .integer(step), "on": .string(on), "reason": "原登记有误"],
                site: "t1")
        }
    }

    /// Step 15 on 1 July 2022, the others a month apart before it and on 5 July 2023 after it.
    private func takenOver(to last: Int, _ more: [String: JSONValue] = [:]) async throws -> Taken {
        let one = try await Developing.begin(on: try day("2026-03-02"))
        let admin = try await one.party.host.client(role: .siteAdmin, site: "t1")
        let steps = (1...last).map { step -> JSONValue in
            let on =
                step < 15
                ? "2021-\(step < 10 ? "0" : "1")\(step < 10 ? step : step % 12 % 3)-01"
                : step < 23 ? "2022-07-01" : "2023-07-05"
            return ["step": .integer(Int64(step)), "on": .string(step > 9 && step < 15 ? "2022-06-01" : on)]
        }
        let reply = try await admin.call(
            "membership.development.takeOver",
            .object(
                [
                    "personId": try await one.party.person(), "organizationId": one.party.branch,
                    "steps": .array(steps),
                ].merging(more) { $1 }))
        return Taken(
            one: Developing(
                party: one.party, candidate: try #require(reply["candidateId"]), person: one.person,
                members: one.members),
            member: reply["memberId"])
    }

    @Test("a step that was taken over stays between its neighbours")
    func order() async throws {
        let taken = try await self.takenOver(to: 6)
        let late = try await taken.refusal(3, ["on": "2021-04-02"])
        #expect(late.reason == "membership.stepRefused" && late.details?[0]?["step"] == 4)
        #expect(late.details?[0]?["earliestOn"] == "2021-04-02")
        try await taken.approve(3, "2021-01-31")
        let early = try await taken.refusal(3, ["on": "2021-01-31"])
        #expect(early.details?[0]?["step"] == 3 && early.details?[0]?["earliestOn"] == "2021-02-01")
        #expect(try await taken.correct(3, ["on": "2021-04-01"])["status"] == "activist_cultivating")
        // Nor is one taken away that others follow.
        try await taken.approve(5, "2021-05-01")
        #expect(try await taken.refusal(5, ["void": true]).details?[0]?["step"] == 6)
        // A step that was recorded here is a neighbour as much as any.
        var mixed = try await self.takenOver(to: 5).one
        try await mixed.take(6)
        try await mixed.go(to: try day("2026-03-04"))
        let later = Taken(one: mixed, member: nil)
        #expect(try await later.refusal(5, ["on": "2026-03-03"]).details?[0]?["step"] == 6)
        #expect(try await later.correct(5, ["on": "2026-03-02"])["status"] == "activist_cultivating")
    }

    @Test("a day of the meeting that was taken over moves the joining, and the standing where nobody told its day")
    func meeting() async throws {
        let plain = try await self.takenOver(to: 24)
        #expect(try await plain.shown()["standingFrom"] == "2023-07-01")
        let same = try await plain.refusal(15, ["on": "2022-07-01", "facts": [:]])
        #expect(same.reason == "host.invalidParams" && same.details?[0]?["pointer"] == "/on")
        try await plain.approve(15, "2022-06-20")
        _ = try await plain.correct(15, ["on": "2022-06-20"])
        let moved = try await plain.shown()
        #expect(
            moved["joinedOn"] == "2022-06-20" && moved["standingFrom"] == "2023-06-20" && moved["status"] == "full")
        let told = try await self.takenOver(to: 24, ["probationEndedOn": "2023-07-03"])
        #expect(try await told.shown()["standingFrom"] == "2023-07-03")
        try await told.approve(15, "2022-06-20")
        _ = try await told.correct(15, ["on": "2022-06-20"])
        let kept = try await told.shown()
        #expect(kept["joinedOn"] == "2022-06-20" && kept["standingFrom"] == "2023-07-03")
        #expect(try await told.one.timeline()["probationTo"] == "2023-07-03")
        // Facts that leave it out keep it; others correct it.
        _ = try await told.correct(24, ["facts": ["specialReason": "原登记注明"]])
        #expect(try await told.shown()["standingFrom"] == "2023-07-03")
        _ = try await told.correct(24, ["facts": ["probationEndedOn": "2023-07-04"]])
        #expect(try await told.shown()["standingFrom"] == "2023-07-04")
        let future = try await told.refusal(24, ["facts": ["probationEndedOn": "2026-03-03"]])
        #expect(future.rules == ["DV-23"])
    }

    @Test("a meeting before the branch was founded leaves the register's first day alone")
    func beforeFounding() async throws {
        let one = try await Developing.begin(on: try day("2026-03-02"))
        let admin = try await one.party.host.client(role: .siteAdmin, site: "t1")
        let steps = (1...24).map { step -> JSONValue in
            [
                "step": .integer(Int64(step)),
                "on": .string(step < 15 ? "2005-06-01" : step < 23 ? "2005-07-01" : "2006-07-05"),
            ]
        }
        let reply = try await admin.call(
            "membership.development.takeOver",
            ["personId": try await one.party.person(), "organizationId": one.party.branch, "steps": .array(steps)])
        let taken = Taken(
            one: Developing(
                party: one.party, candidate: try #require(reply["candidateId"]), person: one.person,
                members: one.members),
            member: reply["memberId"])
        try await taken.approve(15, "2005-06-20")
        _ = try await taken.correct(15, ["on": "2005-06-20"])
        let shown = try await taken.shown()
        #expect(shown["joinedOn"] == "2005-06-20" && shown["standingFrom"] == "2006-06-20" && shown["status"] == "full")
        let first = shown["facts"]?.arrayValue?.last { $0["correctedBy"] == nil }
        #expect(first?["change"] == "enrolled" && first?["on"] == .string("\(TestParty.founded)"))
        // It was no conversion at all: probationary again, on record from the same day.
        try await taken.approve(24, "2006-07-05")
        _ = try await taken.correct(24, ["void": true])
        #expect(try await taken.shown()["status"] == "probationary")
    }
}
