import Testing
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

    static let paper: JSONValue = ["title": "县卫健工委批复"]
}
