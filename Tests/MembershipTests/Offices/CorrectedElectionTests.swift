import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// What is recorded of posts holds beside corrections and late records: nobody comes back, and there is one secretary on any day (BR-03).
struct CorrectedElectionTests {
    /// Eight members, three elected on 2024-01-10; gives the election too.
    private static func open() async throws -> (party: TestParty, members: [JSONValue], election: JSONValue) {
        let party = try await TestParty.open()
        let members = try await party.members(8)
        let held = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2024-01-10", due: 8))
        return (party, members, try #require(held["electionId"]))
    }

    private static func appoint(
        _ party: TestParty, _ member: JSONValue, _ post: String, on day: String
    ) -> JSONValue {
        [
            "organizationId": party.branch, "memberId": member, "post": .string(post), "on": .string(day),
            "approvedBy": TestParty.paper,
        ]
    }

    private static func leave(_ party: TestParty, _ member: JSONValue, on day: String) -> JSONValue {
        ["organizationId": party.branch, "memberId": member, "on": .string(day), "reason": "工作调动"]
    }

    /// The corrected election of these four, of whom the first is the secretary.
    private static func corrected(
        _ party: TestParty, _ election: JSONValue, _ members: [JSONValue], on day: String = "2024-01-10",
        present: Int = 8
    ) -> JSONValue {
        party.election(
            members, seats: 3, on: day, due: 8, present: present, more: ["corrects": election, "reason": "登记有误"])
    }

    private static func secretaries(_ party: TestParty, on day: String) async throws -> [JSONValue] {
        let reply = try await party.officer.call(
            "membership.committee.get", ["organizationId": party.branch, "asOf": .string(day)])
        return reply["officers"]?.arrayValue?.filter { $0["post"] == "secretary" }.compactMap { $0["memberId"] } ?? []
    }

    @Test(
        "BR-03: a corrected election brings nobody back who has left since, and takes nobody's post who was appointed since"
    )
    func keeps() async throws {
        let (party, members, election) = try await Self.open()
        try await party.officer.call("membership.committee.leave", Self.leave(party, members[0], on: "2025-01-01"))
        try await party.officer.call(
            "membership.committee.appoint", Self.appoint(party, members[4], "secretary", on: "2025-01-01"))
        let right = try await party.officer.call(
            "membership.committee.elect", Self.corrected(party, election, Array(members.prefix(4)), present: 7))
        #expect(try await Self.secretaries(party, on: "2024-12-31") == [members[0]])
        #expect(try await Self.secretaries(party, on: "2025-01-01") == [members[4]])
        #expect(Set(try await party.officers()) == Set([members[1], members[2], members[4]]))
        // Once more, on another day: what was carried over is carried over again.
        let again = try await party.officer.call(
            "membership.committee.elect",
            Self.corrected(party, try #require(right["electionId"]), Array(members.prefix(4)), on: "2024-01-12"))
        #expect(again["termEndsOn"] == "2027-01-12")
        #expect(try await Self.secretaries(party, on: "2026-11-22") == [members[4]])
        #expect(try await Self.secretaries(party, on: "2024-01-11").isEmpty)
        let figures = try await party.officer.call(
            "membership.committee.figures", ["organizationId": party.branch, "from": "2024-01-01", "to": "2026-11-22"])
        #expect(figures["elections"] == 1 && figures["adjusted"] == 1 && figures["left"] == 1)
        let reason = try party.host.sql("SELECT DISTINCT reason FROM membership.ending")
        #expect(reason == [["工作调动"]])
    }

    @Test("BR-03: another secretary than recorded is refused while somebody was appointed since; the way on is open")
    func another() async throws {
        let (party, members, election) = try await Self.open()
        try await party.officer.call("membership.committee.leave", Self.leave(party, members[0], on: "2025-01-01"))
        let appointed = Self.appoint(party, members[4], "secretary", on: "2025-01-01")
        let office = try await party.officer.call("membership.committee.appoint", appointed)
        let other = Self.corrected(party, election, [members[1], members[0], members[2], members[3]])
        let refused = try await party.refusal("membership.committee.elect", other)
        #expect(refused.reason == "membership.postUnfit" && refused.details?["rule"] == "BR-03")
        #expect(refused.details?["heldBy"] == members[4] && refused.details?["from"] == "2025-01-01")
        // A day behind the leave, or the appointment, would leave it in no term.
        let late = try await party.refusal(
            "membership.committee.elect",
            Self.corrected(party, election, Array(members.prefix(4)), on: "2025-01-02"))
        #expect(late.reason == "membership.electionOutOfOrder" && late.details?["latestOn"] == "2025-01-01")
        // One that elects nobody has no term to appoint in.
        let invalid = try await party.refusal(
            "membership.committee.elect", Self.corrected(party, election, Array(members.prefix(4)), present: 6))
        #expect(invalid.reason == "membership.postUnfit" || invalid.reason == "membership.electionOutOfOrder")
        var nobody = Self.corrected(party, election, Array(members.prefix(4)), present: 6).objectValue ?? [:]
        nobody["posts"] = nil
        let termless = try await party.refusal("membership.committee.elect", .object(nobody))
        #expect(termless.reason == "membership.electionOutOfOrder")
        #expect(termless.details?["officeIds"] == [office["officeId"] ?? .null])
        // Taken back as of its own day, it is as if never given.
        try await party.officer.call("membership.committee.leave", Self.leave(party, members[4], on: "2025-01-01"))
        try await party.officer.call("membership.committee.elect", other)
        #expect(try await Self.secretaries(party, on: "2026-11-22") == [members[1]])
        #expect(try await party.officers().contains(members[0]) == false)
        try await party.officer.call("membership.committee.leave", Self.leave(party, members[1], on: "2025-01-01"))
        try await party.officer.call("membership.committee.appoint", appointed)
        #expect(try await Self.secretaries(party, on: "2024-12-31") == [members[1]])
        #expect(try await Self.secretaries(party, on: "2025-01-01") == [members[4]])
    }

    @Test(
        "BR-03: a post between two others of the past is taken, and an election does not fall before what was appointed"
    )
    func between() async throws {
        let (party, members, _) = try await Self.open()
        try await party.officer.call("membership.committee.leave", Self.leave(party, members[0], on: "2024-06-01"))
        try await party.officer.call(
            "membership.committee.appoint", Self.appoint(party, members[5], "secretary", on: "2025-03-01"))
        try await party.officer.call("membership.committee.leave", Self.leave(party, members[5], on: "2025-06-01"))
        let before = try await party.refusal(
            "membership.committee.appoint", Self.appoint(party, members[6], "secretary", on: "2025-01-01"))
        #expect(before.reason == "membership.postUnfit" && before.details?["heldBy"] == members[5])
        try await party.officer.call(
            "membership.committee.appoint", Self.appoint(party, members[6], "secretary", on: "2025-06-01"))
        let early = try await party.refusal(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(4)), seats: 3, on: "2025-06-01", due: 8, more: ["approvedBy": TestParty.paper]))
        #expect(early.reason == "membership.electionOutOfOrder" && early.details?["earliestOn"] == "2025-06-02")
        try await party.officer.call(
            "membership.committee.elect",
            party.election(
                Array(members.prefix(4)), seats: 3, on: "2025-06-02", due: 8, more: ["approvedBy": TestParty.paper]))
        #expect(try await Self.secretaries(party, on: "2025-06-01") == [members[6]])
        #expect(try await Self.secretaries(party, on: "2025-06-02") == [members[0]])
    }

    @Test("BR-03: a secretary who went elsewhere and comes back does not take the post from who was given it since")
    func comesBack() async throws {
        let (party, members, _) = try await Self.open()
        let other = try await party.organization("branch", below: party.committee)
        func assign(_ branch: JSONValue, _ day: String) async throws {
            try await party.officer.call(
                "membership.member.assign", ["memberId": members[0], "organizationId": branch, "on": .string(day)])
        }
        try await assign(other, "2025-01-01")
        try await party.officer.call(
            "membership.committee.appoint", Self.appoint(party, members[4], "secretary", on: "2025-02-01"))
        try await assign(party.branch, "2025-03-01")
        #expect(try await Self.secretaries(party, on: "2024-12-31") == [members[0]])
        #expect(try await Self.secretaries(party, on: "2025-03-01") == [members[4]])
    }

    @Test(
        "BR-03: where the secretary leaves a committee that is large enough, the check warns of it until another is there"
    )
    func headless() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(8)
        _ = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(6)), seats: 5, on: "2026-01-10", due: 8))
        #expect(try await party.warned() == [])
        try await party.officer.call(
            "membership.committee.leave",
            ["organizationId": party.branch, "memberId": members[0], "on": "2026-06-01", "reason": "工作调动"])
        #expect(try await party.warned() == ["BR-03"])
        try await party.officer.call(
            "membership.committee.appoint",
            [
                "organizationId": party.branch, "memberId": members[6], "post": "secretary", "on": "2026-07-01",
                "approvedBy": TestParty.paper,
            ])
        #expect(try await party.warned() == [])
    }

    @Test("BR-03: several appointments and corrections at once leave one secretary on any day")
    func race() async throws {
        let (party, members, election) = try await Self.open()
        try await party.officer.call("membership.committee.leave", Self.leave(party, members[0], on: "2025-01-01"))
        let turn = RunningNumber()
        let outcomes = await Racing.aside(8) {
            let number = turn.next()
            return try Racing.retrying {
                guard number > 4 else {
                    return try party.officer.callAndWait(
                        "membership.committee.appoint",
                        Self.appoint(party, members[3 + number], "secretary", on: "2025-01-01"))
                }
                return try party.officer.callAndWait(
                    "membership.committee.elect", Self.corrected(party, election, Array(members.prefix(4))))
            }
        }
        for case .failure(let error as CallRefused) in outcomes {
            #expect(["membership.postUnfit", "host.notFound", "membership.factCorrected"].contains(error.reason))
        }
        let appointed = try party.host.sql(
            "SELECT count(*)::text FROM membership.office WHERE election_id IS NULL AND post = 'secretary'")
        #expect(appointed == [["1"]])
        #expect(try party.host.sql("SELECT count(*)::text FROM membership.election") == [["2"]])
        for day in ["2024-01-10", "2024-12-31", "2025-01-01", "2026-11-22"] {
            #expect(try await Self.secretaries(party, on: day).count == 1, "\(day)")
        }
    }
}
