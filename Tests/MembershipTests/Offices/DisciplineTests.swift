import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Party discipline: what it does to rights and membership, and to whom it is shown.
struct DisciplineTests {
    @Test(
        "discipline is shown to inspectors for inspection alone, each look is audited, and no word of it is in tables, audit or refusals"
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
        // The purpose alone is anybody's to name: the role is needed as well, and neither without the other.
        let forbidden = try await party.refusal(
            "membership.fact.list", ["memberId": members[1], "unmask": ["purpose": "inspection"]])
        #expect(forbidden.reason == "host.forbidden" && forbidden.details?["roles"] == ["auditor"])
        let auditor = try await party.host.client(role: .auditor, site: "t1")
        let alone = try await party.refusal(
            "membership.fact.list", ["memberId": members[0], "unmask": ["purpose": "inspection"]], by: auditor)
        #expect(alone.reason == "host.forbidden")
        let inspector = try await party.inspector()
        #expect(try await inspector.call("membership.fact.list", ["memberId": members[0]])["facts"] == [])
        let seen = try await inspector.call(
            "membership.fact.list", ["memberId": members[0], "unmask": ["purpose": "inspection"]])
        #expect(seen["facts"]?[0]?["text"] == .string(secret) && seen["facts"]?[0]?["discipline"] == "probationInParty")
        // An officer whose work reaches down from the committee above needs no other role; one of another site has none here.
        let above = try await party.committeeOfficer.call(
            "membership.fact.list", ["memberId": members[0], "unmask": ["purpose": "inspection"]])
        #expect(above["facts"]?[0]?["factId"] == fact)
        let looks = try party.host.sql(
            """
            SELECT notes::jsonb->>'basis' FROM host.audit
            WHERE method = 'membership.fact.list' AND notes::jsonb->>'basis' IS NOT NULL ORDER BY seq
            """
        ).compactMap { $0[0] }
        #expect(
            looks == [
                "development", "dues", "transfer", "organizationWork", "view", "view", "inspection", "inspection",
            ])
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
        #expect(try await party.discipline(of: members[0]).first?["rightsRestoredOn"] == "2026-09-01")
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
        let facts = try await party.discipline(of: members[0])
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

    @Test(
        "开除党籍 ends membership on its day; corrected to another day the end moves, and withdrawn the member is one again"
    )
    func expelled() async throws {
        let party = try await TestParty.open()
        let member = try await party.member()
        let group = try await party.organization("group", below: party.branch)
        try await party.officer.call(
            "membership.member.assign", ["memberId": member, "organizationId": group, "on": "2026-03-01"])
        let decision: [String: JSONValue] = ["discipline": "expelled", "text": "处分决定"]
        let early = try await party.refusal(
            "membership.member.note",
            .object(
                ["memberId": member, "kind": "discipline", "from": "2026-02-28"].merging(decision) { $1 }))
        #expect(early.reason == "membership.factOutOfOrder" && early.details?["earliestOn"] == "2026-03-01")
        let fact = try await party.note(member, "discipline", from: "2026-10-01", decision)
        func status(_ day: String) async throws -> JSONValue? {
            try await party.officer.call("membership.member.get", ["memberId": member, "asOf": .string(day)])["status"]
        }
        #expect(try await status("2026-09-30") == "full")
        #expect(try await status("2026-10-01") == "ended")
        let shown = try await party.officer.call("membership.member.get", ["memberId": member])
        let end = try #require(shown["facts"]?.arrayValue?.last)
        #expect(end["endedHow"] == "expelled" && !"\(shown)".contains("处分决定"))
        #expect(try party.host.sql("SELECT count(*) FROM membership.claim") == [["0"]])
        // The end follows from the discipline, and is corrected with it alone.
        let alone = try await party.refusal(
            "membership.member.correct",
            ["memberId": member, "factId": try #require(end["factId"]), "void": true, "reason": "登记有误"])
        #expect(alone.details?[0]?["pointer"] == "/factId")
        let again = try await party.refusal(
            "membership.member.note",
            .object(["memberId": member, "kind": "discipline", "from": "2026-10-01"].merging(decision) { $1 }))
        #expect(again.reason == "membership.memberEnded")
        let moved = try await party.officer.call(
            "membership.fact.correct", ["factId": fact, "from": "2026-10-15", "reason": "日期有误"])
        #expect(try await status("2026-10-14") == "full")
        #expect(try await status("2026-10-15") == "ended")
        let lighter = try await party.officer.call(
            "membership.fact.correct",
            ["factId": try #require(moved["factId"]), "discipline": "probationInParty", "reason": "复议改为留党察看"])
        #expect(try await status("2026-10-15") == "full")
        #expect(try party.host.sql("SELECT count(*) FROM membership.claim") == [["1"]])
        #expect(try await party.count()["full"] == 1)
        // Under 留党察看 there is no candidature, and once withdrawn there is.
        func appoint() -> JSONValue {
            [
                "organizationId": party.branch, "memberId": member, "post": "member", "on": "2026-11-01",
                "approvedBy": TestParty.paper,
            ]
        }
        #expect(
            try await party.refusal("membership.committee.appoint", appoint()).reason == "membership.candidateUnfit")
        let harder = try await party.officer.call(
            "membership.fact.correct",
            ["factId": try #require(lighter["factId"]), "discipline": "expelled", "reason": "上级决定"])
        #expect(try await status("2026-10-15") == "ended")
        try await party.officer.call(
            "membership.fact.correct",
            ["factId": try #require(harder["factId"]), "void": true, "reason": "处分撤销"])
        #expect(try await status("2026-11-22") == "full")
        try await party.officer.call("membership.committee.appoint", appoint())
        #expect(try await party.discipline(of: member).count == 5)
    }

    @Test("who was recorded as expelled before gets the decision beside it; other rights are restored of 留党察看 alone")
    func expelledBefore() async throws {
        let party = try await TestParty.open()
        let member = try await party.member()
        try await party.officer.call(
            "membership.member.end", ["memberId": member, "on": "2026-10-01", "how": "expelled", "reason": "县纪委决定"])
        func noted(_ day: String, _ kind: String = "expelled") -> JSONValue {
            [
                "memberId": member, "kind": "discipline", "from": .string(day), "discipline": .string(kind),
                "text": "处分决定",
            ]
        }
        let other = try await party.refusal("membership.member.note", noted("2026-10-02"))
        #expect(other.reason == "membership.factOutOfOrder" && other.details?["earliestOn"] == "2026-10-01")
        #expect(
            try await party.refusal("membership.member.note", noted("2026-10-01", "warning")).reason
                == "membership.memberEnded")
        try await party.officer.call("membership.member.note", noted("2026-10-01"))
        let shown = try await party.officer.call("membership.member.get", ["memberId": member])
        #expect(shown["facts"]?.arrayValue?.filter { $0["change"] == "ended" }.count == 1)
        let second = try await party.member()
        let wrong = try await party.refusal(
            "membership.member.note",
            [
                "memberId": second, "kind": "discipline", "from": "2026-01-01", "discipline": "warning",
                "rightsRestoredOn": "2026-06-01", "text": "处分决定",
            ])
        #expect(wrong.details?[0]?["pointer"] == "/rightsRestoredOn")
    }
}
