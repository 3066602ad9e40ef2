import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

@Suite("Import of a register")
struct RegisterImportTests {
    /// The organisations of a county hospital, as a file: branches of 3 groups, all of whose groups have the same three names.
    private static func organizations(branches: Int) -> [RegisterFile.Line] {
        var lines: [RegisterFile.Line] = [
            ["nameZh": "某县医院党委", "kind": "党委", "parent": "某县卫健系统党委", "foundedOn": "2010/7/1"],
            ["nameZh": "已撤销党支部", "kind": "党支部", "parent": "某县医院党委", "foundedOn": "2010.7.1"],
            ["nameZh": "新建党支部", "kind": "党支部", "parent": "某县医院党委", "foundedOn": "2022年1月1日"],
        ]
        for branch in 1...branches {
            lines.append([
                "nameZh": "第\(branch)党支部", "kind": "党支部", "parent": "某县医院党委", "foundedOn": "20100701",
            ])
            for group in ["一", "二", "三"] {
                lines.append([
                    "nameZh": "第\(group)党小组", "kind": "党小组", "parent": "第\(branch)党支部", "foundedOn": "2010-07-01",
                ])
            }
        }
        return lines
    }

    private static func places(branches: Int) -> [String] {
        (1...branches).flatMap { branch in
            ["第\(branch)党支部"] + ["一", "二", "三"].map { "第\(branch)党支部/第\($0)党小组" }
        }
    }

    /// A hospital with its organisations taken in.
    private static func open(branches: Int) async throws -> TestParty {
        let party = try await TestParty.open()
        let csv = RegisterFile.csv(Self.organizations(branches: branches), OrganizationImport.columns)
        let checked = try await Sheets.check("membership.organizations", csv, party.officer)
        let faults = try await Sheets.faults(checked, party.officer)
        #expect(checked["faulty"] == 0, "\(faults)")
        let done = try await Sheets.apply(checked, party.officer)
        #expect(done["state"] == "applied" && done["applied"] == .integer(Int64(3 + branches * 4)))
        let id =
            try party.host.sql(
                "SELECT organization_id FROM membership.organization_version WHERE name_zh = '已撤销党支部'")[0][0] ?? ""
        try await party.officer.call(
            "membership.organization.change",
            ["organizationId": .string(id), "change": "dissolve", "on": "2020-01-01", "reason": "人数不足"])
        return party
    }

    private static func rows(_ host: TestHost) throws -> [[String?]] {
        try host.sql(
            """
            SELECT (SELECT count(*) FROM membership.member)::text, (SELECT count(*) FROM membership.standing)::text,
                (SELECT count(*) FROM membership.claim)::text, (SELECT count(*) FROM people.person)::text
            """)
    }

    /// Makes the registers know the person of a line otherwise than the line says.
    private static func prepare(
        _ error: PlantedError, _ line: RegisterFile.Line, _ party: TestParty,
        elsewhere: (TestClient, TestClient, JSONValue)
    ) async throws {
        let (desk, officer, branch) = error == .elsewhere ? elsewhere : (party.desk, party.officer, party.branch)
        let name = error == .otherName ? "别的名字" : line["nameZh"] ?? ""
        let person = try await desk.call(
            "people.person.register",
            [
                "nameZh": .string(name),
                "document": ["kind": "citizenId", "number": .string(line["documentNumber"] ?? "")],
            ])
        let id = try #require(person["personId"]?.stringValue)
        switch error {
        case .elsewhere, .otherFacts:
            try await officer.call(
                "membership.member.enrol",
                ["personId": .string(id), "organizationId": branch, "status": "full", "joinedOn": "2014-06-30"])
        case .candidate:
            _ = try party.host.sql(
                """
                INSERT INTO membership.claim (person_id, kind, record_id, kept_at, claimed_at)
                SELECT '\(id)', 'candidate', gen_random_uuid(), kept_at, now() FROM membership.organization
                WHERE organization_id = '\(party.branch.stringValue ?? "")' RETURNING 1
                """)
        default: break
        }
    }

