import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// What else is recorded of a member goes along with a transfer: positions, honours, marks, discipline and their ends.
struct TransferFactTests {
    @Test("who has no vote has none after a transfer either, and gets it back where they are (DV-10)")
    func discipline() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        let position = try await two.party.note(member, "position", from: "2024-02-29", ["title": "医务科科长"])
        try await two.party.note(member, "honour", from: "2025-07-01", ["title": "优秀共产党员", "level": "county"])
        let mark = try await two.party.note(
            member, "mark", from: "2025-01-31", ["mark": "backboneToMember", "title": "内科骨干"])
        try await two.here.call("membership.fact.end", ["factId": position, "on": "2026-02-28"])
        let decision = try await two.party.note(
            member, "discipline", from: "2026-03-01", ["discipline": "warning", "text": "处分决定机密内容"])
        try await two.here.call(
            "membership.fact.correct",
            ["factId": decision, "discipline": "probationInParty", "reason": "登记有误"])
        two = try await Self.move(member, two, away: true)
        let shown = try await two.there.call("membership.member.get", ["memberId": member])
        #expect(shown["honours"] == ["优秀共产党员"] && shown["marks"] == ["backboneToMember"])
        #expect(shown["positions"] == nil)
        let before = try await two.there.call("membership.fact.list", ["memberId": member, "asOf": "2026-02-27"])
        #expect(before["facts"]?.arrayValue?.contains { $0["kind"] == "position" } == true)
        let origin = try two.host.sql("SELECT site_id FROM host.site WHERE code = 't1'")[0][0] ?? ""
        let facts = try await two.party.discipline(of: member, at: "t2")
        #expect(facts.count == 2 && facts.allSatisfy { $0["fromSiteId"] == .string(origin) })
        let held = try #require(facts.first { $0["correctedBy"] == nil })
        #expect(held["discipline"] == "probationInParty" && held["text"] == "处分决定机密内容")
        let id = try #require(held["factId"])
        let appointment: JSONValue = [
            "organizationId": two.other, "memberId": member, "post": "member", "on": .string(two.today.description),
            "approvedBy": TestParty.paper,
        ]
        let unfit = try await two.party.refusal("membership.committee.appoint", appointment, by: two.there)
        #expect(unfit.reason == "membership.candidateUnfit")
        // Who has the member has the record: the giving site adds nothing to what went along.
        for (method, params) in [
            ("fact.end", ["factId": id, "on": "2026-11-01"]),
            ("fact.correct", ["factId": mark, "mark": "dualLeader", "reason": "标记有误"]),
        ] as [(String, JSONValue)] {
            let refused = try await two.party.refusal("membership.\(method)", params)
            #expect(refused.details?[0]?["pointer"] == "/factId", "\(method)")
        }
        let late = try await two.party.refusal(
            "membership.member.note",
            ["memberId": member, "kind": "honour", "from": "2025-01-01", "title": "先进工作者"])
        #expect(late.reason == "membership.memberEnded")
        // The receiving site notes what happened before, too.
        try await two.party.note(member, "honour", from: "2025-01-01", ["title": "先进工作者"], by: two.there)
        #expect(throws: (any Error).self) { try Self.insertHonour(of: member, two) }
        try await two.there.call("membership.fact.end", ["factId": id, "on": .string(two.today.description)])
        try await two.there.call("membership.committee.appoint", appointment)
        // Whoever reads both sites sees each fact once.
        let above = try await two.party.committeeOfficer.call("membership.fact.list", ["memberId": member])
        #expect(above["facts"]?.arrayValue?.count == 4)
        let both = try await two.party.committeeOfficer.call("membership.member.get", ["memberId": member])
        #expect(both["honours"] == ["先进工作者", "优秀共产党员"] && both["marks"] == ["backboneToMember"])
    }

    @Test("there, back and there again, with facts corrected between: nothing is lost, nobody counted twice on any day")
    func chain() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        let honour = try await two.party.note(member, "honour", from: "2025-07-01", ["title": "一"])
        let decision = try await two.party.note(
            member, "discipline", from: "2026-03-01", ["discipline": "probationInParty", "text": "决定"])
        var ids = (honour: honour, decision: decision)
        var moves: [LocalDate] = []
        for round in 0..<4 {
            let isAway = round % 2 == 0
            two = try await Self.move(member, two, away: isAway)
            moves.append(two.today)
            let client = isAway ? two.there : two.here
            let title = "第\(round)次"
            ids.honour = try #require(
                try await client.call(
                    "membership.fact.correct",
                    ["factId": ids.honour, "title": .string(title), "reason": "名称有误"])["factId"])
            ids.decision = try #require(
                try await client.call(
                    "membership.fact.correct", ["factId": ids.decision, "text": .string(title), "reason": "文字有误"])[
                        "factId"])
            let facts = try #require(
                try await client.call("membership.member.get", ["memberId": member])["facts"]?.arrayValue)
            let converted = try #require(
                facts.last { $0["change"] == "converted" && $0["correctedBy"] == nil }?["factId"])
            try await client.call(
                "membership.member.correct",
                [
                    "memberId": member, "factId": converted, "on": .string("2016-07-0\(round + 1)"), "reason": "日期有误",
                ])
            let shown = try await client.call("membership.member.get", ["memberId": member])
            #expect(shown["honours"] == [.string(title)] && shown["statusSince"] == .string("2016-07-0\(round + 1)"))
            let listed = try await two.party.discipline(of: member, at: isAway ? "t2" : "t1")
            #expect(listed.count == round + 2)
            #expect(listed.filter { $0["correctedBy"] == nil }.compactMap { $0["text"]?.stringValue } == [title])
        }
        for offset in -14...0 {
            let day = two.today.adding(days: offset)
            let isAway = moves.filter { $0 <= day }.count % 2 == 1
            #expect(
                try await two.counts(on: day) == (isAway ? ["0+0", "1+0", "1+0"] : ["1+0", "0+0", "1+0"]), "\(day)")
        }
        #expect(try two.claims() == [["t1", "member"]])
    }

    @Test(
        "a correction by the giving site races the receipt: one of the two comes first, and the next move brings all along"
    )
    func race() async throws {
        var two = try await TwoBranches.open()
        for round in 0..<6 {
            let member = try await two.party.member()
            let honour = try await two.party.note(member, "honour", from: "2025-07-01", ["title": "一"])
            let facts = try #require(
                try await two.here.call("membership.member.get", ["memberId": member])["facts"]?.arrayValue)
            let converted = try #require(facts.last { $0["change"] == "converted" }?["factId"])
            let transfer = try await two.request(["memberId": member])
            try await two.issue(transfer)
            two = try await two.later(days: 1)
            let (here, there, today) = (two.here, two.there, two.today)
            let last = Mutex(round)
            let outcomes = await Racing.aside(6) {
                let number = last.withLock { last in
                    last += 1
                    return last
                }
                return try Racing.retrying(200) {
                    switch number % 3 {
                    case 0:
                        return try there.callAndWait(
                            "membership.transfer.receive", TwoBranches.receipt(transfer, on: today))
                    case 1:
                        return try here.callAndWait(
                            "membership.fact.correct", ["factId": honour, "title": "二", "reason": "名称有误"])
                    default:
                        return try here.callAndWait(
                            "membership.member.correct",
                            ["memberId": member, "factId": converted, "on": "2016-07-01", "reason": "日期有误"])
                    }
                }
            }
            for outcome in outcomes {
                guard case .failure(let error) = outcome else { continue }
                #expect((error as? CallRefused)?.reason != "host.internal", "\(error)")
            }
            let held = try #require(
                try await two.there.call("membership.fact.list", ["memberId": member])["facts"]?.arrayValue?.first {
                    $0["correctedBy"] == nil
                }?["factId"])
            try await two.there.call(
                "membership.fact.correct", ["factId": held, "title": "三", "reason": "名称有误"])
            two = try await Self.move(member, two, away: false)
            let home = try await two.here.call("membership.member.get", ["memberId": member])
            #expect(home["honours"] == ["三"] && home["status"] == "full")
            #expect(try await two.counts(on: two.today) == ["\(round + 1)+0", "0+0", "\(round + 1)+0"])
        }
    }

    /// Requests, issues and receives on the day after.
    private static func move(_ member: JSONValue, _ two: TwoBranches, away: Bool) async throws -> TwoBranches {
        let client = away ? two.here : two.there
        let transfer = try await two.request(
            ["memberId": member], to: away ? two.other : two.party.branch, by: client)
        try await two.issue(transfer, by: client)
        let later = try await two.later(days: 3)
        try await later.receive(transfer, by: away ? later.there : later.here)
        return later
    }

    /// What no method does: the table itself refuses it.
    private static func insertHonour(of member: JSONValue, _ two: TwoBranches) throws {
        try two.host.script(
            """
            INSERT INTO membership.member_fact (site_id, fact_id, member_id, kind, title, from_date, recorded_at, recorded_by)
            SELECT site_id, gen_random_uuid(), '\(member.stringValue ?? "")', 'honour', '二', '2025-01-01', now(), site_id
            FROM host.site WHERE code = 't1'
            """)
    }
}
