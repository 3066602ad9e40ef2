import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

extension TestParty {
    /// Many members of the branch or of another organisation.
    func members(
        _ count: Int, in organization: JSONValue? = nil, joined: LocalDate = LocalDate("2015-06-30") ?? Self.founded
    ) async throws -> [JSONValue] {
        var found: [JSONValue] = []
        for _ in 0..<count { found.append(try await self.member(joined: joined, in: organization)) }
        return found
    }

    /// What an election is told: everybody present, and as many candidates as members, of whom the first ones win every vote.
    func election(
        _ members: [JSONValue], seats: Int, on day: String, organization: JSONValue? = nil, secretary: Bool = true,
        due: Int? = nil, present: Int? = nil, more: [String: JSONValue] = [:]
    ) -> JSONValue {
        let due = due ?? members.count
        let present = present ?? due
        let candidates = members.enumerated().map { place, member -> JSONValue in
            ["memberId": member, "votes": .integer(Int64(place < seats ? present : 0))]
        }
        var params: [String: JSONValue] = [
            "organizationId": organization ?? self.branch, "on": .string(day), "due": .integer(Int64(due)),
            "present": .integer(Int64(present)), "seats": .integer(Int64(seats)), "candidates": .array(candidates),
        ]
        if let first = members.first, secretary { params["posts"] = [["memberId": first, "post": "secretary"]] }
        return .object(params.merging(more) { $1 })
    }

    /// The rules by which an organisation is warned of, in order.
    func warned(_ organization: JSONValue? = nil, by client: TestClient? = nil, on day: String? = nil) async throws
        -> [String]
    {
        var params: [String: JSONValue] = ["organizationId": organization ?? self.branch]
        params["asOf"] = day.map { .string($0) }
        let reply = try await (client ?? self.officer).call("membership.organization.check", .object(params))
        return reply["warnings"]?.arrayValue?.compactMap { $0["rule"]?.stringValue } ?? []
    }

    /// Who is in office, in the order of the posts.
    func officers(_ organization: JSONValue? = nil, on day: String? = nil) async throws -> [JSONValue] {
        var params: [String: JSONValue] = ["organizationId": organization ?? self.branch]
        params["asOf"] = day.map { .string($0) }
        let reply = try await self.officer.call("membership.committee.get", .object(params))
        return reply["officers"]?.arrayValue?.compactMap { $0["memberId"] } ?? []
    }

    /// An officer who may read discipline as well.
    func inspector(at site: String = "t1") async throws -> TestClient {
        let client = try await self.host.client(role: .branchOfficer, site: site)
        try self.host.script(
            """
            INSERT INTO host.role_grant (account_id, role, site_id, reach)
            SELECT account_id, 'auditor', (SELECT site_id FROM host.site WHERE code = '\(site)'), 'site'
            FROM host.account WHERE account = '\(client.account)'
            """)
        try self.host.core.reloadDirectory()
        return client
    }

    /// The discipline of a member, as an inspector sees it.
    func discipline(of member: JSONValue, at site: String = "t1") async throws -> [JSONValue] {
        let list = try await self.inspector(at: site).call(
            "membership.fact.list", ["memberId": member, "unmask": ["purpose": "inspection"]])
        return list["facts"]?.arrayValue?.filter { $0["kind"] == "discipline" } ?? []
    }

    /// Notes a fact of a member; gives its id.
    @discardableResult
    func note(
        _ member: JSONValue, _ kind: String, from: String, _ more: [String: JSONValue], by client: TestClient? = nil
    ) async throws -> JSONValue {
        let params: [String: JSONValue] = ["memberId": member, "kind": .string(kind), "from": .string(from)]
        let reply = try await (client ?? self.officer).call(
            "membership.member.note", .object(params.merging(more) { $1 }))
        return try #require(reply["factId"])
    }

    static let paper: JSONValue = ["title": "县卫健工委批复"]
}
