import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// The grid of links, contacts with households, and mentors.
struct LinkTests {
    private static func household(_ member: JSONValue, _ code: String, on day: String) -> JSONValue {
        [
            "kind": "memberToHousehold", "fromMemberId": member, "to": ["householdCode": .string(code)],
            "on": .string(day),
        ]
    }

    @Test("each kind of link leads from one thing to one thing, and is listed as of any day")
    func kinds() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        let member = try await party.member(in: group)
        let administrator = try await party.host.client(role: .siteAdmin, site: "t1")
        let department = try #require(
            try await administrator.call(
                "people.department.create", ["code": "ZYK", "nameZh": "中医科", "kind": "clinical"])["departmentId"])
        let person = try await party.person()
        let staff = try #require(
            try await administrator.call(
                "people.staff.create", ["personId": person, "departmentId": department, "title": "nurse"])["staffId"])
        let ends: [(kind: String, to: JSONValue)] = [
            ("leaderToBranch", ["organizationId": party.branch]),
            ("committeeMemberToDepartment", ["departmentId": department]),
            ("memberToStaff", ["staffId": staff]), ("memberToHousehold", ["personId": person]),
            ("memberToHousehold", ["householdCode": "C-012"]), ("groupToUnit", ["unitZh": "某村党支部"]),
        ]
        for end in ends {
            let from = end.kind == "groupToUnit" ? "fromOrganizationId" : "fromMemberId"
            let params: JSONValue = [
                "kind": .string(end.kind), .init(from): end.kind == "groupToUnit" ? group : member, "to": end.to,
                "on": "2026-03-01",
            ]
            let made = try await party.officer.call("membership.link.create", params)
            #expect(made["organizationId"] == group, "\(end.kind)")
            let twice = try await party.refusal("membership.link.create", params)
            #expect(twice.reason == "membership.linkTaken" && twice.details?["id"] == made["linkId"], "\(end.kind)")
        }
        func list(_ day: String, _ kind: String? = nil) async throws -> [JSONValue] {
            var params: [String: JSONValue] = ["organizationId": party.branch, "asOf": .string(day)]
            params["kind"] = kind.map { .string($0) }
            return try await party.officer.call("membership.link.list", .object(params))["links"]?.arrayValue ?? []
        }
        #expect(try await list("2026-02-28").isEmpty)
        let all = try await list("2026-03-01")
        #expect(
            all.count == 6
                && all.allSatisfy { $0["fromMemberId"] == nil || $0["fromName"]?.stringValue?.hasSuffix("*") == true })
        let units = try await list("2026-03-01", "groupToUnit")
        #expect(units.count == 1 && units[0]["to"]?["unitZh"] == "某村党支部")
        let link = try #require(units[0]["linkId"])
        try await party.officer.call("membership.link.end", ["linkId": link, "on": "2026-10-01", "reason": "协议期满"])
        #expect(try await list("2026-09-30", "groupToUnit").count == 1)
        #expect(try await list("2026-10-01", "groupToUnit").isEmpty)
        let again = try await party.refusal(
            "membership.link.end", ["linkId": link, "on": "2026-10-02", "reason": "协议期满"])
        #expect(again.reason == "membership.endedAlready" && again.details?["endedOn"] == "2026-10-01")
    }

    @Test("what a link cannot be is refused with the field named")
    func refusals() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        let member = try await party.member()
        func pointer(_ params: JSONValue) async throws -> JSONValue? {
            let refused = try await party.refusal("membership.link.create", params)
            return refused.reason == "host.notFound" ? "notFound" : refused.details?[0]?["pointer"]
        }
        let unknown = JSONValue.string(Sample.other.description)
        #expect(
            try await pointer(
                ["kind": "leaderToBranch", "fromMemberId": member, "to": ["organizationId": group], "on": "2026-03-01"])
                == "/to/organizationId")
        #expect(
            try await pointer([
                "kind": "leaderToBranch", "fromMemberId": member, "to": ["unitZh": "某村"], "on": "2026-03-01",
            ])
                == "/to")
        #expect(
            try await pointer(["kind": "memberToHousehold", "fromMemberId": member, "to": [:], "on": "2026-03-01"])
                == "/to")
        #expect(
            try await pointer(
                [
                    "kind": "memberToHousehold", "fromMemberId": member,
                    "to": ["householdCode": "C-1", "personId": unknown],
                    "on": "2026-03-01",
                ]) == "/to")
        #expect(
            try await pointer([
                "kind": "groupToUnit", "fromMemberId": member, "to": ["unitZh": "某村"], "on": "2026-03-01",
            ])
                == "/fromMemberId")
        #expect(
            try await pointer(["kind": "memberToStaff", "to": ["staffId": unknown], "on": "2026-03-01"])
                == "/fromMemberId")
        #expect(
            try await pointer(
                ["kind": "groupToUnit", "fromOrganizationId": party.branch, "to": ["unitZh": "某村"], "on": "2026-03-01"])
                == "/fromOrganizationId")
        for (kind, end) in [
            ("memberToStaff", "staffId"), ("committeeMemberToDepartment", "departmentId"),
            ("memberToHousehold", "personId"),
        ] {
            #expect(
                try await pointer(
                    [
                        "kind": .string(kind), "fromMemberId": member, "to": .object([end: unknown]),
                        "on": "2026-03-01",
                    ]) == "notFound")
        }
        #expect(try await pointer(Self.household(member, "C-1", on: "2026-11-23")) == "/on")
        let gone = try await party.refusal("membership.link.create", Self.household(member, "C-1", on: "2015-06-29"))
        #expect(gone.reason == "membership.memberEnded")
    }

    @Test(
        "CONTACT: a household without a contact in the month is due, with the evidence of those it had; the note is encrypted"
    )
    func contacts() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(3)
        var links: [JSONValue] = []
        for (place, member) in members.enumerated() {
            let made = try await party.officer.call(
                "membership.link.create",
                Self.household(member, "C-\(place)", on: place == 2 ? "2024-03-01" : "2024-01-31"))
            links.append(try #require(made["linkId"]))
        }
        func record(_ link: JSONValue, _ day: String) -> JSONValue {
            ["linkId": link, "on": .string(day), "kind": "visit", "minutes": 40, "note": "血压偏高，送药上门"]
        }
        // A leap day is a day of February.
        let contact = try await party.officer.call("membership.contact.record", record(links[0], "2024-02-29"))
        try await party.officer.call("membership.contact.record", record(links[1], "2024-03-01"))
        func due(_ month: String) async throws -> JSONValue {
            try await party.officer.call(
                "membership.contact.due", ["organizationId": party.branch, "month": .string(month)])
        }
        let february = try await due("2024-02")
        #expect(february["required"] == 1 && february["links"] == 2 && february["rule"] == "CONTACT")
        #expect(february["due"]?.arrayValue?.map { $0["linkId"] } == [links[1]])
        let march = try await due("2024-03")
        #expect(march["links"] == 3)
        #expect(Set(march["due"]?.arrayValue?.compactMap { $0["linkId"] } ?? []) == [links[0], links[2]])
        #expect(march["due"]?[0]?["contacts"] == 0 && march["due"]?[0]?["name"]?.stringValue?.hasSuffix("*") == true)
        let early = try await party.refusal("membership.contact.record", record(links[0], "2024-01-30"))
        #expect(early.reason == "membership.endedAlready")
        try await party.officer.call("membership.link.end", ["linkId": links[0], "on": "2024-03-31", "reason": "搬迁"])
        let late = try await party.refusal("membership.contact.record", record(links[0], "2024-03-31"))
        #expect(late.reason == "membership.endedAlready")
        #expect(try await due("2024-03")["links"] == 2)
        for month in ["2024-13", "2024-1-", "2026-12"] {
            let refused = try await party.refusal(
                "membership.contact.due", ["organizationId": party.branch, "month": .string(month)])
            #expect(refused.details?[0]?["pointer"] == "/month")
        }
        let list = try await party.officer.call("membership.contact.list", ["linkId": links[0]])
        #expect(list["contacts"]?[0]?["note"] == "血压偏高，送药上门" && list["contacts"]?[0]?["minutes"] == 40)
        #expect(
            try party.host.sql(
                "SELECT count(*)::text FROM membership.contact WHERE position('血压'::bytea IN note) > 0 OR note IS NULL")
                == [["0"]])
        #expect(try party.host.sql("SELECT count(*)::text FROM host.audit WHERE notes::text LIKE '%血压%'") == [["0"]])
        // Two a month, from the day on which the site asks for that: one is not enough, and stands beside as evidence.
        try await party.host.client(role: .siteAdmin, site: "t1").call(
            "membership.rules.revise",
            [
                "rule": "CONTACT", "parameter": "visitsPerMonth", "value": "2", "validFrom": "2026-11-23",
                "source": "院党委通知", "reviewer": "党办主任",
            ])
        let later = try await party.on(try #require(LocalDate("2026-11-23")))
        let twice = try await later.officer.call(
            "membership.contact.due", ["organizationId": party.branch, "month": "2024-02"])
        #expect(twice["required"] == 2 && twice["due"]?.arrayValue?.count == 2)
        let one = twice["due"]?.arrayValue?.first { $0["linkId"] == links[0] }
        #expect(one?["contacts"] == 1 && one?["evidence"]?[0] == contact["contactId"])
    }

    @Test("DV-06: mentors are full members, a pair stands once, and a candidate has two at the most")
    func mentors() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(3)
        let probationary = try await party.member(joined: try #require(LocalDate("2026-03-01")), status: "probationary")
        let pair: JSONValue = ["mentorId": members[0], "menteeId": probationary, "from": "2026-03-01"]
        let made = try await party.officer.call("membership.mentor.pair", pair)
        let again = try await party.refusal("membership.mentor.pair", pair)
        #expect(again.reason == "membership.linkTaken" && again.details?["id"] == made["pairId"])
        let young = try await party.refusal(
            "membership.mentor.pair", ["mentorId": probationary, "menteeId": members[0], "from": "2026-03-01"])
        #expect(young.details?[0]?["pointer"] == "/mentorId")
        let own = try await party.refusal(
            "membership.mentor.pair", ["mentorId": members[0], "menteeId": members[0], "from": "2026-03-01"])
        #expect(own.details?[0]?["pointer"] == "/menteeId")
        let both = try await party.refusal("membership.mentor.pair", ["mentorId": members[0], "from": "2026-03-01"])
        #expect(both.details?[0]?["pointer"] == "/menteeId")
        let id = try #require(made["pairId"])
        let early = try await party.refusal("membership.mentor.end", ["pairId": id, "on": "2026-02-28"])
        #expect(early.reason == "membership.endedAlready")
        try await party.officer.call("membership.mentor.end", ["pairId": id, "on": "2026-06-01", "reason": "培养期满"])
        let list = try await party.officer.call(
            "membership.mentor.list", ["organizationId": party.branch, "asOf": "2026-05-31"])
        #expect(list["pairs"]?[0]?["endsOn"] == "2026-06-01" && list["pairs"]?[0]?["menteeId"] == probationary)
        #expect(list["pairs"]?[0]?["mentorName"]?.stringValue?.hasSuffix("*") == true)
        // Once ended it may stand again.
        try await party.officer.call(
            "membership.mentor.pair", ["mentorId": members[0], "menteeId": probationary, "from": "2026-06-01"])
        let applied = try await party.officer.call(
            "membership.development.apply",
            ["personId": try await party.person(), "organizationId": party.branch, "on": "2026-11-20"])
        let candidate = try #require(applied["candidateId"])
        func mentor(_ member: JSONValue) -> JSONValue {
            ["mentorId": member, "candidateId": candidate, "from": "2026-11-20"]
        }
        try await party.officer.call("membership.mentor.pair", mentor(members[0]))
        try await party.officer.call("membership.mentor.pair", mentor(members[1]))
        let third = try await party.refusal("membership.mentor.pair", mentor(members[2]))
        #expect(third.details?[0]?["pointer"] == "/candidateId")
        try await party.officer.call(
            "membership.development.withdraw", ["candidateId": candidate, "on": "2026-11-22", "reason": "本人提出"])
        let over = try await party.refusal("membership.mentor.pair", mentor(members[2]))
        #expect(over.details?[0]?["expected"]?.stringValue?.contains("goes on") == true)
        let outcomes = await Racing.aside(4) {
            try Racing.retrying {
                try party.officer.callAndWait(
                    "membership.mentor.pair", ["mentorId": members[2], "menteeId": members[1], "from": "2026-06-01"])
            }
        }
        #expect(outcomes.compactMap { try? $0.get() }.count == 1)
    }
}
