import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

/// A county with two townships on a host of its own.
struct Township {
    let host: TestHost
    let doctor: TestClient
    /// 2026-11-22T14:30:00+08:00.
    static let now = Timestamp(microseconds: 1_795_329_000_000_000)

    static func open() async throws -> Township {
        let host = try await TestHost.start(PeopleModule.self)
        host.setClock(Self.now)
        return Township(host: host, doctor: try await host.client(role: .doctor, site: "t1"))
    }

    func client(_ role: Role, _ site: String = "t1", reach: Grant.Reach = .site) async throws -> TestClient {
        try await self.host.client(role: role, site: site, reach: reach)
    }

    /// Moves the clock, within the time of a session.
    func pass(seconds: Int64) {
        self.host.setClock(Self.now.adding(seconds: seconds))
    }

    /// Registers a person; gives the id.
    func register(_ params: JSONValue, by client: TestClient? = nil) async throws -> JSONValue {
        let reply = try await (client ?? self.doctor).call("people.person.register", params)
        return try #require(reply["personId"])
    }

    func get(_ id: JSONValue, by client: TestClient? = nil, unmask purpose: String? = nil) async throws -> JSONValue {
        var params: [String: JSONValue] = ["personId": id]
        params["unmask"] = purpose.map { ["purpose": .string($0)] }
        return try await (client ?? self.doctor).call("people.person.get", .object(params))
    }

    /// The refusal of a call that must be refused.
    func refusal(_ method: String, _ params: JSONValue, by client: TestClient? = nil) async throws -> CallRefused {
        let client = client ?? self.doctor
        let error = await #expect(throws: CallRefused.self) { try await client.call(method, params) }
        return try #require(error)
    }

    /// The last audit row of a method: outcome, reason and notes.
    func audit(_ method: String) throws -> (outcome: String?, reason: String?, notes: String) {
        let row = try self.host.sql(
            "SELECT outcome, reason, notes FROM host.audit WHERE method = '\(method)' ORDER BY seq DESC LIMIT 1")
        let found = try #require(row.first)
        return (found[0], found[1], found[2] ?? "")
    }
}