    @Test("5,000 members with 200 planted errors: all are told in one pass, then the corrected file goes in, and again")
    func planted() async throws {
        let party = try await Self.open(branches: 20)
        let places = Self.places(branches: 20)
        let there = try await party.host.client(role: .branchOfficer, site: "t2")
        let branch = try await there.call(
            "membership.organization.create", ["nameZh": "他院党支部", "kind": "branch", "foundedOn": "2012-01-01"])
        let elsewhere = (
            try await party.host.client(role: .doctor, site: "t2"), there, try #require(branch["organizationId"])
        )
        let file = RegisterFile(members: 5000, of: places)
        var faulty = file
        var expected: Set<Sheets.Fault> = []
        for place in 0..<200 {
            let error = PlantedError.allCases[place % PlantedError.allCases.count]
            let index = 12 + place * 25
            var base = PlantedError.base(10_000 + index, of: places[index % places.count])
            if error == .otherFacts { base["organization"] = "某镇中心卫生院党支部" }
            if error.isAboutThePerson { try await Self.prepare(error, base, party, elsewhere: elsewhere) }
            faulty.lines[index] = error.plant(base, after: file.lines[index - 3])
            expected.insert(.init(line: index + 1, field: error.field))
        }
        #expect(expected.count == 200)
        // Of two lines of one person each is told, whether the first has another fault, the second, or both; near by and far off.
        let twins: [(first: Int, second: Int, isFirstFaulty: Bool, isSecondFaulty: Bool)] = [
            (5, 8, true, false), (30, 4900, true, false), (55, 3001, false, true), (80, 2602, true, true),
        ]
        for (number, twin) in twins.enumerated() {
            let base = PlantedError.base(20_000 + number, of: places[0])
            for (index, isFaulty) in [(twin.first, twin.isFirstFaulty), (twin.second, twin.isSecondFaulty)] {
                faulty.lines[index] = isFaulty ? PlantedError.monthOnly.plant(base, after: base) : base
                if isFaulty { expected.insert(.init(line: index + 1, field: PlantedError.monthOnly.field)) }
            }
            expected.insert(.init(line: twin.second + 1, field: ""))
        }
        let before = try Self.rows(party.host)

        let clock = ContinuousClock()
        var start = clock.now
        let checked = try await Sheets.check("membership.register", faulty.csv, party.officer)
        print("5,000 lines with 200 errors checked in \(clock.now - start)")
        #expect(checked["good"] == 4793 && checked["faulty"] == 207)
        let found = try await Sheets.faults(checked, party.officer)
        #expect(found.map(\.place).sorted() == expected.sorted())
        // No message repeats a number of a document.
        #expect(!found.contains { $0.text.split { !$0.isNumber }.contains { $0.count > 10 } })
        await #expect(throws: CallRefused.self) { try await Sheets.apply(checked, party.officer) }
        #expect(try Self.rows(party.host) == before, "nothing was done")

        start = clock.now
        let good = try await Sheets.check("membership.register", file.csv, party.officer)
        print("5,000 lines without errors checked in \(clock.now - start)")
        let wrong = try await Sheets.faults(good, party.officer)
        #expect(good["good"] == 5000 && wrong.isEmpty, "\(wrong.prefix(5))")
        start = clock.now
        let done = try await Sheets.apply(good, party.officer)
        print("5,000 lines applied in \(clock.now - start)")
        #expect(done["state"] == "applied" && done["applied"] == 5000)
        let committee =
            try party.host.sql(
                "SELECT organization_id FROM membership.organization_version WHERE name_zh = '某县医院党委'")[0][0] ?? ""
        let count = try await party.count(.string(committee))
        #expect(count["full"] == 4500 && count["probationary"] == 500)
        let after = try Self.rows(party.host)
        try await Self.printed(party, committee)

        start = clock.now
        let again = try await Sheets.check("membership.register", file.csv, party.officer)
        print("the same 5,000 lines checked again in \(clock.now - start)")
        #expect(again["good"] == 5000 && again["faulty"] == 0)
        let twice = try await Sheets.apply(again, party.officer)
        #expect(twice["state"] == "applied" && twice["applied"] == 5000)
        #expect(try Self.rows(party.host) == after, "the same file once more changes nothing")
    }

