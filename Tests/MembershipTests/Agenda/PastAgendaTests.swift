import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// What waits at the higher committee, and what a month that is over shows.
struct PastAgendaTests {
    private func lines(
        _ party: TestParty, _ month: String? = nil, by client: TestClient? = nil, of organization: JSONValue? = nil
    ) async throws -> [JSONValue] {
        var params: [String: JSONValue] = ["organizationId": organization ?? party.branch]
        params["month"] = month.map { .string($0) }
        let reply = try await (client ?? party.officer).call("membership.agenda.list", .object(params))
        let lines = try #require(reply["lines"]?.arrayValue)
        #expect(reply["total"] == .integer(Int64(lines.count)))
        return lines
    }

    private func line(_ lines: [JSONValue], _ task: String) -> JSONValue? {
        lines.first { $0["task"] == .string(task) }
    }

    @Test("what the branch decided waits at the higher committee: filings, and the talk before the approval")
    func waiting() async throws {
        var one = try await Developing.begin(on: try day("2024-03-04"))
        for (last, task, rule, step, months) in [
            (3, "development.activistFiling", "DV-03", 4, 0), (7, "development.candidateFiling", "DV-09", 8, 0),
            (15, "development.admissionTalk", "DV-16", 16, 3),
        ] {
            try await one.walk(to: last)
            let on = one.party.today
            let due = months > 0 ? on.adding(months: months) : on.adding(days: 30)
            for (client, root) in [
                (one.officer, one.party.branch), (one.party.committeeOfficer, one.party.committee),
            ] {
                let line = try #require(
                    self.line(
                        try await self.lines(one.party, String("\(due)".prefix(7)), by: client, of: root), task),
                    "\(task)")
                #expect(line["rule"] == .string(rule) && line["who"] == "higherCommittee" && line["whoZh"] == "上级党委")
                #expect(line["method"] == "membership.development.record" && line["subjectId"] == one.candidate)
                #expect(
                    line["evidence"]?[0]?["number"] == .integer(Int64(last))
                        && line["evidence"]?[0]?["on"] == .string("\(on)"))
                #expect(line["dueOn"] == .string("\(due)"), "\(task)")
            }
            try await one.walk(to: step)
            #expect(
                self.line(try await self.lines(one.party, String("\(due)".prefix(7))), task) == nil, "\(task)")
        }
        try await one.walk(to: 17)
        let lines = try await self.lines(one.party)
        let next = try await one.next()
        for (task, step) in [("filing", 18), ("grouping", 19), ("oath", 20)] {
            // Of the vote on the conversion, `next` names the rule of each step that is missing.
            let rule = next[22]["missing"]?.arrayValue?.first {
                $0["text"]?.stringValue?.hasPrefix("Step \(step) ") == true
            }?["rule"]
            #expect(rule != nil && self.line(lines, "development.\(task)")?["rule"] == rule, "\(task)")
        }
    }

    @Test("a month that is over shows what of a development was due in it: done with the day, or late")
    func development() async throws {
        var one = try await Developing.begin(on: try day("2024-01-31"))
        try await one.go(to: try day("2024-02-20"))
        try await one.take(2)
        let other = try #require(
            try await one.officer.call(
                "membership.development.apply",
                [
                    "personId": try await one.party.person(), "organizationId": one.party.branch, "on": "2024-02-20",
                ])["candidateId"])
        try await one.go(to: try day("2024-02-25"))
        #expect(self.line(try await self.lines(one.party, "2024-02"), "development.talk")?["stage"] == "soon")
        try await one.go(to: try day("2024-04-10"))
        let talks = try await self.lines(one.party, "2024-02").filter { $0["task"] == "development.talk" }
        #expect(talks.count == 1 && talks[0]["subjectId"] == one.candidate && talks[0]["stage"] == "done")
        #expect(talks[0]["dueOn"] == "2024-02-29" && talks[0]["doneOn"] == "2024-02-20")
        #expect(talks[0]["name"]?.stringValue?.hasSuffix("*") == true && talks[0]["rule"] == "DV-02")
        let march = try await self.lines(one.party, "2024-03").filter { $0["task"] == "development.talk" }
        #expect(march.count == 1 && march[0]["subjectId"] == other && march[0]["stage"] == "late")
        #expect(march[0]["doneOn"] == nil)
        // Recorded too late is done all the same, and says when.
        try await one.officer.call(
            "membership.development.record",
            [
                "candidateId": other, "step": 2, "on": "2024-04-10",
                "facts": ["talker": "支部书记", "lateReason": "外出"],
            ])
        let again = try await self.lines(one.party, "2024-03").filter { $0["task"] == "development.talk" }
        #expect(again.map { $0["stage"] } == ["done"] && again[0]["doneOn"] == "2024-04-10")
        // What nobody has to do any more was not done.
        try await one.officer.call(
            "membership.development.withdraw", ["candidateId": other, "on": "2024-04-10", "reason": "本人提出"])
        #expect(try await self.lines(one.party, "2024-05").filter { $0["subjectId"] == other } == [])
        let done = try await one.officer.call(
            "membership.agenda.list",
            ["organizationId": one.party.branch, "month": "2024-02", "stages": ["done"]])
        #expect(done["total"] == 1 && done["late"] == 0)
    }

    @Test("so do dues, households and elections")
    func others() async throws {
        var party = try await TestParty.open(at: try #require(Timestamp("2026-01-20T09:00:00+08:00")))
        var members: [JSONValue] = []
        for _ in 0..<7 { members.append(try await party.member()) }
        try await party.officer.call(
            "membership.committee.elect",
            party.election(Array(members.prefix(4)), seats: 3, on: "2023-02-10", due: 7))
        let links = try await [members[0], members[1]].asyncMap { member in
            try #require(
                try await party.officer.call(
                    "membership.link.create",
                    [
                        "kind": "memberToHousehold", "fromMemberId": member, "to": ["householdCode": "C-012"],
                        "on": "2026-01-01",
                    ])["linkId"])
        }
        try await party.officer.call(
            "membership.contact.record", ["linkId": links[0], "on": "2026-01-19", "kind": "visit", "minutes": 40])
        func dues(_ methods: [String]) async throws {
            for method in methods {
                try await party.officer.call(
                    "membership.dues.\(method)", ["organizationId": party.branch, "month": "2026-01"])
            }
        }
        try await dues(["openMonth", "assess"])
        party = try await party.on(try day("2026-02-03"))
        try await dues(["closeMonth"])
        party = try await party.on(try day("2026-03-02"))
        try await party.officer.call(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(4)), seats: 3, on: "2026-03-02", due: 7, more: ["approvedBy": TestParty.paper]))
        let january = try await self.lines(party, "2026-01")
        let opened = try #require(self.line(january, "dues.month"))
        #expect(opened["stage"] == "done" && opened["doneOn"] == "2026-01-20" && opened["dueOn"] == "2026-01-15")
        #expect(self.line(january, "dues.closing") == nil)
        let contacts = january.filter { $0["task"] == "contact.visit" }
        #expect(
            Set(contacts.map { "\($0["subjectId"] == links[0]) \($0["stage"]?.stringValue ?? "")" })
                == ["true done", "false late"])
        let february = try await self.lines(party, "2026-02")
        #expect(self.line(february, "dues.month")?["stage"] == "late")
        let closed = try #require(self.line(february, "dues.closing"))
        #expect(closed["stage"] == "done" && closed["doneOn"] == "2026-02-03" && closed["dueOn"] == "2026-02-15")
        let election = try #require(self.line(february, "organization.election"))
        #expect(election["dueOn"] == "2026-02-10" && election["stage"] == "done" && election["doneOn"] == "2026-03-02")
        #expect(february.filter { $0["task"] == "contact.visit" }.allSatisfy { $0["stage"] == "late" })
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var found: [Result] = []
        for element in self { found.append(try await body(element)) }
        return found
    }
}
