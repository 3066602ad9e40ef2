import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// The desk of a branch's officer who collects dues.
struct DuesDesk {
    var party: TestParty

    var host: TestHost { self.party.host }
    var officer: TestClient { self.party.officer }

    static func open(on day: String = "2026-11-22") async throws -> DuesDesk {
        let instant = try #require(Timestamp("\(day)T14:30:00+08:00"))
        return DuesDesk(party: try await TestParty.open(at: instant))
    }

    func on(_ day: String) async throws -> DuesDesk {
        DuesDesk(party: try await self.party.on(try #require(LocalDate(day))))
    }

    /// A full member who joined long ago, with a base from a month on.
    func member(base: Int64? = 500_000, from: String = "2026-01", joined: String = "2015-06-30", status: String = "full") async throws -> JSONValue {
        let id = try await self.party.member(joined: try #require(LocalDate(joined)), status: status)
        if let base { try await self.base(id, base, from: from) }
        return id
    }

    @discardableResult
    func base(_ member: JSONValue, _ fen: Int64, from: String) async throws -> JSONValue {
        try await self.officer.call(
            "membership.dues.setBase",
            ["memberId": member, "category": "salaried", "baseFen": .integer(fen), "from": .string(from)])
    }

    private func month(_ month: String, _ branch: JSONValue?) -> JSONValue {
        ["organizationId": branch ?? self.party.branch, "month": .string(month)]
    }

    @discardableResult
    func openMonth(_ month: String, of branch: JSONValue? = nil) async throws -> JSONValue {
        try await self.officer.call("membership.dues.openMonth", self.month(month, branch))
    }

    @discardableResult
    func assess(_ month: String, of branch: JSONValue? = nil) async throws -> JSONValue {
        try await self.officer.call("membership.dues.assess", self.month(month, branch))
    }

    @discardableResult
    func close(_ month: String, of branch: JSONValue? = nil) async throws -> JSONValue {
        try await self.officer.call("membership.dues.closeMonth", self.month(month, branch))
    }

    func paying(_ member: JSONValue, _ fen: Int64, month: String? = nil, voluntary: Bool? = nil) -> JSONValue {
        var params: [String: JSONValue] = [
            "memberId": member, "amountFen": .integer(fen), "on": .string(self.party.today.description), "how": "cash",
        ]
        params["month"] = month.map { .string($0) }
        params["voluntary"] = voluntary.map { .bool($0) }
        return .object(params)
    }

    @discardableResult
    func pay(_ member: JSONValue, _ fen: Int64, month: String? = nil, voluntary: Bool? = nil) async throws -> JSONValue {
        try await self.officer.call(
            "membership.dues.pay", self.paying(member, fen, month: month, voluntary: voluntary))
    }

    func lines(_ month: String, of organization: JSONValue? = nil) async throws -> [JSONValue] {
        var params: [String: JSONValue] = [
            "organizationId": organization ?? self.party.branch, "month": .string(month), "limit": 500,
        ]
        var lines: [JSONValue] = []
        while true {
            let reply = try await self.officer.call("membership.duesLine.list", .object(params))
            lines += reply["lines"]?.arrayValue ?? []
            guard let next = reply["next"] else { return lines }
            params["after"] = next
        }
    }

    func summary(_ from: String, _ until: String, of organization: JSONValue? = nil) async throws -> JSONValue {
        try await self.officer.call(
            "membership.dues.summary",
            ["organizationId": organization ?? self.party.branch, "from": .string(from), "until": .string(until)])
    }

    func refusal(_ method: String, _ params: JSONValue) async throws -> CallRefused {
        try await self.party.refusal(method, params)
    }
}

extension JSONValue {
    /// A whole number of a member.
    func int(_ name: String) -> Int64 { self[name]?.integerValue ?? .min }
}