    /// A page of 5,000 rows is refused with the parts that can be printed, which come to as many; a part is printed.
    private static func printed(_ party: TestParty, _ committee: String) async throws {
        let error = await #expect(throws: CallRefused.self) {
            try await party.officer.call(
                "membership.roll.page", ["organizationId": .string(committee)], deadlineMs: 60_000)
        }
        let refused = try #require(error)
        #expect(refused.reason == "membership.pageTooLong" && refused.details?["rows"] == 5000)
        let parts = try #require(refused.details?["parts"]?.arrayValue)
        #expect(parts.count == 20 && parts.compactMap { $0["rows"]?.integerValue }.reduce(0, +) == 5000)
        let page = try await party.officer.call(
            "membership.roll.page", ["organizationId": parts[0]["organizationId"] ?? .null])
        let rows = page["html"]?.stringValue?.ranges(of: "<td class='no'>").count ?? 0
        #expect(parts[0]["rows"] == .integer(Int64(rows)) && rows > 240)
        let lines = try DelimitedTable(
            parsing: try await Sheets.export(
                "membership.register", ["organizationId": .string(committee)], party.officer)
        ).rows
        #expect(lines.count == 5000)
    }

    @Test(
        "a line whose member was assigned elsewhere since names the field that differs; a clinical role imports nothing"
    )
    func changedSince() async throws {
        let party = try await Self.open(branches: 1)
        let file = RegisterFile(members: 4, of: ["第1党支部"])
        let checked = try await Sheets.check("membership.register", file.csv, party.officer)
        #expect(try await Sheets.apply(checked, party.officer)["applied"] == 4)
        let members = try await party.officer.call("membership.member.list")["members"]?.arrayValue ?? []
        let group =
            try party.host.sql(
                "SELECT organization_id FROM membership.organization_version WHERE name_zh = '第二党小组'")[0][0] ?? ""
        try await party.officer.call(
            "membership.member.assign",
            ["memberId": members[0]["memberId"] ?? .null, "organizationId": .string(group), "on": "2026-10-01"])
        let again = try await Sheets.check("membership.register", file.csv, party.officer)
        #expect(again["good"] == 3 && again["faulty"] == 1)
        #expect(try await Sheets.faults(again, party.officer).map(\.place.field) == ["organization"])
        let clinical = try await party.host.client(role: .doctor, site: "t1")
        let refused = await #expect(throws: CallRefused.self) {
            try await Sheets.check("membership.register", file.csv, clinical)
        }
        #expect(refused?.reason == "host.forbidden")
    }

    @Test("who is enrolled between check and apply is told, and with all or nothing nobody comes in")
    func late() async throws {
        let party = try await Self.open(branches: 1)
        let file = RegisterFile(members: 3, of: ["第1党支部"])
        let checked = try await Sheets.check("membership.register", file.csv, party.officer)
        var one = file
        one.lines = [file.lines[1]]
        let other = try await Sheets.check("membership.register", one.csv, party.officer)
        #expect(try await Sheets.apply(other, party.officer)["applied"] == 1)
        let before = try Self.rows(party.host)
        let refused = try await Sheets.apply(checked, party.officer)
        #expect(refused["state"] == "refused")
        #expect(
            try await Sheets.faults(checked, party.officer).map(\.place) == [.init(line: 2, field: "documentNumber")])
        #expect(try Self.rows(party.host) == before)
        let rest = try await Sheets.apply(checked, party.officer, mode: "goodLines")
        #expect(rest["applied"] == 2)
    }

    @Test("an export with a purpose goes in at another site as it is; without one it shows no whole name and no number")
    func export() async throws {
        let party = try await Self.open(branches: 1)
        var file = RegisterFile(members: 30, of: Self.places(branches: 1))
        file.lines[0]["since"] = "2012-05-06"
        let checked = try await Sheets.check("membership.register", file.csv, party.officer)
        #expect(try await Sheets.apply(checked, party.officer)["applied"] == 30)
        let masked = try DelimitedTable(
            parsing: try await Sheets.export("membership.register", [:], party.officer)
        ).rows
        #expect(masked.count == 30)
        #expect(masked.allSatisfy { $0["citizen number"] == "" && $0["name"]?.contains("*") == true })
        let whole = try await Sheets.export(
            "membership.register", ["unmask": ["purpose": "organizationWork"]], party.officer)
        let rows = try DelimitedTable(parsing: whole).rows
        #expect(Set(rows.compactMap { $0["citizen number"] }) == Set(file.lines.compactMap { $0["documentNumber"] }))
        #expect(Set(rows.compactMap { $0["branch or group"] }) == Set(["第1党支部", "第一党小组", "第二党小组", "第三党小组"]))
        // The same file again, as it was exported: every line is as it is recorded.
        let again = try await Sheets.check("membership.register", whole, party.officer)
        let differing = try await Sheets.faults(again, party.officer)
        #expect(again["good"] == 30 && differing.isEmpty, "\(differing.prefix(5))")
        let audit = try party.host.sql(
            """
            SELECT notes::json->>'basis', notes::json->>'purpose' FROM host.audit
            WHERE method = 'exports.begin' AND notes::json->>'sm3' IS NOT NULL ORDER BY seq
            """)
        #expect(audit == [["partyRegister", nil], ["partyRegister", "organizationWork"]])
        // At a host of its own, with the same organisations, it makes the same facts.
        let other = try await Self.open(branches: 1)
        let there = try await Sheets.check("membership.register", whole, other.officer)
        let wrongThere = try await Sheets.faults(there, other.officer)
        #expect(there["good"] == 30 && wrongThere.isEmpty, "\(wrongThere.prefix(5))")
        #expect(try await Sheets.apply(there, other.officer)["applied"] == 30)
        let facts = """
            SELECT p.name_zh, s.on_date::text, s.change, s.status, m.joined_on::text
            FROM membership.standing AS s JOIN membership.member AS m USING (site_id, member_id)
            JOIN people.person AS p USING (person_id) ORDER BY 1, 2, 3
            """
        #expect(try other.host.sql(facts) == party.host.sql(facts))
    }
}
