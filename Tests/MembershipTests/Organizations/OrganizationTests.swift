import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

struct OrganizationTests {
    @Test("an organisation is what it was on each day, and every change stays on record")
    func history() async throws {
        let party = try await TestParty.open()
        func change(_ params: [String: JSONValue]) async throws -> JSONValue {
            var params = params
            params["organizationId"] = party.branch
            params["reason"] = "上级批复"
            return try await party.officer.call("membership.organization.change", .object(params))
        }
        let general = try await party.organization("generalBranch", below: party.committee)
        #expect(try await change(["change": "rename", "on": "2018-03-01", "nameZh": "新名称"])["version"] == 2)
        #expect(try await change(["change": "move", "on": "2020-02-29", "targetId": general])["version"] == 3)
        func seen(on day: String) async throws -> JSONValue {
            try await party.officer.call(
                "membership.organization.get", ["organizationId": party.branch, "asOf": .string(day)])
        }
        #expect(try await seen(on: "2018-02-28")["nameZh"] == "某镇中心卫生院党支部")
        #expect(try await seen(on: "2018-03-01")["nameZh"] == "新名称")
        #expect(try await seen(on: "2020-02-28")["above"]?[0]?["organizationId"] == party.committee)
        let last = try await seen(on: "2020-02-29")
        #expect(last["above"]?.arrayValue?.compactMap { $0["organizationId"] } == [general, party.committee])
        #expect(last["history"]?.arrayValue?.compactMap { $0["change"] } == ["founded", "renamed", "moved"])
        let before = try await party.refusal(
            "membership.organization.get", ["organizationId": party.branch, "asOf": "2010-06-30"])
        #expect(before.reason == "host.notFound")
        let early = try await party.refusal(
            "membership.organization.change",
            [
                "organizationId": party.branch, "change": "rename", "on": "2020-02-28", "nameZh": "某", "reason": "补录",
            ])
        #expect(early.reason == "membership.changeOutOfOrder" && early.details?["earliestOn"] == "2020-02-29")
    }

