import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// An enrolment that was none (`membership.member.correct` with void).
struct AnnulmentTests {
    private static func enrol(_ party: TestParty, _ person: JSONValue) async throws -> JSONValue {
        try await party.officer.call(
            "membership.member.enrol",
            [
                "personId": person, "organizationId": party.branch, "status": "full", "joinedOn": "2015-06-30",
                "since": "2015-07-01",
            ])["memberId"] ?? .null
    }

    private static func void(_ party: TestParty, _ member: JSONValue) async throws -> JSONValue {
        let shown = try await party.officer.call("membership.member.get", ["memberId": member])
        let first = shown["facts"]?.arrayValue?.first { $0["change"] == "enrolled" }
        return ["memberId": member, "factId": try #require(first?["factId"]), "void": true, "reason": "登记错了人"]
    }

    @Test("who was enrolled by mistake was a member on no day, the rows stay, and the person can be enrolled again")
    func wrongPerson() async throws {
        let party = try await TestParty.open()
        let person = try await party.person()
        let member = try await Self.enrol(party, person)
        #expect(try await party.count()["full"] == 1)
        let reply = try await party.officer.call("membership.member.correct", try await Self.void(party, member))
        #expect(reply["memberId"] == member)
        for day in ["2015-07-01", "2016-07-01", "2026-11-22"] {
            #expect(try await party.count(on: LocalDate(day))["full"] == 0)
        }
        let shown = try await party.officer.call("membership.member.get", ["memberId": member])
        #expect(shown["status"] == nil && shown["organizationId"] == nil)
        let facts = try #require(shown["facts"]?.arrayValue)
        #expect(facts.count == 4 && facts.filter { $0["correctedBy"] != nil }.count == 2)
        #expect(try party.host.sql("SELECT count(*)::text FROM membership.claim") == [["0"]])
        let again = try await Self.enrol(party, person)
        #expect(try await party.count()["full"] == 1 && again != member)
        let twice = try await party.refusal(
            "membership.member.correct",
            [
                "memberId": member, "factId": try #require(facts.first { $0["correctedBy"] != nil }?["factId"]),
                "void": true, "reason": "登记错了人",
            ])
        #expect(twice.reason == "membership.factCorrected")
    }

    @Test("an enrolment that dues, an office or a development rest on is not void; the refusal names them")
    func inUse() async throws {
        let party = try await TestParty.open()
        let member = try await Self.enrol(party, try await party.person())
        try await party.officer.call(
            "membership.committee.elect", party.election([member], seats: 1, on: "2026-11-01", secretary: false, due: 1)
        )
        try await party.officer.call(
            "membership.dues.setBase",
            ["memberId": member, "category": "salaried", "baseFen": 500_000, "from": "2026-11"])
        for method in ["openMonth", "assess"] {
            try await party.officer.call(
                "membership.dues.\(method)", ["organizationId": party.branch, "month": "2026-11"])
        }
        let refused = try await party.refusal("membership.member.correct", try await Self.void(party, member))
        #expect(refused.reason == "membership.memberInUse" && refused.details?["uses"] == ["dues", "offices"])
        #expect(try await party.count()["full"] == 1)
    }

    @Test("two records of one person that were both enrolled before they were merged are counted once again")
    func twice() async throws {
        let party = try await TestParty.open()
        let (one, other) = (try await party.person(), try await party.person())
        let first = try await Self.enrol(party, one)
        let second = try await Self.enrol(party, other)
        let admin = try await party.host.client(role: .siteAdmin, site: "t1")
        try await admin.call("people.person.merge", ["keep": one, "drop": other, "reason": "同一人"])
        #expect(try await party.count()["full"] == 2)
        try await party.officer.call("membership.member.correct", try await Self.void(party, second))
        #expect(try await party.count()["full"] == 1)
        let left = try await party.officer.call("membership.member.get", ["memberId": first])
        #expect(left["status"] == "full")
    }
}

/// What a correction of a member's facts is judged by.
struct FactJudgementTests {
    @Test(
        "DV-19: a conversion is not corrected to a day before probation has ended; an assignment to the same place is none"
    )
    func conversion() async throws {
        let party = try await TestParty.open()
        let member = try await party.member(joined: try #require(LocalDate("2020-02-29")))
        let shown = try await party.officer.call("membership.member.get", ["memberId": member])
        let converted = try #require(shown["facts"]?.arrayValue?.first { $0["change"] == "converted" }?["factId"])
        func params(_ day: String) -> JSONValue {
            ["memberId": member, "factId": converted, "on": .string(day), "reason": "日期有误"]
        }
        let early = try await party.refusal("membership.member.correct", params("2021-02-27"))
        #expect(early.details?[0]?["pointer"] == "/on")
        #expect(early.details?[0]?["expected"]?.stringValue?.contains("2021-02-28") == true)
        try await party.officer.call("membership.member.correct", params("2021-03-01"))
        let same = try await party.refusal(
            "membership.member.assign", ["memberId": member, "organizationId": party.branch, "on": "2026-11-22"])
        #expect(same.details?[0]?["pointer"] == "/organizationId")
    }

    @Test("between the branch meeting and its approval nobody is in a stage of the list whom the count has as a member")
    func waiting() async throws {
        var one = try await Developing.begin(on: LocalDate("2023-03-02") ?? TestParty.founded)
        try await one.walk(to: 15)
        let meeting = one.party.today
        func figures() async throws -> [Int64?] {
            let list = try await one.officer.call(
                "membership.development.list", ["stage": "developmentTarget", "asOf": .string("\(meeting)")])
            let count = try await one.party.count(on: meeting)
            return [
                list["developments"]?.arrayValue.map { Int64($0.count) }, count["developmentTargets"]?.integerValue,
                count["probationary"]?.integerValue,
            ]
        }
        #expect(try await figures() == [1, 1, 0])
        try await one.walk(to: 17)
        #expect(try await figures() == [0, 0, 1])
    }
}
