import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

struct MemberTests {
    @Test("status and branch are computed from facts as of any day")
    func asOf() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        let member = try await party.member(joined: try #require(LocalDate("2024-02-29")))
        try await party.officer.call(
            "membership.member.assign", ["memberId": member, "organizationId": group, "on": "2026-03-01"])
        try await party.officer.call(
            "membership.member.end", ["memberId": member, "on": "2026-11-20", "how": "died", "reason": "因病去世"])
        func status(_ day: String) async throws -> JSONValue? {
            try await party.officer.call("membership.member.get", ["memberId": member, "asOf": .string(day)])["status"]
        }
        #expect(try await status("2024-02-28") == nil)
        #expect(try await status("2024-02-29") == "probationary")
        // A year after 29 February is 28 February.
        #expect(try await status("2025-02-27") == "probationary")
        #expect(try await status("2025-02-28") == "full")
        #expect(try await status("2026-11-19") == "full")
        #expect(try await status("2026-11-20") == "ended")
        for (day, full, probationary) in [
            ("2024-02-28", 0, 0), ("2024-02-29", 0, 1), ("2025-02-28", 1, 0), ("2026-11-19", 1, 0),
            ("2026-11-20", 0, 0),
        ] {
            let count = try await party.count(on: LocalDate(day))
            #expect(
                count["full"] == .integer(Int64(full)) && count["probationary"] == .integer(Int64(probationary)),
                "\(day)")
        }
        let then = try await party.officer.call("membership.member.get", ["memberId": member, "asOf": "2026-03-01"])
        #expect(then["organizationId"] == group && then["branchId"] == party.branch)
        #expect(then["standingFrom"] == "2025-02-28")
    }

    @Test("a person is a member in one place of the county, whoever asks first; who has left may join again")
    func onePlace() async throws {
        let party = try await TestParty.open()
        let person = try await party.person()
        let other = try await party.host.client(role: .branchOfficer, site: "t2")
        let there = try await other.call(
            "membership.organization.create", ["nameZh": "他院党支部", "kind": "branch", "foundedOn": "2015-01-01"])
        try await party.host.client(role: .doctor, site: "t2").call(
            "people.registration.create", ["personId": person, "basis": "treatment"])
        let clients = [(party.officer, party.branch), (other, try #require(there["organizationId"]))]
        let next = Turn()
        let outcomes = await Racing.aside(8) {
            let (client, organization) = clients[next.take() % 2]
            return try client.callAndWait(
                "membership.member.enrol",
                ["personId": person, "organizationId": organization, "status": "full", "joinedOn": "2018-06-30"])
        }
        let members = outcomes.compactMap { try? $0.get()["memberId"] }
        #expect(members.count == 1)
        for case .failure(let error as CallRefused) in outcomes { #expect(error.reason == "membership.personClaimed") }
        #expect(try party.host.sql("SELECT count(*)::text FROM membership.claim") == [["1"]])
        #expect(try party.host.sql("SELECT count(*)::text FROM membership.member") == [["1"]])
    }

    @Test("a lasting mistake is corrected by a new fact that names the old one, in its order; the old one stays")
    func corrections() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        let member = try await party.member()
        let fact = try #require(
            try await party.officer.call(
                "membership.member.assign", ["memberId": member, "organizationId": group, "on": "2026-05-01"])["factId"]
        )
        let early = try await party.refusal(
            "membership.member.correct",
            ["memberId": member, "factId": fact, "on": "2015-06-01", "reason": "日期有误"])
        #expect(early.reason == "membership.factOutOfOrder" && early.details?["earliestOn"] == "2016-06-30")
        let right = try await party.officer.call(
            "membership.member.correct",
            ["memberId": member, "factId": fact, "on": "2026-06-01", "reason": "日期有误"])
        let again = try await party.refusal(
            "membership.member.correct",
            ["memberId": member, "factId": fact, "on": "2026-06-02", "reason": "日期有误"])
        #expect(again.reason == "membership.factCorrected")
        let shown = try await party.officer.call("membership.member.get", ["memberId": member, "asOf": "2026-05-31"])
        #expect(shown["organizationId"] == party.branch)
        let facts = try #require(shown["facts"]?.arrayValue)
        #expect(facts.count == 4 && facts.first { $0["factId"] == fact }?["correctedBy"] == right["factId"])
        try await party.officer.call(
            "membership.member.correct",
            ["memberId": member, "factId": try #require(right["factId"]), "void": true, "reason": "未调整"])
        let now = try await party.officer.call("membership.member.get", ["memberId": member])
        #expect(now["organizationId"] == party.branch)
        let conversion = try #require(facts.first { $0["change"] == "converted" }?["factId"])
        let void = try await party.refusal(
            "membership.member.correct", ["memberId": member, "factId": conversion, "void": true, "reason": "试"])
        #expect(void.details?[0]?["pointer"] == "/factId")
    }

    @Test("names are masked unless a purpose is named, each look is audited, and no clinical role sees anything")
    func privacy() async throws {
        let party = try await TestParty.open()
        let member = try await party.member()
        let masked = try await party.officer.call("membership.member.get", ["memberId": member])
        #expect(masked["name"]?.stringValue?.hasSuffix("*") == true && masked["birthDate"] == nil)
        let whole = try await party.officer.call(
            "membership.member.get", ["memberId": member, "unmask": ["purpose": "organizationWork"]])
        #expect(whole["name"]?.stringValue?.hasPrefix("测试") == true && whole["birthDate"] == "1990-05-01")
        let looks = try party.host.sql(
            "SELECT notes FROM host.audit WHERE method = 'membership.member.get' ORDER BY seq"
        ).compactMap { $0[0] }
        #expect(looks.count == 2 && looks[0].contains("\"basis\":\"view\"") && looks[1].contains("organizationWork"))
        #expect(looks.allSatisfy { $0.contains(member.stringValue ?? "-") && !$0.contains("测试") })
        for role in [Role.doctor, .nurse, .pharmacist, .reviewer, .dispatcher, .integrator, .auditor, .statistician] {
            let client = try await party.host.client(role: role, site: "t1")
            for method in ["membership.member.get", "membership.member.assign"] {
                let refused = try await party.refusal(
                    method,
                    method.hasSuffix("get")
                        ? ["memberId": member]
                        : ["memberId": member, "organizationId": party.branch, "on": "2026-11-01"], by: client)
                #expect(refused.reason == "host.forbidden", "\(role) \(method)")
            }
        }
        let neighbour = try await party.host.client(role: .branchOfficer, site: "t2")
        let refused = try await party.refusal("membership.member.get", ["memberId": member], by: neighbour)
        #expect(refused.reason == "host.notFound")
    }

    @Test("an officer finds who is to be recorded, and sees whether some register has them already")
    func found() async throws {
        let party = try await TestParty.open()
        _ = try await party.member()
        let person = try await party.person()
        let one = try await party.officer.call("membership.person.find", ["namePrefix": "测试"])
        let persons = try #require(one["persons"]?.arrayValue)
        #expect(persons.count == 2)
        #expect(persons.first { $0["personId"] == person }?["claim"] == nil)
        let member = persons.first { $0["personId"] != person }
        #expect(member?["claim"] == "member" && member?["claimedHere"] == true && member?["memberId"] != nil)
        let both = try await party.refusal("membership.person.find", ["namePrefix": "测试", "pinyinPrefix": "cs"])
        #expect(both.reason == "host.invalidParams")
        let neighbour = try await party.host.client(role: .branchOfficer, site: "t2")
        #expect(try await neighbour.call("membership.person.find", ["namePrefix": "测试"])["persons"] == [])
    }

    @Test("what cannot be is refused with the field named")
    func refusals() async throws {
        let party = try await TestParty.open()
        let person = try await party.person()
        func enrol(_ more: [String: JSONValue]) async throws -> CallRefused {
            let params: [String: JSONValue] = [
                "personId": person, "organizationId": party.branch, "status": "full", "joinedOn": "2018-06-30",
            ]
            return try await party.refusal("membership.member.enrol", .object(params.merging(more) { $1 }))
        }
        #expect(try await enrol(["joinedOn": "2026-11-23"]).details?[0]?["pointer"] == "/joinedOn")
        #expect(try await enrol(["joinedOn": "2026-01-01"]).details?[0]?["pointer"] == "/probationEndedOn")
        #expect(try await enrol(["probationEndedOn": "2018-06-29"]).details?[0]?["pointer"] == "/probationEndedOn")
        #expect(
            try await enrol(["status": "probationary", "probationEndedOn": "2019-06-30"]).details?[0]?["pointer"]
                == "/probationEndedOn")
        #expect(try await enrol(["since": "2018-06-29"]).reason == "membership.factOutOfOrder")
        #expect(try await enrol(["organizationId": party.committee]).reason == "host.notFound")
        let general = try await party.organization("generalBranch", below: party.committee)
        #expect(try await enrol(["organizationId": general]).reason == "membership.notABranch")
        #expect(try await enrol(["personId": party.branch]).reason == "host.notFound")
        let member = try await party.member()
        let back = try await party.refusal(
            "membership.member.assign", ["memberId": member, "organizationId": party.branch, "on": "2016-06-29"])
        #expect(back.reason == "membership.factOutOfOrder" && back.details?["earliestOn"] == "2016-06-30")
    }
}

/// Gives each of several threads a turn of its own.
final class Turn: Sendable {
    private let number = RunningNumber()

    func take() -> Int { self.number.next() - 1 }
}
