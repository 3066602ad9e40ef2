import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Positions, honours and marks.
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
}
