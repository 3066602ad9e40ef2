import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// The articles' figures (domain rules, chapter 0).
struct SeedTests {
    @Test("S1: a committee of 5, 4 groups, 73 full and 1 probationary member: recorded, with BR-02 as a warning")
    func hospitalBranch() async throws {
        let party = try await TestParty.open()
        var groups: [JSONValue] = []
        for _ in 0..<4 { groups.append(try await party.organization("group", below: party.branch)) }
        #expect(try await party.warned() == ["BR-01"] + Array(repeating: "BR-07", count: 4))
        var members: [JSONValue] = []
        for place in 0..<50 { members.append(try await party.member(in: groups[place % 4])) }
        #expect(try await party.warned() == ["BR-03"])
        for place in 50..<73 { members.append(try await party.member(in: groups[place % 4])) }
        let last = try await party.officer.call(
            "membership.member.enrol",
            [
                "personId": try await party.person(), "organizationId": groups[0], "status": "probationary",
                "joinedOn": "2026-07-01",
            ])
        #expect(last["memberId"] != nil)
        #expect(last["warnings"]?[0]?["rule"] == "BR-02" && last["warnings"]?[0]?["figure"] == 74)
        #expect(last["warnings"]?[0]?["limit"] == 50 && last["warnings"]?[0]?["organizationId"] == party.branch)
        let election = try await party.officer.call(
            "membership.committee.elect",
            party.election(Array(members.prefix(6)), seats: 5, on: "2026-11-01", due: 73, present: 59))
        #expect(election["valid"] == true && election["elected"]?.arrayValue?.count == 5)
        #expect(election["warnings"]?.arrayValue?.map { $0["rule"] } == ["BR-02"])
        #expect(try await party.warned() == ["BR-02"])
        let count = try await party.count()
        #expect(count["full"] == 73 && count["probationary"] == 1 && count["groups"] == 4)
    }

    @Test("S0: a township branch grows from 3 to 7 full members: a secretary alone, then a committee; 4 mentor pairs")
    func townshipBranch() async throws {
        let party = try await TestParty.open()
        let few = try await party.members(3, joined: try #require(LocalDate("2012-06-30")))
        let direct = try await party.officer.call(
            "membership.committee.elect", party.election([few[0]], seats: 1, on: "2020-06-30", secretary: false, due: 3)
        )
        #expect(direct["candidatesRequired"] == 1 && direct["warnings"] == nil && direct["termEndsOn"] == "2023-06-30")
        let alone = try await party.officer.call(
            "membership.committee.get", ["organizationId": party.branch, "asOf": "2021-01-01"])
        #expect(alone["officers"]?[0]?["post"] == "secretary")
        let more = try await party.members(4, joined: try #require(LocalDate("2022-03-31")))
        #expect(try await party.warned(on: "2023-03-30").contains("BR-03") == false)
        // From the seventh full member on, a committee.
        #expect(try await party.warned(on: "2023-03-31") == ["BR-03", "BR-04"])
        let committee = try await party.officer.call(
            "membership.committee.elect",
            party.election([few[0], few[1], more[0], more[1]], seats: 3, on: "2023-06-30", due: 7))
        #expect(committee["timing"] == "onTime" && committee["candidatesRequired"] == 4)
        for place in 0..<4 {
            try await party.officer.call(
                "membership.mentor.pair",
                ["mentorId": few[place % 3], "menteeId": more[place], "from": "2025-03-01"])
        }
        let pairs = try await party.officer.call("membership.mentor.list", ["organizationId": party.branch])
        #expect(pairs["pairs"]?.arrayValue?.count == 4)
        let before = try await party.officer.call(
            "membership.mentor.list", ["organizationId": party.branch, "asOf": "2025-02-28"])
        #expect(before["pairs"] == [])
        #expect(try await party.count()["full"] == 7)
    }

    @Test("S4: 15 committee members adjusted, one branch re-elected on time, in the county's tree")
    func county() async throws {
        let party = try await TestParty.open()
        let second = try await party.organization("branch", below: party.committee)
        let members = try await party.members(14)
        let others = try await party.members(10, in: second)
        _ = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2023-05-10", due: 14))
        _ = try await party.officer.call(
            "membership.committee.elect",
            party.election(Array(others.prefix(4)), seats: 3, on: "2024-05-10", organization: second, due: 10))
        for (place, member) in (members[4...13] + others[4...8]).enumerated() {
            let organization = place < 10 ? party.branch : second
            let post = ["organization", "publicity", "discipline", "youth", "member"][place % 5]
            try await party.officer.call(
                "membership.committee.appoint",
                [
                    "organizationId": organization, "memberId": member, "post": .string(post),
                    "on": .string(place < 12 ? "2025-04-01" : "2026-01-31"), "approvedBy": TestParty.paper,
                ])
        }
        // A second post of the same member is no second adjustment.
        try await party.officer.call(
            "membership.committee.appoint",
            [
                "organizationId": second, "memberId": others[4], "post": "youth", "on": "2026-02-01",
                "approvedBy": TestParty.paper,
            ])
        _ = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2026-05-10", due: 14))
        func figures(_ from: String, _ to: String) async throws -> JSONValue {
            try await party.committeeOfficer.call(
                "membership.committee.figures",
                ["organizationId": party.committee, "from": .string(from), "to": .string(to)])
        }
        let all = try await figures("2025-01-01", "2026-11-22")
        #expect(all["adjusted"] == 15 && all["elections"] == 1 && all["onTime"] == 1 && all["late"] == 0)
        let part = try await figures("2025-04-01", "2026-01-30")
        #expect(part["adjusted"] == 12 && part["elections"] == 0)
        let ever = try await figures("2010-01-01", "2026-11-22")
        #expect(ever["elections"] == 3 && ever["first"] == 2 && ever["early"] == 0)
        let statistician = try await party.host.client(role: .statistician, site: "county", reach: .subtree)
        let same = try await statistician.call(
            "membership.committee.figures",
            ["organizationId": party.committee, "from": "2025-01-01", "to": "2026-11-22"])
        #expect(same == all)
        // The committee above is elected by its own rules: members of the branches stand, and its term is five years.
        let above = try await party.committeeOfficer.call(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(3) + others.prefix(3)), seats: 5, on: "2024-02-29", organization: party.committee,
                due: 24))
        #expect(above["termEndsOn"] == "2029-02-28" && above["elected"]?.arrayValue?.count == 5)
    }
}
