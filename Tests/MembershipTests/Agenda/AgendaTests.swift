import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

struct AgendaTests {
    /// The lines of the agenda of the branch, in a month.
    private func lines(_ party: TestParty, _ more: [String: JSONValue] = [:]) async throws -> [JSONValue] {
        var params: [String: JSONValue] = ["organizationId": party.branch]
        params.merge(more) { $1 }
        let reply = try await party.officer.call("membership.agenda.list", .object(params))
        return try #require(reply["lines"]?.arrayValue)
    }

    private func line(_ lines: [JSONValue], _ task: String) -> JSONValue? {
        lines.first { $0["task"] == .string(task) }
    }

    @Test("an application asks for a talk within a month, and the talk takes the line away")
    func talk() async throws {
        var party = try await TestParty.open(at: try #require(Timestamp("2024-01-31T09:00:00+08:00")))
        let person = try await party.person()
        let candidate = try #require(
            try await party.officer.call(
                "membership.development.apply",
                ["personId": person, "organizationId": party.branch, "on": "2024-01-31"])["candidateId"])
        // The end of January and a month is the end of February (DV-02).
        let first = try #require(self.line(try await self.lines(party), "development.talk"))
        #expect(first["rule"] == "DV-02" && first["dueOn"] == "2024-02-29" && first["stage"] == "soon")
        #expect(first["subjectId"] == candidate && first["name"]?.stringValue?.hasSuffix("*") == true)
        #expect(first["evidence"]?[0]?["kind"] == "step" && first["evidence"]?[0]?["on"] == "2024-01-31")
        for (day, stage) in [("2024-02-22", "near"), ("2024-02-29", "today"), ("2024-03-01", "late")] {
            party = try await party.on(try #require(LocalDate(day)))
            #expect(self.line(try await self.lines(party), "development.talk")?["stage"] == .string(stage), "\(day)")
        }
        #expect(try await self.lines(party, ["stages": ["late"]]).count == 1)
        try await party.officer.call(
            "membership.development.record",
            ["candidateId": candidate, "step": 2, "on": "2024-03-01", "facts": ["talker": "支部书记", "lateReason": "外出"]])
        #expect(self.line(try await self.lines(party), "development.talk") == nil)
    }

    @Test(
        "an activist is appraised every half-year from the decision on, and each appraisal puts the next line in place")
    func appraisals() async throws {
        var party = try await TestParty.open(at: try #require(Timestamp("2025-09-30T09:00:00+08:00")))
        let admin = try await party.host.client(role: .siteAdmin, site: "t1")
        let days = ["2024-06-01", "2024-06-10", "2025-03-31", "2025-04-01", "2025-04-02", "2025-04-03"]
        let steps = days.enumerated().map { index, day -> JSONValue in
            ["step": .integer(Int64(index + 1)), "on": .string(day), "facts": [:]]
        }
        let candidate = try #require(
            try await admin.call(
                "membership.development.takeOver",
                [
                    "personId": try await party.person(), "organizationId": party.branch, "steps": .array(steps),
                ])["candidateId"])
        // Half a year from 31 March is 30 September.
        let line = try #require(self.line(try await self.lines(party), "development.appraisal"))
        #expect(line["dueOn"] == "2025-09-30" && line["stage"] == "today" && line["rule"] == "DV-07")
        #expect(self.line(try await self.lines(party), "development.thoughtReport")?["dueOn"] == "2025-06-30")
        try await party.officer.call(
            "membership.development.appraise",
            ["candidateId": candidate, "on": "2025-09-30", "what": "appraisal", "text": "表现良好"])
        #expect(self.line(try await self.lines(party), "development.appraisal") == nil)
        party = try await party.on(try #require(LocalDate("2026-03-01")))
        #expect(self.line(try await self.lines(party), "development.appraisal")?["dueOn"] == "2026-03-30")
    }

    @Test(
        "an election is called to mind half a year before the term ends, and a branch of seven without a committee is told"
    )
    func elections() async throws {
        var party = try await TestParty.open(at: try #require(Timestamp("2024-02-29T09:00:00+08:00")))
        var members: [JSONValue] = []
        for _ in 0..<7 { members.append(try await party.member()) }
        #expect(self.line(try await self.lines(party), "organization.committee")?["rule"] == "BR-03")
        try await party.officer.call(
            "membership.committee.elect",
            [
                "organizationId": party.branch, "on": "2024-02-29", "due": 7, "present": 7, "seats": 3,
                "candidates": .array(
                    members.prefix(4).enumerated().map { ["memberId": $1, "votes": .integer(Int64(6 - $0))] }),
                "posts": [["memberId": members[0], "post": "secretary"]],
            ])
        #expect(self.line(try await self.lines(party), "organization.committee") == nil)
        #expect(self.line(try await self.lines(party), "organization.election") == nil)
        try await party.officer.call(
            "membership.committee.leave",
            ["organizationId": party.branch, "memberId": members[0], "on": "2024-02-29", "reason": "调出"])
        let vacancy = try #require(self.line(try await self.lines(party), "organization.committee"))
        #expect(vacancy["rule"] == "BR-03" && vacancy["method"] == "membership.committee.appoint")
        try await party.officer.call(
            "membership.committee.appoint",
            [
                "organizationId": party.branch, "memberId": members[4], "post": "secretary", "on": "2024-02-29",
                "approvedBy": TestParty.paper,
            ])
        #expect(self.line(try await self.lines(party), "organization.committee") == nil)
        // The term ends on 28 February 2027; half a year before is 28 August 2026.
        party = try await party.on(try #require(LocalDate("2026-07-31")))
        #expect(self.line(try await self.lines(party), "organization.election") == nil)
        party = try await party.on(try #require(LocalDate("2026-08-28")))
        let line = try #require(self.line(try await self.lines(party), "organization.election"))
        #expect(line["dueOn"] == "2027-02-28" && line["stage"] == "soon" && line["rule"] == "BR-04")
    }

    @Test("dues are asked for month by month, and arrears by their stages")
    func dues() async throws {
        var party = try await TestParty.open(at: try #require(Timestamp("2026-01-20T09:00:00+08:00")))
        let member = try await party.member()
        #expect(self.line(try await self.lines(party), "dues.month")?["dueOn"] == "2026-01-15")
        try await party.officer.call(
            "membership.dues.setBase",
            ["memberId": member, "category": "salaried", "baseFen": 500_000, "from": "2026-01"])
        for month in ["2026-01", "2026-02", "2026-03"] {
            party = try await party.on(try #require(LocalDate("\(month)-28")))
            for method in ["openMonth", "assess", "closeMonth"] {
                try await party.officer.call(
                    "membership.dues.\(method)", ["organizationId": party.branch, "month": .string(month)])
            }
        }
        party = try await party.on(try #require(LocalDate("2026-04-01")))
        let lines = try await self.lines(party)
        let talk = try #require(self.line(lines, "dues.talk"))
        #expect(
            talk["subjectId"] == member && talk["dueOn"] == "2026-04-01" && talk["evidence"]?.arrayValue?.count == 3)
        #expect(self.line(lines, "dues.notice") == nil, "nothing is asked for twice")
        #expect(self.line(lines, "dues.month")?["dueOn"] == "2026-04-15")
        try await party.officer.call(
            "membership.dues.pay", ["memberId": member, "amountFen": 15_000, "on": "2026-04-01", "how": "cash"])
        #expect(self.line(try await self.lines(party), "dues.talk") == nil)
    }

    @Test("pages follow on each other, and the calendar has one event for each line and no names")
    func pages() async throws {
        let party = try await TestParty.open(at: try #require(Timestamp("2026-11-02T09:00:00+08:00")))
        for _ in 0..<5 {
            try await party.officer.call(
                "membership.development.apply",
                ["personId": try await party.person(), "organizationId": party.branch, "on": "2026-11-02"])
        }
        let whole = try await self.lines(party)
        var paged: [JSONValue] = []
        var after: JSONValue?
        repeat {
            var params: [String: JSONValue] = ["organizationId": party.branch, "limit": 2]
            params["after"] = after
            let reply = try await party.officer.call("membership.agenda.list", .object(params))
            #expect(reply["total"] == .integer(Int64(whole.count)))
            paged += reply["lines"]?.arrayValue ?? []
            after = reply["next"]
        } while after != nil && paged.count < 100
        #expect(paged == whole && whole.count >= 6)
        let calendar = try await party.officer.call("membership.agenda.calendar", ["organizationId": party.branch])
        let text = try #require(calendar["calendar"]?.stringValue)
        #expect(
            text.components(separatedBy: "BEGIN:VEVENT").count - 1 == calendar["events"]?.integerValue.map(Int.init))
        #expect(!text.contains("测试"))
        let again = try await party.officer.call("membership.agenda.calendar", ["organizationId": party.branch])
        #expect(again == calendar)
        let stranger = try await party.host.client(role: .branchOfficer, site: "t2")
        #expect(try await stranger.call("membership.agenda.list", [:])["lines"] == [])
        #expect(
            try await party.refusal("membership.agenda.list", ["month": "2026-13"]).details?[0]?["pointer"] == "/month")
    }
}
