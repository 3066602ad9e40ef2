import Foundation
import People
import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// A county's Party organisations on a host of its own: a committee kept by the bureau, and a branch of `t1` below it.
struct TestParty {
    let host: TestHost
    /// The day that the clock shows.
    let today: LocalDate
    /// The officer of `t1`.
    let officer: TestClient
    /// The officer of the bureau and all below it.
    let committeeOfficer: TestClient
    /// Registers persons at `t1`.
    let desk: TestClient
    let committee: JSONValue
    let branch: JSONValue
    /// 2026-11-22T14:30:00+08:00.
    static let now = Timestamp(microseconds: 1_795_329_000_000_000)
    static let founded = LocalDate("2010-07-01") ?? Self.now.localDate

    static func open(at now: Timestamp = Self.now) async throws -> TestParty {
        let host = try await TestHost.start(PeopleModule.self, MembershipModule.self)
        host.setClock(now)
        let above = try await host.client(role: .branchOfficer, site: "county", reach: .subtree)
        let committee = try await above.call(
            "membership.organization.create",
            ["nameZh": "某县卫健系统党委", "kind": "committee", "foundedOn": .string(Self.founded.description)])
        let id = try #require(committee["organizationId"])
        let officer = try await host.client(role: .branchOfficer, site: "t1")
        let branch = try await officer.call(
            "membership.organization.create",
            [
                "nameZh": "某镇中心卫生院党支部", "kind": "branch", "parentId": id,
                "foundedOn": .string(Self.founded.description),
            ])
        return TestParty(
            host: host, today: now.localDate, officer: officer, committeeOfficer: above,
            desk: try await host.client(role: .doctor, site: "t1"), committee: id,
            branch: try #require(branch["organizationId"]))
    }

    /// The same at another time: sessions end in the meantime, so the clients are new.
    func at(_ instant: Timestamp) async throws -> TestParty {
        self.host.setClock(instant)
        return TestParty(
            host: self.host, today: instant.localDate,
            officer: try await self.host.client(role: .branchOfficer, site: "t1"),
            committeeOfficer: try await self.host.client(role: .branchOfficer, site: "county", reach: .subtree),
            desk: try await self.host.client(role: .doctor, site: "t1"), committee: self.committee, branch: self.branch)
    }

    /// The same at half past two of a day.
    func on(_ day: LocalDate) async throws -> TestParty {
        try await self.at(Timestamp("\(day)T14:30:00+08:00") ?? Self.now)
    }

    /// Registers a person of that birth date at a site; gives the id.
    func person(born: LocalDate? = LocalDate("1990-05-01"), at site: String = "t1") async throws -> JSONValue {
        var params: [String: JSONValue] = [
            "nameZh": .string("测试\(Self.numbers.next())"), "sex": "female",
        ]
        params["birthDate"] = born.map { .string($0.description) }
        if let born { params["document"] = ["kind": "citizenId", "number": .string(Self.citizenNumber(born))] }
        let desk = site == "t1" ? self.desk : try await self.host.client(role: .doctor, site: site)
        return try #require(try await desk.call("people.person.register", .object(params))["personId"])
    }

    /// A member of the branch (or of another organisation of `t1`) who joined on a day; gives the id.
    func member(
        joined: LocalDate = LocalDate("2015-06-30") ?? Self.founded, status: String = "full",
        in organization: JSONValue? = nil
    ) async throws -> JSONValue {
        let reply = try await self.officer.call(
            "membership.member.enrol",
            [
                "personId": try await self.person(), "organizationId": organization ?? self.branch,
                "status": .string(status), "joinedOn": .string(joined.description),
            ])
        return try #require(reply["memberId"])
    }

    /// A new organisation of `t1`.
    func organization(
        _ kind: String, below parent: JSONValue?, founded: LocalDate = Self.founded, by client: TestClient? = nil
    ) async throws -> JSONValue {
        var params: [String: JSONValue] = [
            "nameZh": "某组织", "kind": .string(kind), "foundedOn": .string(founded.description),
        ]
        params["parentId"] = parent
        let reply = try await (client ?? self.officer).call("membership.organization.create", .object(params))
        return try #require(reply["organizationId"])
    }

    /// What `statistics.count` says of an organisation on a day.
    func count(
        _ organization: JSONValue? = nil, on day: LocalDate? = nil, by client: TestClient? = nil
    ) async throws -> JSONValue {
        try await (client ?? self.officer).call(
            "membership.statistics.count",
            ["organizationId": organization ?? self.branch, "asOf": .string((day ?? self.today).description)])
    }

    /// The refusal of a call that must be refused.
    func refusal(_ method: String, _ params: JSONValue, by client: TestClient? = nil) async throws -> CallRefused {
        let client = client ?? self.officer
        let error = await #expect(throws: CallRefused.self) { try await client.call(method, params) }
        return try #require(error)
    }

    /// Counts up through the whole run, so that no two test people have one number.
    private static let numbers = RunningNumber()

    /// A citizen number of a birth date, with a valid check digit; female.
    private static func citizenNumber(_ born: LocalDate) -> String {
        let number = Self.numbers.next()
        let area = 610_000 + number / 400 % 1000
        let order = String(1000 + number % 400 * 2).dropFirst()
        let digits = Array("\(area)\(born.description.replacing("-", with: ""))\(order)".utf8).map { Int($0) - 48 }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return digits.map(String.init).joined() + String(Array("10X98765432")[sum % 11])
    }
}

/// A number that no other test of the run gets.
final class RunningNumber: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        self.last.withLock { last in
            last += 1
            return last
        }
    }
}