    @Test("kinds stand where they may, and nothing stands below itself")
    func places() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        for (kind, parent) in [
            ("group", nil), ("group", party.committee), ("branch", party.branch), ("branch", group),
            ("committee", party.branch), ("generalBranch", party.branch),
        ] {
            var params: [String: JSONValue] = ["nameZh": "某", "kind": .string(kind), "foundedOn": "2020-01-01"]
            params["parentId"] = parent
            let refused = try await party.refusal("membership.organization.create", .object(params))
            #expect(refused.reason == "membership.parentUnfit", "\(kind)")
        }
        let below = try await party.organization("committee", below: party.committee)
        let circle = try await party.refusal(
            "membership.organization.change",
            [
                "organizationId": party.committee, "change": "move", "on": "2021-01-01", "targetId": below,
                "reason": "调整",
            ],
            by: party.committeeOfficer)
        #expect(circle.reason == "membership.parentUnfit")
        let itself = try await party.refusal(
            "membership.organization.change",
            ["organizationId": below, "change": "move", "on": "2021-01-01", "targetId": below, "reason": "调整"])
        #expect(itself.reason == "membership.parentUnfit")
        let general = try await party.refusal(
            "membership.organization.create",
            [
                "nameZh": "某", "kind": "generalBranch", "parentId": party.committee, "foundedOn": "2020-01-01",
                "approves": true,
            ])
        #expect(general.details?[0]?["pointer"] == "/approves")
        let future = try await party.refusal(
            "membership.organization.create", ["nameZh": "某", "kind": "branch", "foundedOn": "2026-11-23"])
        #expect(future.details?[0]?["pointer"] == "/foundedOn")
    }

    @Test("who keeps an organisation alone changes it, and a change has its own members and no others")
    func keepers() async throws {
        let party = try await TestParty.open()
        let other = try await party.host.client(role: .branchOfficer, site: "t2")
        let params: JSONValue = [
            "organizationId": party.branch, "change": "rename", "on": "2021-01-01", "nameZh": "他名", "reason": "试",
        ]
        #expect(try await party.refusal("membership.organization.change", params, by: other).reason == "host.notFound")
        let surplus = try await party.refusal(
            "membership.organization.change",
            ["organizationId": party.branch, "change": "dissolve", "on": "2021-01-01", "nameZh": "他名", "reason": "试"])
        #expect(surplus.details?[0]?["pointer"] == "/nameZh")
        let missing = try await party.refusal(
            "membership.organization.change",
            ["organizationId": party.branch, "change": "merge", "on": "2021-01-01", "reason": "试"])
        #expect(missing.details?[0]?["pointer"] == "/targetId")
    }

    @Test("a merger takes members and groups along; a branch with members is not dissolved, an empty one is")
    func merger() async throws {
        let party = try await TestParty.open()
        let second = try await party.organization("branch", below: party.committee)
        let group = try await party.organization("group", below: second)
        let one = try await party.member(in: second)
        let two = try await party.member(in: group)
        let full = try await party.refusal(
            "membership.organization.change",
            ["organizationId": second, "change": "dissolve", "on": "2026-11-01", "reason": "撤销"])
        #expect(full.reason == "membership.organizationNotEmpty" && full.details?["members"] == 1)
        let merged = try await party.officer.call(
            "membership.organization.change",
            ["organizationId": second, "change": "merge", "on": "2026-11-01", "targetId": party.branch, "reason": "合并"])
        #expect(merged["movedMembers"] == 1 && merged["movedOrganizations"] == 1)
        for (member, place) in [(one, party.branch), (two, group)] {
            let now = try await party.officer.call("membership.member.get", ["memberId": member])
            #expect(now["organizationId"] == place && now["branchId"] == party.branch)
            let then = try await party.officer.call(
                "membership.member.get", ["memberId": member, "asOf": "2026-10-31"])
            #expect(then["branchId"] == second)
        }
        #expect(try await party.count()["full"] == 2)
        #expect(try await party.count(party.committee, by: party.committeeOfficer)["branches"] == 1)
        #expect(try await party.count(second, on: LocalDate("2026-10-31"))["full"] == 2)
        let gone = try await party.refusal(
            "membership.statistics.count", ["organizationId": second, "asOf": "2026-11-01"])
        #expect(gone.reason == "membership.organizationEnded" && gone.details?["endedOn"] == "2026-11-01")
        let empty = try await party.organization("branch", below: party.committee)
        let dissolved = try await party.officer.call(
            "membership.organization.change",
            ["organizationId": empty, "change": "dissolve", "on": "2026-11-02", "reason": "撤销"])
        #expect(dissolved["version"] == 2)
    }

    @Test("candidates go along with a merger, keep a branch from being dissolved, and are assigned one by one")
    func candidates() async throws {
        let party = try await TestParty.open()
        let second = try await party.organization("branch", below: party.committee)
        let third = try await party.organization("branch", below: party.committee)
        let candidate = try #require(
            try await party.officer.call(
                "membership.development.apply",
                ["personId": try await party.person(), "organizationId": second, "on": "2026-11-20"])["candidateId"])
        let held = try await party.refusal(
            "membership.organization.change",
            ["organizationId": second, "change": "dissolve", "on": "2026-11-21", "reason": "撤销"])
        #expect(held.reason == "membership.organizationNotEmpty" && held.details?["candidates"] == 1)
        let early = try await party.refusal(
            "membership.organization.change",
            ["organizationId": second, "change": "merge", "on": "2026-11-19", "targetId": party.branch, "reason": "合并"])
        #expect(early.reason == "membership.changeOutOfOrder" && early.details?["earliestOn"] == "2026-11-20")
        try await party.officer.call(
            "membership.organization.change",
            ["organizationId": second, "change": "merge", "on": "2026-11-21", "targetId": party.branch, "reason": "合并"])
        #expect(try await party.count()["applicants"] == 1)
        #expect(try await party.count(second, on: LocalDate("2026-11-20"))["applicants"] == 1)
        try await party.officer.call(
            "membership.development.assign",
            ["candidateId": candidate, "organizationId": third, "on": "2026-11-22", "reason": "调整"])
        #expect(try await party.count()["applicants"] == 0)
        #expect(try await party.count(third)["applicants"] == 1)
        let talked = try await party.officer.call(
            "membership.development.record",
            ["candidateId": candidate, "step": 2, "on": "2026-11-22", "facts": ["talker": "支部书记"]])
        #expect(talked["status"] == "applicant_talked")
    }

    @Test("a split founds a branch with the members named, and strangers are refused")
    func split() async throws {
        let party = try await TestParty.open()
        let stays = try await party.member()
        let goes = try await party.member()
        let second = try await party.organization("branch", below: party.committee)
        let stranger = try await party.member(in: second)
        var params: [String: JSONValue] = [
            "organizationId": party.branch, "change": "split", "on": "2026-11-10", "nameZh": "第二党支部", "reason": "人数较多",
            "memberIds": [goes, stranger],
        ]
        let refused = try await party.refusal("membership.organization.change", .object(params))
        #expect(refused.reason == "membership.memberEnded" && refused.details?["memberId"] == stranger)
        params["memberIds"] = [goes]
        let reply = try await party.officer.call("membership.organization.change", .object(params))
        let new = try #require(reply["newOrganizationId"])
        #expect(try await party.count(new)["full"] == 1)
        #expect(try await party.count()["full"] == 1)
        #expect(try await party.count(on: LocalDate("2026-11-09"))["full"] == 2)
        let list = try await party.officer.call("membership.member.list", ["organizationId": party.branch])
        #expect(list["members"]?.arrayValue?.compactMap { $0["memberId"] } == [stays])
    }

    @Test("two moves that would make a circle together: one is refused")
    func circles() async throws {
        let party = try await TestParty.open()
        let one = try await party.organization("committee", below: party.committee, by: party.committeeOfficer)
        let two = try await party.organization("committee", below: party.committee, by: party.committeeOfficer)
        let moves = [(one, two), (two, one)]
        let client = party.committeeOfficer
        let next = Turn()
        let outcomes = await Racing.aside(2) {
            let (subject, parent) = moves[next.take()]
            return try client.callAndWait(
                "membership.organization.change",
                [
                    "organizationId": subject, "change": "move", "on": "2026-11-01", "targetId": parent, "reason": "调整",
                ])
        }
        #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
        let refused = outcomes.compactMap { outcome -> String? in
            guard case .failure(let error as CallRefused) = outcome else { return nil }
            return error.reason
        }
        #expect(refused == ["membership.parentUnfit"])
    }
}
