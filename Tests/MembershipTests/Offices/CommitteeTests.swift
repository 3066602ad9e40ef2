import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Committees through the methods: BR-03 to BR-06.
struct CommitteeTests {
    @Test("an election gives posts and a term; the committee is shown as of any day, names masked")
    func elects() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(7)
        let reply = try await party.officer.call(
            "membership.committee.elect",
            party.election(Array(members.prefix(4)), seats: 3, on: "2024-02-29", due: 7, present: 6))
        #expect(reply["valid"] == true && reply["presentRequired"] == 6 && reply["votesRequired"] == 4)
        #expect(reply["elected"]?.arrayValue?.count == 3 && reply["vacant"] == 0 && reply["candidatesRequired"] == 4)
        #expect(reply["timing"] == "first" && reply["termEndsOn"] == "2027-02-28" && reply["ruleVersion"] == "1.0")
        #expect(reply["warnings"] == nil)
        let now = try await party.officer.call("membership.committee.get", ["organizationId": party.branch])
        #expect(now["state"] == "electionDue" && now["remindFrom"] == "2026-08-28" && now["dueOn"] == "2027-02-28")
        let officers = try #require(now["officers"]?.arrayValue)
        #expect(officers.count == 3 && officers[0]["post"] == "secretary" && officers[0]["memberId"] == members[0])
        #expect(officers.allSatisfy { $0["name"]?.stringValue?.hasSuffix("*") == true && $0["elected"] == true })
        let before = try await party.officer.call(
            "membership.committee.get", ["organizationId": party.branch, "asOf": "2024-02-28"])
        #expect(before["state"] == "none" && before["officers"] == [])
        let whole = try await party.officer.call(
            "membership.committee.get", ["organizationId": party.branch, "unmask": ["purpose": "organizationWork"]])
        #expect(whole["officers"]?[0]?["name"]?.stringValue?.hasPrefix("测试") == true)
        let list = try await party.officer.call("membership.committee.list", ["organizationId": party.branch])
        #expect(list["elections"]?[0]?["candidates"]?.arrayValue?.count == 4)
        #expect(list["elections"]?[0]?["candidates"]?[0]?["votes"] == 6)
    }

    @Test(
        "BR-05: an invalid election is kept and elects nobody; nobody short of half is elected, and the seat stays vacant"
    )
    func invalid() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(10)
        let few = try await party.officer.call(
            "membership.committee.elect",
            party.election(Array(members.prefix(4)), seats: 3, on: "2026-05-01", due: 10, present: 7))
        #expect(few["valid"] == false && few["elected"] == [] && few["vacant"] == 3 && few["termEndsOn"] == nil)
        #expect(try await party.officers().isEmpty)
        let votes: [JSONValue] = zip(members, [8, 5, 4, 3]).map { ["memberId": $0, "votes": .integer($1)] }
        let short = try await party.officer.call(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(4)), seats: 3, on: "2026-05-02", due: 10, present: 8,
                more: ["candidates": .array(votes)]))
        // 4 of 8 is exactly half.
        #expect(short["elected"] == .array(Array(members.prefix(2))) && short["vacant"] == 1)
        let list = try await party.officer.call(
            "membership.committee.list", ["organizationId": party.branch, "limit": 1])
        #expect(list["elections"]?[0]?["vacant"] == 1)
        let next = try await party.officer.call(
            "membership.committee.list",
            ["organizationId": party.branch, "limit": 1, "after": try #require(list["next"])])
        #expect(next["elections"]?[0]?["valid"] == false && next["next"] == nil)
        let tied: [JSONValue] = zip(members, [8, 6, 5, 5]).map { ["memberId": $0, "votes": .integer($1)] }
        let refused = try await party.refusal(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(4)), seats: 3, on: "2026-05-03", due: 10, present: 8,
                more: ["candidates": .array(tied), "approvedBy": TestParty.paper]))
        #expect(refused.reason == "membership.secondBallotNeeded")
    }

    @Test("BR-05: who stands is on that day a full member of the organisation; posts go to those elected")
    func unfit() async throws {
        let party = try await TestParty.open()
        let other = try await party.organization("branch", below: party.committee)
        let members = try await party.members(7)
        let stranger = try await party.member(in: other)
        let probationary = try await party.member(joined: try #require(LocalDate("2026-02-01")), status: "probationary")
        func refused(_ extra: JSONValue, on day: String = "2026-05-01") async throws -> CallRefused {
            try await party.refusal(
                "membership.committee.elect",
                party.election(Array(members.prefix(3)) + [extra], seats: 3, on: day, due: 7))
        }
        for extra in [stranger, probationary] {
            let refusal = try await refused(extra)
            #expect(refusal.reason == "membership.candidateUnfit" && refusal.details?["memberIds"] == [extra])
        }
        // A day before the standing as a full member began: 2016-06-30.
        let early = try await refused(members[3], on: "2016-06-29")
        #expect(early.details?["memberIds"]?.arrayValue?.count == 4)
        let post = try await party.refusal(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(4)), seats: 3, on: "2026-05-01", due: 7,
                more: ["posts": [["memberId": members[3], "post": "publicity"]]]))
        #expect(post.reason == "membership.postUnfit" && post.details?["pointer"] == "/posts/0")
        let two = try await party.refusal(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(4)), seats: 3, on: "2026-05-01", due: 7,
                more: [
                    "posts": [
                        ["memberId": members[0], "post": "secretary"], ["memberId": members[1], "post": "secretary"],
                    ]
                ]))
        #expect(two.reason == "membership.postUnfit")
        let few = try await party.refusal(
            "membership.committee.elect", party.election(Array(members.prefix(3)), seats: 3, on: "2026-05-01", due: 7))
        #expect(few.reason == "membership.candidatesTooFew" && few.details?["required"] == 4)
        let future = try await party.refusal(
            "membership.committee.elect", party.election(members, seats: 3, on: "2026-11-23"))
        #expect(future.details?[0]?["pointer"] == "/on")
        let group = try await party.organization("group", below: party.branch)
        let kind = try await party.refusal(
            "membership.committee.elect",
            party.election(members, seats: 3, on: "2026-05-01", organization: group))
        #expect(kind.details?[0]?["pointer"] == "/organizationId")
    }

    @Test(
        "BR-04: early needs approval a day before the last six months, late needs it from the day after the term, and put off once more within a year"
    )
    func timing() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(7)
        let four = Array(members.prefix(4))
        _ = try await party.officer.call(
            "membership.committee.elect", party.election(four, seats: 3, on: "2020-08-31", due: 7))
        let early = try await party.refusal(
            "membership.committee.elect", party.election(four, seats: 3, on: "2023-02-27", due: 7))
        #expect(early.reason == "membership.approvalNeeded" && early.details?["earliestOn"] == "2023-02-28")
        let approved = try await party.officer.call(
            "membership.committee.elect",
            party.election(four, seats: 3, on: "2023-02-27", due: 7, more: ["approvedBy": TestParty.paper]))
        #expect(approved["timing"] == "early" && approved["termEndsOn"] == "2026-02-27")
        let again = try await party.refusal(
            "membership.committee.elect", party.election(four, seats: 3, on: "2023-02-27", due: 7))
        #expect(again.reason == "membership.electionOutOfOrder" && again.details?["earliestOn"] == "2023-02-28")
        #expect(try await party.warned() == ["BR-04"])
        #expect(try await party.warned(on: "2026-02-27") == ["BR-04"])
        #expect(try await party.warned(on: "2025-08-26") == [])
        let late = try await party.refusal(
            "membership.committee.elect", party.election(four, seats: 3, on: "2026-02-28", due: 7))
        #expect(late.reason == "membership.approvalNeeded" && late.details?["earliestOn"] == nil)
        // The term ended on 2026-02-27; a year later is the last day.
        func putOff(_ day: String) -> JSONValue {
            ["organizationId": party.branch, "until": .string(day), "paper": TestParty.paper, "reason": "机构合并"]
        }
        let long = try await party.refusal("membership.committee.putOff", putOff("2027-02-28"))
        #expect(long.reason == "membership.delayTooLong" && long.details?["latestOn"] == "2027-02-27")
        let short = try await party.refusal("membership.committee.putOff", putOff("2026-02-27"))
        #expect(short.reason == "membership.delayTooLong")
        try await party.officer.call("membership.committee.putOff", putOff("2026-12-31"))
        let last = try await party.officer.call("membership.committee.putOff", putOff("2027-02-27"))
        #expect(last["termEndsOn"] == "2026-02-27" && last["dueOn"] == "2027-02-27")
        let now = try await party.officer.call("membership.committee.get", ["organizationId": party.branch])
        #expect(now["state"] == "electionDue" && now["putOffUntil"] == "2027-02-27")
        let held = try await party.officer.call(
            "membership.committee.elect", party.election(four, seats: 3, on: "2026-11-20", due: 7))
        #expect(held["timing"] == "putOff")
        let none = try await party.refusal(
            "membership.committee.putOff",
            ["organizationId": party.committee, "until": "2027-02-27", "paper": TestParty.paper, "reason": "机构合并"],
            by: party.committeeOfficer)
        #expect(none.reason == "membership.termUnknown")
        let figures = try await party.officer.call(
            "membership.committee.figures",
            ["organizationId": party.branch, "from": "2020-01-01", "to": "2026-11-22"])
        #expect(figures["elections"] == 3 && figures["first"] == 1 && figures["early"] == 1 && figures["putOff"] == 1)
    }

    @Test(
        "posts between elections: appointed with a paper, left, and ended by the next election and by leaving the organisation"
    )
    func adjustments() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(8)
        func appoint(_ member: JSONValue, _ post: String, _ day: String) -> JSONValue {
            [
                "organizationId": party.branch, "memberId": member, "post": .string(post), "on": .string(day),
                "approvedBy": TestParty.paper,
            ]
        }
        // Before there was an election, the higher organisation names the secretary.
        let first = try await party.officer.call(
            "membership.committee.appoint", appoint(members[7], "secretary", "2020-01-01"))
        #expect(first["warnings"]?[0]?["rule"] == "BR-03")
        _ = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2024-01-10", due: 8))
        #expect(try await party.officers(on: "2024-01-09") == [members[7]])
        #expect(Set(try await party.officers()) == Set(members.prefix(3)))
        let taken = try await party.refusal(
            "membership.committee.appoint", appoint(members[4], "secretary", "2025-01-01"))
        #expect(taken.reason == "membership.postUnfit" && taken.details?["heldBy"] == members[0])
        let left = try await party.officer.call(
            "membership.committee.leave",
            ["organizationId": party.branch, "memberId": members[0], "on": "2025-01-01", "reason": "工作调动"])
        #expect(left["ended"]?.arrayValue?.count == 1 && left["warnings"]?[0]?["rule"] == "BR-03")
        let twice = try await party.refusal(
            "membership.committee.leave",
            ["organizationId": party.branch, "memberId": members[0], "on": "2025-01-01", "reason": "工作调动"])
        #expect(twice.reason == "host.notFound")
        let earlier = try await party.refusal(
            "membership.committee.leave",
            ["organizationId": party.branch, "memberId": members[0], "on": "2024-12-31", "reason": "工作调动"])
        #expect(earlier.reason == "membership.endedAlready")
        let named = try await party.officer.call(
            "membership.committee.appoint", appoint(members[4], "secretary", "2025-01-01"))
        #expect(named["warnings"] == nil)
        let old = try await party.refusal("membership.committee.appoint", appoint(members[5], "youth", "2024-01-09"))
        #expect(old.reason == "membership.electionOutOfOrder")
        #expect(try await party.officers(on: "2024-12-31").contains(members[0]))
        #expect(Set(try await party.officers()) == Set([members[1], members[2], members[4]]))
        // Whoever has gone elsewhere holds no post, without a word about it.
        try await party.officer.call(
            "membership.member.end", ["memberId": members[1], "on": "2025-06-01", "how": "died", "reason": "因病去世"])
        #expect(Set(try await party.officers()) == Set([members[2], members[4]]))
        let now = try await party.officer.call("membership.committee.get", ["organizationId": party.branch])
        #expect(now["vacant"] == 1)
        #expect(try await party.warned() == ["BR-03", "BR-04"])
    }

    @Test(
        "a wrong election is corrected by another in its place; who was appointed since stays, the old one is still shown"
    )
    func corrects() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(8)
        let wrong = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2026-01-10", due: 8))
        try await party.officer.call(
            "membership.committee.appoint",
            [
                "organizationId": party.branch, "memberId": members[6], "post": "youth", "on": "2026-03-01",
                "approvedBy": TestParty.paper,
            ])
        let id = try #require(wrong["electionId"])
        let bare = try await party.refusal(
            "membership.committee.elect",
            party.election(Array(members.prefix(4)), seats: 3, on: "2026-01-10", due: 8, more: ["corrects": id]))
        #expect(bare.details?[0]?["pointer"] == "/reason")
        let right = try await party.officer.call(
            "membership.committee.elect",
            party.election(
                Array(members[1...4]), seats: 3, on: "2026-01-12", due: 8,
                more: ["corrects": id, "reason": "会议日期登记有误"]))
        #expect(right["timing"] == "first" && right["termEndsOn"] == "2029-01-12")
        #expect(Set(try await party.officers()) == Set(members[1...3] + [members[6]]))
        let again = try await party.refusal(
            "membership.committee.elect",
            party.election(
                Array(members[1...4]), seats: 3, on: "2026-01-12", due: 8, more: ["corrects": id, "reason": "再改"]))
        #expect(again.reason == "host.notFound")
        let list = try await party.officer.call("membership.committee.list", ["organizationId": party.branch])
        #expect(list["elections"]?.arrayValue?.count == 2)
        #expect(
            list["elections"]?[0]?["corrects"] == id && list["elections"]?[1]?["correctedBy"] == right["electionId"])
        let figures = try await party.officer.call(
            "membership.committee.figures",
            ["organizationId": party.branch, "from": "2026-01-01", "to": "2026-11-22"])
        #expect(figures["elections"] == 1 && figures["adjusted"] == 1)
    }

    @Test("two elections of one organisation at once: one wins, the other comes too late")
    func race() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(7)
        let params = party.election(Array(members.prefix(4)), seats: 3, on: "2026-05-01", due: 7)
        let outcomes = await Racing.aside(6) {
            try Racing.retrying { try party.officer.callAndWait("membership.committee.elect", params) }
        }
        #expect(outcomes.compactMap { try? $0.get() }.count == 1)
        for case .failure(let error as CallRefused) in outcomes {
            #expect(error.reason == "membership.electionOutOfOrder")
        }
        #expect(try party.host.sql("SELECT count(*)::text FROM membership.election") == [["1"]])
        #expect(try party.host.sql("SELECT count(*)::text FROM membership.office") == [["3"]])
    }

    @Test("BR-06: in a public hospital the secretary is to be a 双带头人, and newly full members are warned of")
    func hospital() async throws {
        let party = try await TestParty.open()
        try party.host.script("UPDATE host.site SET kind = 'tcmHospital' WHERE code = 't1'")
        try party.host.core.reloadDirectory()
        let members = try await party.members(6)
        let young = try await party.member(joined: try #require(LocalDate("2024-11-23")))
        let params = party.election([young] + members.prefix(3), seats: 3, on: "2026-11-22", due: 7)
        let reply = try await party.officer.call("membership.committee.elect", params)
        #expect(reply["warnings"]?.arrayValue?.map { $0["rule"] } == ["BR-06", "BR-06"])
        try await party.officer.call(
            "membership.member.note",
            ["memberId": young, "kind": "mark", "from": "2026-11-22", "mark": "dualLeader", "title": "中医科主任"])
        #expect(try await party.warned() == ["BR-06"])
        let later = try await party.on(try #require(LocalDate("2026-11-23")))
        // A year after the standing began: 2025-11-23.
        #expect(try await later.warned() == [])
        let text = try #require(reply["warnings"])
        #expect(!"\(text)".contains("测试"))
    }
}
