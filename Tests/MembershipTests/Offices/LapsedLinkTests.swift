import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Links whose member has left, or lost the post that they rest on.
struct LapsedLinkTests {
    private static func lapses(_ party: TestParty, on day: String) async throws -> [JSONValue: JSONValue] {
        let reply = try await party.officer.call(
            "membership.link.list", ["organizationId": party.branch, "asOf": .string(day)])
        return (reply["links"]?.arrayValue ?? []).reduce(into: [:]) { all, link in
            guard let id = link["linkId"] else { return }
            all[id] = link["lapse"] ?? .null
            #expect(
                (link["lapse"] == nil) == (link["lapseZh"] == nil) && (link["lapse"] == nil) == (link["lapseEn"] == nil)
            )
        }
    }

    @Test("a leader and a committee member have their posts; whoever lost the post, or has left, is shown so")
    func posts() async throws {
        let party = try await TestParty.open()
        let members = try await party.members(8)
        let plain = members[6]
        _ = try await party.officer.call(
            "membership.committee.elect", party.election(Array(members.prefix(4)), seats: 3, on: "2024-01-10", due: 8))
        let administrator = try await party.host.client(role: .siteAdmin, site: "t1")
        let department = try #require(
            try await administrator.call(
                "people.department.create", ["code": "ZYK", "nameZh": "中医科", "kind": "clinical"])["departmentId"])
        func link(_ kind: String, _ member: JSONValue, _ to: JSONValue) async throws -> JSONValue {
            try await party.officer.call(
                "membership.link.create",
                ["kind": .string(kind), "fromMemberId": member, "to": to, "on": "2025-01-01"])
        }
        let branch: JSONValue = ["organizationId": party.branch]
        let leader = try await link("leaderToBranch", members[0], branch)
        let seated = try await link("committeeMemberToDepartment", members[1], ["departmentId": department])
        #expect(leader["lapse"] == nil && seated["lapse"] == nil)
        // A member of a branch's committee leads nothing; a dean does, by a position.
        let follower = try await link("leaderToBranch", members[2], branch)
        #expect(follower["lapse"] == "noPost" && follower["lapseZh"]?.stringValue?.contains("职务") == true)
        let nobody = try await link("committeeMemberToDepartment", plain, ["departmentId": department])
        #expect(nobody["lapse"] == "noPost")
        try await party.officer.call(
            "membership.member.note",
            ["memberId": members[2], "kind": "position", "from": "2025-01-01", "title": "副院长"])
        let house = try await link("memberToHousehold", members[5], ["householdCode": "C-1"])
        var shown = try await Self.lapses(party, on: "2025-06-30")
        #expect(shown.values.count { $0 != .null } == 1)
        #expect(shown[nobody["linkId"] ?? .null] == "noPost")

        try await party.officer.call(
            "membership.committee.leave",
            ["organizationId": party.branch, "memberId": members[1], "on": "2025-07-01", "reason": "工作调动"])
        try await party.officer.call(
            "membership.member.end", ["memberId": members[5], "on": "2025-07-01", "how": "died", "reason": "因病去世"])
        shown = try await Self.lapses(party, on: "2025-07-01")
        #expect(shown[seated["linkId"] ?? .null] == "noPost")
        #expect(shown[house["linkId"] ?? .null] == "memberLeft")
        #expect(shown[leader["linkId"] ?? .null] == .null && shown[follower["linkId"] ?? .null] == .null)
        // The day before it all held.
        #expect(try await Self.lapses(party, on: "2025-06-30").values.count { $0 != .null } == 1)
    }
}
