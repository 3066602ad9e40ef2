import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

/// A host with the roster, and what the tests of imports do to it.
struct Roster {
    let host: TestHost
    let nurse: TestClient

    static let kind: JSONValue = "roster.entries"

    static func open() async throws -> Roster {
        let host = try await TestHost.start(RosterModule.self)
        return Roster(host: host, nurse: try await host.client(role: .nurse, site: "t1"))
    }

    /// Begins an import and gives its id.
    func begin(_ name: String = "roster.csv", header: String = "name,amount", sm3: String? = nil) async throws
        -> JSONValue
    {
        var params: [String: JSONValue] = ["kind": Self.kind, "name": .string(name), "header": .string(header)]
        params["sm3"] = sm3.map { .string($0) }
        return try #require(try await self.nurse.call("imports.begin", .object(params))["importId"])
    }

    /// Uploads lines from one on.
    @discardableResult
    func append(_ id: JSONValue, _ csv: String, from line: Int64 = 1) async throws -> JSONValue {
        try await self.nurse.call("imports.append", ["importId": id, "fromLine": .integer(line), "csv": .string(csv)])
    }

    /// Uploads a whole file, so that it is checked.
    func upload(_ csv: String, header: String = "name,amount") async throws -> JSONValue {
        let id = try await self.begin(header: header)
        let next = try await self.append(id, csv)["nextLine"]?.integerValue ?? 0
        try await self.nurse.call("imports.finish", ["importId": id, "lines": .integer(next - 1)])
        return id
    }

    /// Has it applied and waits for the end.
    func apply(_ id: JSONValue, _ mode: String, by client: TestClient? = nil) async throws -> JSONValue {
        try await (client ?? self.nurse).call("imports.apply", ["importId": id, "mode": .string(mode)])
        return try await self.ended(id)
    }

    /// Waits until it is no longer being applied.
    func ended(_ id: JSONValue) async throws -> JSONValue {
        try await self.reaches(id) { $0["state"] != "applying" }
    }

    /// Waits until the import is as wanted.
    func reaches(_ id: JSONValue, _ isWanted: (JSONValue) -> Bool) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < end {
            let state = try await self.nurse.call("imports.get", ["importId": id])
            if isWanted(state) { return state }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the import did not get there")
        return .null
    }

    func faults(_ id: JSONValue) async throws -> [JSONValue] {
        try await self.nurse.call("imports.faults", ["importId": id])["faults"]?.arrayValue ?? []
    }

    /// The names of the roster, in order.
    func names() throws -> [String?] {
        try self.host.sql("SELECT name FROM roster.entry ORDER BY name").map { $0[0] }
    }

    /// What is staged: nothing of it may stay.
    func staged() throws -> [[String?]] {
        try self.host.sql("SELECT (SELECT count(*) FROM host.import_chunk), (SELECT count(*) FROM host.import_key)")
    }

    func refusal(_ method: String, _ params: JSONValue, by client: TestClient? = nil) async throws -> CallRefused {
        let client = client ?? self.nurse
        let error = await #expect(throws: CallRefused.self) { try await client.call(method, params) }
        return try #require(error)
    }
}
