import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// What others found by trying to break the register: each was wrong once.
struct FreshEyesTests {
    @Test("a correction takes the place of what it corrects, also among the facts of one day: who has left stays away")
    func correctionOfOneDay() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        let member = try await party.member()
        let day: JSONValue = "2026-11-20"
        let first = try #require(
            try await party.officer.call(
                "membership.member.assign", ["memberId": member, "organizationId": group, "on": day])["factId"])
        try await party.officer.call(
            "membership.member.assign", ["memberId": member, "organizationId": party.branch, "on": day])
        try await party.officer.call(
            "membership.member.end", ["memberId": member, "on": day, "how": "withdrew", "reason": "本人申请"])
        #expect(try await party.count()["full"] == 0)
        try await party.officer.call(
            "membership.member.correct",
            ["memberId": member, "factId": first, "organizationId": party.branch, "reason": "登记有误"])
        let shown = try await party.officer.call("membership.member.get", ["memberId": member])
        #expect(shown["status"] == "ended" && shown["organizationId"] == party.branch)
        #expect(try await party.count()["full"] == 0)
    }

    @Test("a corrected fact names an organisation that existed on its day and, as the last one, one that exists")
    func correctionIntoNothing() async throws {
        let party = try await TestParty.open()
        let young = try await party.organization(
            "branch", below: party.committee, founded: try #require(LocalDate("2024-01-01")))
        let member = try await party.member()
        let facts = try #require(
            try await party.officer.call("membership.member.get", ["memberId": member])["facts"]?.arrayValue)
        let enrolment = try #require(facts.first?["factId"])
        let early = try await party.refusal(
            "membership.member.correct",
            ["memberId": member, "factId": enrolment, "organizationId": young, "reason": "登记有误"])
        #expect(early.reason == "membership.organizationEnded")
        let assigned = try #require(
            try await party.officer.call(
                "membership.member.assign", ["memberId": member, "organizationId": young, "on": "2026-10-01"])["factId"]
        )
        try await party.officer.call(
            "membership.organization.change",
            ["organizationId": party.branch, "change": "dissolve", "on": "2026-11-01", "reason": "撤销"])
        let void = try await party.refusal(
            "membership.member.correct", ["memberId": member, "factId": assigned, "void": true, "reason": "登记有误"])
        #expect(void.reason == "membership.organizationEnded")
    }

    @Test("the standing of who is taken over later than the probation ended counts from its end (DV-23)")
    func standing() async throws {
        let party = try await TestParty.open()
        let reply = try await party.officer.call(
            "membership.member.enrol",
            [
                "personId": try await party.person(born: LocalDate("1970-01-01")), "organizationId": party.branch,
                "status": "full", "joinedOn": "2000-01-01", "probationEndedOn": "2001-01-01", "since": "2019-12-01",
            ])
        let member = try #require(reply["memberId"])
        let shown = try await party.officer.call("membership.member.get", ["memberId": member])
        #expect(shown["standingFrom"] == "2001-01-01" && shown["status"] == "full")
        let fact = try #require(shown["facts"]?[0]?["factId"])
        try await party.officer.call(
            "membership.member.correct",
            ["memberId": member, "factId": fact, "on": "2019-12-15", "reason": "日期有误"])
        let after = try await party.officer.call("membership.member.get", ["memberId": member])
        #expect(after["standingFrom"] == "2001-01-01" && after["statusSince"] == "2019-12-15")
    }

    @Test("who has left and is enrolled again is counted once on every day")
    func enrolledAgain() async throws {
        let party = try await TestParty.open()
        let person = try await party.person()
        func enrol(_ more: [String: JSONValue]) -> JSONValue {
            .object(
                [
                    "personId": person, "organizationId": party.branch, "status": "full", "joinedOn": "2012-06-30",
                ].merging(more) { $1 })
        }
        let member = try #require(try await party.officer.call("membership.member.enrol", enrol([:]))["memberId"])
        try await party.officer.call(
            "membership.member.end", ["memberId": member, "on": "2019-01-01", "how": "withdrew", "reason": "本人申请"])
        let overlapping = try await party.refusal("membership.member.enrol", enrol(["since": "2018-12-31"]))
        #expect(overlapping.reason == "membership.factOutOfOrder" && overlapping.details?["earliestOn"] == "2019-01-01")
        try await party.officer.call("membership.member.enrol", enrol(["since": "2020-01-01"]))
        for (day, count) in [("2018-12-31", 1), ("2019-06-01", 0), ("2020-01-01", 1)] {
            #expect(try await party.count(on: LocalDate(day))["full"] == .integer(Int64(count)), "\(day)")
        }
    }

    @Test("two records of one person that were merged are one person to the register")
    func mergedPersons() async throws {
        let party = try await TestParty.open()
        let (kept, dropped) = (try await party.person(), try await party.person())
        try await party.officer.call(
            "membership.member.enrol",
            ["personId": dropped, "organizationId": party.branch, "status": "full", "joinedOn": "2015-06-30"])
        let admin = try await party.host.client(role: .siteAdmin, site: "t1")
        try await admin.call("people.person.merge", ["keep": kept, "drop": dropped, "reason": "同一人"])
        let refused = try await party.refusal(
            "membership.member.enrol",
            ["personId": kept, "organizationId": party.branch, "status": "full", "joinedOn": "2015-06-30"])
        #expect(refused.reason == "membership.personClaimed")
        #expect(try await party.count()["full"] == 1)
    }

    @Test("figures of an organisation that no readable site keeps are refused, not shown as none")
    func unreadable() async throws {
        let party = try await TestParty.open()
        _ = try await party.member()
        let stranger = try await party.host.client(role: .branchOfficer, site: "t2")
        for method in ["organization.check", "committee.get", "roll.page", "development.page", "arrears.list"] {
            let refused = try await party.refusal(
                "membership.\(method)", ["organizationId": party.branch], by: stranger)
            #expect(refused.reason == "host.notFound", "\(method)")
        }
        let count = try await party.refusal(
            "membership.statistics.count", ["organizationId": party.branch, "asOf": "2026-11-22"], by: stranger)
        #expect(count.reason == "host.notFound")
        #expect(
            try await party.refusal("membership.agenda.list", ["organizationId": party.branch], by: stranger).reason
                == "host.notFound")
    }

    @Test("an officer who looks for a person sees masked names unless a purpose is named")
    func maskedSearch() async throws {
        let party = try await TestParty.open()
        _ = try await party.person()
        let masked = try await party.officer.call("membership.person.find", ["namePrefix": "测试"])
        #expect(masked["persons"]?[0]?["nameZh"]?.stringValue?.hasSuffix("*") == true)
        #expect(masked["persons"]?[0]?["birthDate"] == nil)
        let whole = try await party.officer.call(
            "membership.person.find", ["namePrefix": "测试", "unmask": ["purpose": "development"]])
        #expect(whole["persons"]?[0]?["birthDate"] == "1990-05-01")
    }

    @Test("groups stand below branches of their site; the tree's own shape does not hold up a merger of committees")
    func trees() async throws {
        let party = try await TestParty.open()
        let stranger = try await party.host.client(role: .branchOfficer, site: "t2")
        let foreign = try await party.refusal(
            "membership.organization.create",
            ["nameZh": "某小组", "kind": "group", "parentId": party.branch, "foundedOn": "2020-01-01"], by: stranger)
        #expect(foreign.reason == "membership.parentUnfit")
        let second = try await party.organization("committee", below: nil, by: party.committeeOfficer)
        let merged = try await party.committeeOfficer.call(
            "membership.organization.change",
            [
                "organizationId": party.committee, "change": "merge", "on": "2026-11-01", "targetId": second,
                "reason": "合并",
            ])
        #expect(merged["movedOrganizations"] == 1)
        #expect(try await party.count(second, by: party.committeeOfficer)["branches"] == 1)
        let temporary = try await party.officer.call(
            "membership.organization.create",
            ["nameZh": "临时党支部", "kind": "branch", "foundedOn": "2026-01-01", "temporary": true])
        try await party.officer.call(
            "membership.organization.change",
            [
                "organizationId": try #require(temporary["organizationId"]), "change": "reclassify",
                "kind": "committee",
                "on": "2026-11-01", "reason": "改建",
            ])
    }

    @Test("what ends is not dated before somebody was in it, and a branch is split with members of its groups")
    func backDated() async throws {
        let party = try await TestParty.open()
        let other = try await party.organization("branch", below: party.committee)
        let group = try await party.organization("group", below: party.branch)
        let member = try await party.member(in: group)
        for (place, day) in [(other, "2026-06-01"), (group, "2026-09-01")] {
            try await party.officer.call(
                "membership.member.assign", ["memberId": member, "organizationId": place, "on": .string(day)])
        }
        let early = try await party.refusal(
            "membership.organization.change",
            ["organizationId": other, "change": "dissolve", "on": "2026-05-01", "reason": "撤销"])
        #expect(early.reason == "membership.changeOutOfOrder" && early.details?["earliestOn"] == "2026-06-01")
        let split = try await party.officer.call(
            "membership.organization.change",
            [
                "organizationId": party.branch, "change": "split", "on": "2026-11-01", "nameZh": "第二党支部",
                "memberIds": [member], "reason": "分设",
            ])
        let new = try #require(split["newOrganizationId"])
        #expect(try await party.count(new)["full"] == 1)
    }

    @Test("somebody who paid for the quarter and died in it does not keep the branch from closing its months")
    func excess() async throws {
        var party = try await TestParty.open(at: try #require(Timestamp("2026-09-20T09:00:00+08:00")))
        let member = try await party.member()
        try await party.officer.call(
            "membership.dues.setBase",
            ["memberId": member, "category": "salaried", "baseFen": 300_000, "from": "2026-07"])
        for month in ["2026-07", "2026-08", "2026-09"] {
            for method in ["openMonth", "assess"] {
                try await party.officer.call(
                    "membership.dues.\(method)", ["organizationId": party.branch, "month": .string(month)])
            }
        }
        try await party.officer.call(
            "membership.dues.pay",
            [
                "memberId": member, "months": ["2026-07", "2026-08", "2026-09"], "amountFen": 4500, "on": "2026-09-20",
                "how": "quarter",
            ])
        try await party.officer.call(
            "membership.dues.closeMonth", ["organizationId": party.branch, "month": "2026-07"])
        try await party.officer.call(
            "membership.member.end", ["memberId": member, "on": "2026-08-29", "how": "died", "reason": "因病去世"])
        party = try await party.on(try #require(LocalDate("2026-10-02")))
        for month in ["2026-08", "2026-09"] {
            let closed = try await party.officer.call(
                "membership.dues.closeMonth", ["organizationId": party.branch, "month": .string(month)])
            #expect(closed["state"] == "closed")
            #expect(closed["warnings"]?.arrayValue?.isEmpty == (month == "2026-08"))
        }
    }
}
