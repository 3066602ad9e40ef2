import Testing
import XinglinCrypto
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// A branch of `t1` and one of `t2` below one committee, which the bureau keeps and whose officer reads both.
struct TwoBranches {
    let party: TestParty
    /// The officer of `t2`.
    let there: TestClient
    /// An officer of a third site, the bureau's own, who reads nothing below it.
    let stranger: TestClient
    /// The branch of `t2`.
    let other: JSONValue

    var host: TestHost { self.party.host }
    /// The officer of `t1`.
    var here: TestClient { self.party.officer }
    var today: LocalDate { self.party.today }

    static func open(at now: Timestamp = TestParty.now) async throws -> TwoBranches {
        let party = try await TestParty.open(at: now)
        let there = try await party.host.client(role: .branchOfficer, site: "t2")
        let other = try await party.organization("branch", below: party.committee, by: there)
        return TwoBranches(
            party: party, there: there,
            stranger: try await party.host.client(role: .branchOfficer, site: "county"), other: other)
    }

    /// The same on another day: sessions end in the meantime, so the clients are new.
    func on(_ day: LocalDate) async throws -> TwoBranches {
        let party = try await self.party.on(day)
        return TwoBranches(
            party: party, there: try await self.host.client(role: .branchOfficer, site: "t2"),
            stranger: try await self.host.client(role: .branchOfficer, site: "county"), other: self.other)
    }

    func later(days: Int) async throws -> TwoBranches { try await self.on(self.today.adding(days: days)) }

    /// Asks for a transfer; gives its id.
    func request(
        _ who: [String: JSONValue], to organization: JSONValue? = nil, by client: TestClient? = nil
    ) async throws -> JSONValue {
        var params = who
        params["toOrganizationId"] = organization ?? self.other
        params["reason"] = "工作调动"
        params["on"] = .string(self.today.description)
        let reply = try await (client ?? self.here).call("membership.transfer.request", .object(params))
        #expect(reply["state"] == "requested")
        return try #require(reply["transferId"])
    }

    @discardableResult
    func issue(
        _ transfer: JSONValue, days: Int = 90, by client: TestClient? = nil
    ) async throws -> JSONValue {
        try await (client ?? self.here).call(
            "membership.transfer.issueLetter", ["transferId": transfer, "validDays": .integer(Int64(days))])
    }

    @discardableResult
    func receive(
        _ transfer: JSONValue, on day: LocalDate? = nil, examined: Bool? = nil, by client: TestClient? = nil
    ) async throws -> JSONValue {
        try await (client ?? self.there).call(
            "membership.transfer.receive", Self.receipt(transfer, on: day ?? self.today, examined: examined))
    }

    static func receipt(_ transfer: JSONValue, on day: LocalDate, examined: Bool? = nil) -> JSONValue {
        var params: [String: JSONValue] = ["transferId": transfer, "on": .string(day.description)]
        params["papersExamined"] = examined.map { .bool($0) }
        return .object(params)
    }

    /// How many full members, then activists, each branch has on a day by its own officer, and both by the committee's.
    func counts(on day: LocalDate) async throws -> [String] {
        func text(_ organization: JSONValue, _ client: TestClient) async throws -> String {
            let count = try await self.party.count(organization, on: day, by: client)
            return "\(Self.number(count["full"]))+\(Self.number(count["activists"]))"
        }
        return [
            try await text(self.party.branch, self.here), try await text(self.other, self.there),
            try await text(self.party.committee, self.party.committeeOfficer),
        ]
    }

    private static func number(_ value: JSONValue?) -> Int64 {
        guard case .integer(let number)? = value else { return -1 }
        return number
    }

    /// Where the one claim of the county is.
    func claims() throws -> [[String?]] {
        try self.host.sql(
            "SELECT site.code, claim.kind FROM membership.claim JOIN host.site ON site.site_id = kept_at ORDER BY 1, 2")
    }

    /// An activist of `t1` who applied and was chosen on these days, past the methods; gives the id.
    func activist(applied: LocalDate, chosen: LocalDate, file: JSONValue? = nil) async throws -> JSONValue {
        let person = try #require(try await self.party.person().stringValue)
        let id = RecordID.make(at: TestParty.now).description
        let branch = self.party.branch.stringValue ?? ""
        let paper = file?.stringValue.map { "'\($0)'" } ?? "NULL"
        try self.host.script(
            """
            INSERT INTO membership.candidate (site_id, candidate_id, person_id, is_imported, recorded_at, recorded_by)
            SELECT site_id, '\(id)', '\(person)', false, now(), site_id FROM host.site WHERE code = 't1';
            INSERT INTO membership.claim SELECT '\(person)', 'candidate', '\(id)', site_id, now() FROM host.site WHERE code = 't1';
            INSERT INTO membership.development_entry (site_id, entry_id, candidate_id, on_date, kind, step, status,
                organization_id, facts, rule_versions, is_imported, recorded_at, recorded_by)
            SELECT site_id, gen_random_uuid(), '\(id)', day::date, 'step', step, status, organization::uuid, '{"by": "李某"}', '{}',
                false, now(), site_id
            FROM host.site, (VALUES
                ('\(applied)', 1, 'applicant', '\(branch)'), ('\(applied)', 2, 'applicant_talked', NULL),
                ('\(chosen)', 3, 'activist_pending_filing', NULL), ('\(chosen.adding(days: 3))', 4, 'activist', NULL),
                ('\(chosen.adding(days: 5))', 5, 'activist_mentored', NULL)) AS done (day, step, status, organization)
            WHERE code = 't1';
            INSERT INTO membership.development_document (site_id, entry_id, position, title, file_id, sm3)
            SELECT site_id, entry_id, 1, '支委会会议记录', \(paper)::uuid, repeat('a', 64) FROM membership.development_entry
            WHERE candidate_id = '\(id)' AND step = 3;
            INSERT INTO membership.vote (site_id, vote_id, candidate_id, on_date, purpose, due, present, written_in_favour,
                in_favour, recused, is_valid, is_passed, rule_version, recorded_at, recorded_by)
            SELECT site_id, gen_random_uuid(), '\(id)', '\(chosen)', 'admission', 7, 5, 0, 3, 0, true, false, '1.0', now(), site_id
            FROM host.site WHERE code = 't1';
            """)
        return .string(id)
    }

    /// A finished file of a client's.
    func file(_ text: String, by client: TestClient) async throws -> JSONValue {
        let bytes = Array(text.utf8)
        let begun = try await client.call(
            "files.begin",
            [
                "name": "paper.txt", "mediaType": "text/plain", "bytes": .integer(Int64(bytes.count)),
                "sm3": .string(try SM3.hex(bytes)),
            ])
        let file = try #require(begun["fileId"])
        try await client.call("files.append", ["fileId": file, "offset": 0, "base64": .string(Base64.encode(bytes))])
        try await client.call("files.finish", ["fileId": file])
        return file
    }

    static func reading(_ file: JSONValue) -> JSONValue { ["fileId": file, "offset": 0, "length": 1000] }
}

/// A day of a test.
func dated(_ text: String) -> LocalDate { LocalDate(text) ?? TestParty.founded }
