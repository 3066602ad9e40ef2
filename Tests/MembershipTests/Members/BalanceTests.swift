import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// How many came and went (`membership.statistics.balance`).
struct BalanceTests {
    private static func day(_ text: String) throws -> LocalDate { try #require(LocalDate(text)) }

    private static func balance(
        _ client: TestClient, _ organization: JSONValue, _ from: String, _ to: String
    ) async throws -> [String: Int64] {
        let reply = try await client.call(
            "membership.statistics.balance",
            ["organizationId": organization, "from": .string(from), "to": .string(to)])
        let figures = try #require(reply.objectValue).compactMapValues { $0.integerValue }
        let came = ["fullBefore", "probationaryBefore", "admitted", "takenOver", "transferredIn", "moved"]
        let left = [
            "transferredOut", "died", "withdrew", "lapsed", "removed", "expelled", "probationCancelled", "full",
            "probationary",
        ]
        let total = came.reduce(Int64(0)) { $0 + (figures[$1] ?? 0) }
        let gone = left.reduce(Int64(0)) { $0 + (figures[$1] ?? 0) }
        #expect(total == gone)
        return figures.filter { $0.value != 0 }
    }

    /// A candidate whose first 14 steps another register has; gives the id.
    private static func targets(_ number: Int, _ party: TestParty, in branch: JSONValue) async throws -> [JSONValue] {
        let admin = try await party.host.client(role: .siteAdmin, site: "t1")
        var ids: [JSONValue] = []
        for _ in 0..<number {
            let steps = (1...14).map { step in
                let day = party.today.adding(days: step < 7 ? -500 : -60)
                return JSONValue.object(["step": .integer(Int64(step)), "on": .string("\(day)")])
            }
            let taken = try await admin.call(
                "membership.development.takeOver",
                ["personId": try await party.person(), "organizationId": branch, "steps": .array(steps)])
            ids.append(try #require(taken["candidateId"]))
        }
        return ids
    }

    private static func admit(_ candidates: [JSONValue], _ party: TestParty, due: Int64) async throws {
        for candidate in candidates {
            func record(_ step: Int) -> JSONValue {
                [
                    "candidateId": candidate, "step": .integer(Int64(step)), "on": .string("\(party.today)"),
                    "facts": ProcessOnPaper.facts(step, on: party.today).json,
                ]
            }
            let vote = try await party.officer.call(
                "membership.development.vote",
                [
                    "candidateId": candidate, "on": .string("\(party.today)"), "purpose": "admission",
                    "due": .integer(due), "present": .integer(due), "writtenInFavour": 0, "inFavour": .integer(due),
                    "recused": 0,
                ])
            #expect(vote["passed"] == true)
            for step in 16...17 { try await party.officer.call("membership.development.record", record(step)) }
        }
    }

    @Test("S4: a county system admits 21 members in three years; each year has its seven")
    func admissions() async throws {
        var party = try await TestParty.open(at: Developing.instant(try Self.day("2024-06-28")))
        let second = try await party.organization("branch", below: party.committee)
        for branch in [party.branch, second] {
            for _ in 0..<3 { _ = try await party.member(in: branch) }
        }
        for year in 2024...2026 {
            party = try await party.on(try Self.day("\(year)-06-28"))
            try await Self.admit(try await Self.targets(4, party, in: party.branch), party, due: 3)
            try await Self.admit(try await Self.targets(3, party, in: second), party, due: 3)
        }
        let officer = party.committeeOfficer
        let all = try await Self.balance(officer, party.committee, "2024-01-01", "2026-06-28")
        #expect(all == ["fullBefore": 6, "admitted": 21, "full": 6, "probationary": 21])
        let one = try await Self.balance(officer, party.branch, "2025-01-01", "2025-12-31")
        #expect(one == ["fullBefore": 3, "probationaryBefore": 4, "admitted": 4, "full": 3, "probationary": 8])
        let listed = try await officer.call(
            "membership.development.list", ["stage": "developmentTarget", "asOf": "2025-06-28"])
        let counted = try await officer.call(
            "membership.statistics.count", ["organizationId": party.committee, "asOf": "2025-06-28"])
        #expect(
            Int64(listed["developments"]?.arrayValue?.count ?? -1) == counted["developmentTargets"]?.integerValue)
        let tooEarly = try await Self.balance(officer, party.committee, "2024-06-29", "2025-06-27")
        #expect(tooEarly["admitted"] == nil)
        let statistician = try await party.host.client(role: .statistician, site: "county", reach: .subtree)
        #expect(try await Self.balance(statistician, party.committee, "2024-01-01", "2026-06-28") == all)
    }

    @Test("ends by their kind, moves within the tree, a branch that was moved, and transfers seen from either side")
    func movements() async throws {
        let two = try await TwoBranches.open(at: Developing.instant(try Self.day("2026-03-02")))
        let general = try await two.party.organization(
            "generalBranch", below: two.party.committee, by: two.party.committeeOfficer)
        let second = try await two.party.organization("branch", below: two.party.committee)
        var members: [JSONValue] = []
        for _ in 0..<9 { members.append(try await two.party.member()) }
        let on: JSONValue = "2026-03-02"
        for (member, how) in zip(members, ["died", "withdrew", "removed", "expelled"]) {
            try await two.here.call(
                "membership.member.end",
                ["memberId": member, "on": on, "how": .string(how), "reason": "测试"])
        }
        try await two.here.call(
            "membership.member.assign", ["memberId": members[4], "organizationId": second, "on": on, "reason": "调整"])
        let transfer = try await two.request(["memberId": members[5]])
        try await two.issue(transfer)
        try await two.receive(transfer)
        let later = try await two.later(days: 1)
        try await later.party.committeeOfficer.call(
            "membership.organization.change",
            [
                "organizationId": two.party.committee, "change": "rename", "on": "2026-03-03", "nameZh": "某县卫健系统委员会",
                "reason": "批复",
            ])
        try await later.here.call(
            "membership.organization.change",
            [
                "organizationId": second, "change": "move", "on": "2026-03-03", "targetId": general,
                "reason": "批复",
            ])
        let above = later.party.committeeOfficer
        #expect(
            try await Self.balance(above, two.party.committee, "2026-03-02", "2026-03-03")
                == ["fullBefore": 9, "died": 1, "withdrew": 1, "removed": 1, "expelled": 1, "full": 5])
        #expect(
            try await Self.balance(later.here, two.party.branch, "2026-03-02", "2026-03-02") == [
                "fullBefore": 9, "died": 1, "withdrew": 1, "removed": 1, "expelled": 1, "moved": -1,
                "transferredOut": 1,
                "full": 3,
            ])
        #expect(
            try await Self.balance(later.there, two.other, "2026-03-02", "2026-03-03") == [
                "transferredIn": 1, "full": 1,
            ])
        #expect(try await Self.balance(above, general, "2026-03-03", "2026-03-03") == ["moved": 1, "full": 1])
        #expect(try await Self.balance(above, general, "2026-03-02", "2026-03-02") == [:])
    }

    @Test("days that have not come, and days in the wrong order, are refused with the field")
    func refusals() async throws {
        let party = try await TestParty.open()
        for (from, to, pointer) in [
            ("2026-11-01", "2026-11-23", "/to"), ("2026-11-02", "2026-11-01", "/from"),
            ("0001-01-01", "2026-11-01", "/from"),
        ] {
            let refused = try await party.refusal(
                "membership.statistics.balance",
                ["organizationId": party.branch, "from": .string(from), "to": .string(to)])
            #expect(refused.details?[0]?["pointer"] == .string(pointer))
        }
        let early = try await party.refusal("membership.agenda.list", ["month": "0001-01"])
        #expect(early.details?[0]?["pointer"] == "/month")
    }
}
