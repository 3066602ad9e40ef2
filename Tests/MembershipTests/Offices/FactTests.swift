import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Positions, honours, marks, and what discipline shows to whom.
struct FactTests {
    @Test(
        "positions, honours and marks hold from their day until they end, and stand in membership.member.get as of any day"
    )
    func holding() async throws {
        let party = try await TestParty.open()
        let member = try await party.member()
        func note(_ more: [String: JSONValue]) async throws -> JSONValue {
            let reply = try await party.officer.call(
                "membership.member.note", .object(["memberId": member].merging(more) { $1 }))
            return try #require(reply["factId"])
        }
        let position = try await note(["kind": "position", "from": "2024-02-29", "title": "医务科科长"])
        _ = try await note(
            ["kind": "honour", "from": "2025-07-01", "title": "优秀共产党员", "level": "county", "grantedBy": "县委"])
        let mark = try await note(["kind": "mark", "from": "2025-01-31", "mark": "backboneToMember", "title": "内科骨干"])
        func shown(_ day: String) async throws -> JSONValue {
            try await party.officer.call("membership.member.get", ["memberId": member, "asOf": .string(day)])
        }
        let before = try await shown("2024-02-28")
        #expect(before["positions"] == nil && before["honours"] == nil && before["marks"] == nil)
        #expect(try await shown("2024-02-29")["positions"] == ["医务科科长"])
        try await party.officer.call("membership.fact.end", ["factId": position, "on": "2026-02-28"])
        #expect(try await shown("2026-02-27")["positions"] == ["医务科科长"])
        let now = try await shown("2026-02-28")
        #expect(now["positions"] == nil && now["honours"] == ["优秀共产党员"] && now["marks"] == ["backboneToMember"])
        let again = try await party.refusal("membership.fact.end", ["factId": position, "on": "2026-03-01"])
        #expect(again.reason == "membership.endedAlready")
        let right = try await party.officer.call(
            "membership.fact.correct", ["factId": mark, "mark": "memberToLeader", "reason": "标记有误"])
        #expect(right["corrects"] == mark)
        #expect(try await shown("2026-02-28")["marks"] == ["memberToLeader"])
        let twice = try await party.refusal("membership.fact.correct", ["factId": mark, "void": true, "reason": "再改"])
        #expect(twice.reason == "membership.factCorrected")
        let ended = try await party.refusal("membership.fact.end", ["factId": mark, "on": "2026-03-01"])
        #expect(ended.reason == "membership.factCorrected")
        // The corrected position keeps its end.
        try await party.officer.call(
            "membership.fact.correct", ["factId": position, "title": "医务科副科长", "reason": "职务有误"])
        #expect(try await shown("2026-02-27")["positions"] == ["医务科副科长"])
        #expect(try await shown("2026-02-28")["positions"] == nil)
        try await party.officer.call(
            "membership.fact.correct", ["factId": try #require(right["factId"]), "void": true, "reason": "无此标记"])
        #expect(try await shown("2026-02-28")["marks"] == nil)
        let list = try await party.officer.call("membership.fact.list", ["memberId": member])
        #expect(list["facts"]?.arrayValue?.count == 6)
        let holding = try await party.officer.call("membership.fact.list", ["memberId": member, "asOf": "2026-01-01"])
        #expect(
            Set(holding["facts"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } ?? []) == ["position", "honour"])
    }

    @Test("each kind has members of its own; what does not belong, or is missing, is refused with the field named")
    func shape() async throws {
        let party = try await TestParty.open()
        let member = try await party.member()
        func pointer(_ more: [String: JSONValue]) async throws -> JSONValue? {
            let params: [String: JSONValue] = ["memberId": member, "from": "2026-01-01"]
            return try await party.refusal("membership.member.note", .object(params.merging(more) { $1 })).details?[0]?[
                "pointer"]
        }
        #expect(try await pointer(["kind": "position"]) == "/title")
        #expect(try await pointer(["kind": "position", "title": "科长", "level": "unit"]) == "/level")
        #expect(try await pointer(["kind": "mark", "title": "骨干"]) == "/mark")
        #expect(try await pointer(["kind": "honour", "title": "先进", "until": "2026-02-01"]) == "/until")
        #expect(try await pointer(["kind": "position", "title": "科长", "until": "2025-12-31"]) == "/until")
        #expect(try await pointer(["kind": "position", "title": "科长", "until": "2026-11-23"]) == "/until")
        #expect(try await pointer(["kind": "discipline", "discipline": "warning"]) == "/text")
        #expect(try await pointer(["kind": "discipline", "text": "决定"]) == "/discipline")
        #expect(try await pointer(["kind": "position", "title": "科长", "from": "2026-11-23"]) == "/from")
        let fact = try #require(
            try await party.officer.call(
                "membership.member.note", ["memberId": member, "kind": "honour", "from": "2026-01-01", "title": "先进"])[
                    "factId"])
        let end = try await party.refusal("membership.fact.end", ["factId": fact, "on": "2026-02-01"])
        #expect(end.details?[0]?["pointer"] == "/factId")
        let empty = try await party.refusal("membership.fact.correct", ["factId": fact, "reason": "无"])
        #expect(empty.details?[0]?["pointer"] == "/void")
        let wrong = try await party.refusal(
            "membership.fact.correct", ["factId": fact, "mark": "dualLeader", "reason": "有误"])
        #expect(wrong.details?[0]?["pointer"] == "/mark")
        let neighbour = try await party.host.client(role: .branchOfficer, site: "t2")
        for (method, params) in [
            ("membership.fact.end", ["factId": fact, "on": "2026-02-01"]),
            ("membership.fact.list", ["memberId": member]),
        ] as [(String, JSONValue)] {
            #expect(try await party.refusal(method, params, by: neighbour).reason == "host.notFound", "\(method)")
        }
    }

    @Test(
        "discipline is shown for inspection alone, each look is audited, and no word of it is in tables, audit or refusals"
    )
    func restricted() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(7)
        let secret = "处分决定机密内容"
        let noted = try await party.officer.call(
            "membership.member.note",
            [
                "memberId": members[0], "kind": "discipline", "from": "2026-03-01", "discipline": "probationInParty",
                "text": .string(secret),
            ])
        let fact = try #require(noted["factId"])
        #expect(noted.objectValue?.keys.sorted() == ["factId", "memberId"])
        for purpose in ViewPurpose.allCases.filter({ $0 != .inspection }).map({ JSONValue.string($0.rawValue) }) {
            let list = try await party.officer.call(
                "membership.fact.list", ["memberId": members[0], "unmask": ["purpose": purpose]])
            #expect(list["facts"] == [], "\(purpose)")
        }
        #expect(try await party.officer.call("membership.fact.list", ["memberId": members[0]])["facts"] == [])
        for unmask in [nil, "inspection"] as [String?] {
            var params: [String: JSONValue] = ["memberId": members[0]]
            params["unmask"] = unmask.map { ["purpose": .string($0)] }
            let got = try await party.officer.call("membership.member.get", .object(params))
            #expect(!"\(got)".contains("discipline") && !"\(got)".contains(secret))
        }
        let seen = try await party.officer.call(
            "membership.fact.list", ["memberId": members[0], "unmask": ["purpose": "inspection"]])
        #expect(seen["facts"]?[0]?["text"] == .string(secret) && seen["facts"]?[0]?["discipline"] == "probationInParty")
        let looks = try party.host.sql(
            "SELECT notes->>'basis' FROM host.audit WHERE method = 'membership.fact.list' ORDER BY seq"
        ).compactMap { $0[0] }
        #expect(looks == ["development", "dues", "transfer", "organizationWork", "view", "inspection"])
        // Whoever has no rights does not stand, and the refusal does not say why.
        let refused = try await party.refusal(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2026-03-01", due: 6))
        #expect(refused.reason == "membership.candidateUnfit" && refused.details?["memberIds"] == [members[0]])
        #expect(!"\(refused)".contains("probationInParty") && !"\(refused)".contains("留党察看"))
        let appointed = try await party.refusal(
            "membership.committee.appoint",
            [
                "organizationId": party.branch, "memberId": members[0], "post": "member", "on": "2026-06-01",
                "approvedBy": TestParty.paper,
            ])
        #expect(appointed.reason == "membership.candidateUnfit")
        // A day before it, and from the day on which the rights are restored.
        _ = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2026-02-28", due: 7))
        try await party.officer.call("membership.fact.end", ["factId": fact, "on": "2026-09-01"])
        let early = try await party.refusal(
            "membership.committee.appoint",
            [
                "organizationId": party.branch, "memberId": members[0], "post": "youth", "on": "2026-08-31",
                "approvedBy": TestParty.paper,
            ])
        #expect(early.reason == "membership.candidateUnfit")
        _ = try await party.officer.call(
            "membership.committee.appoint",
            [
                "organizationId": party.branch, "memberId": members[0], "post": "youth", "on": "2026-09-01",
                "approvedBy": TestParty.paper,
            ])
        let after = try await party.officer.call(
            "membership.fact.list", ["memberId": members[0], "unmask": ["purpose": "inspection"]])
        #expect(after["facts"]?[0]?["rightsRestoredOn"] == "2026-09-01")
        for word in [secret, "probationInParty"] {
            #expect(
                try party.host.sql(
                    """
                    SELECT (SELECT count(*) FROM host.audit WHERE notes::text LIKE '%\(word)%')
                        + (SELECT count(*) FROM membership.discipline WHERE position('\(word)'::bytea IN content) > 0)
                        + (SELECT count(*) FROM membership.ending WHERE reason <> '' AND kind = 'fact')
                    """) == [["0"]])
        }
    }

    @Test(
        "a discipline is corrected by another in its place; the old one stays, encrypted, and takes no rights any more")
    func correctedDiscipline() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(7)
        let noted = try await party.officer.call(
            "membership.member.note",
            [
                "memberId": members[0], "kind": "discipline", "from": "2026-03-01", "discipline": "probationInParty",
                "text": "决定一",
            ])
        let fact = try #require(noted["factId"])
        try await party.officer.call(
            "membership.fact.correct", ["factId": fact, "discipline": "seriousWarning", "reason": "登记有误"])
        let list = try await party.officer.call(
            "membership.fact.list", ["memberId": members[0], "unmask": ["purpose": "inspection"]])
        let facts = try #require(list["facts"]?.arrayValue)
        #expect(facts.count == 2)
        #expect(facts.first { $0["corrects"] == fact }?["reason"] == "登记有误")
        let election = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2026-04-01", due: 7))
        #expect(election["elected"]?.arrayValue?.contains(members[0]) == true)
        let outcomes = await Racing.aside(4) {
            try Racing.retrying {
                try party.officer.callAndWait(
                    "membership.fact.correct",
                    ["factId": fact, "discipline": "warning", "reason": "登记有误"])
            }
        }
        #expect(outcomes.compactMap { try? $0.get() }.isEmpty)
    }
}
