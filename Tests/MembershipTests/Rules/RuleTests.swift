import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

struct RuleTests {
    static let lines: [RuleLine] = {
        (try? RuleFile(parsing: DataOfTests.bytes("rules.csv"), bounds: MembershipRules.bounds).lines) ?? []
    }()

    @Test("every value that is shipped has bounds and lies within; every rule of the chapters has its values")
    func shipped() throws {
        let lines = Self.lines
        #expect(lines.count >= 63)
        for line in lines {
            let key = line.key
            let limit = try #require(MembershipRules.bounds.limits[key], "\(key)")
            #expect(limit.allows(line.value), "\(key)")
            #expect(line.version == 1 && !line.source.isEmpty && !line.reviewer.isEmpty)
        }
        #expect(Set(lines.map(\.key)) == Set(MembershipRules.bounds.limits.keys))
        let wanted: [(String, String, Int64)] = [
            ("DV-01", "ageFrom", 18), ("DV-02", "talkMonths", 1), ("DV-06", "mentorsMax", 2),
            ("DV-07", "cultivationYears", 1),
            ("DV-10", "introducers", 2), ("DV-12", "trainingDays", 3), ("DV-12", "trainingHours", 24),
            ("DV-14", "leavingMonths", 3), ("DV-17", "approvalMonths", 3), ("DV-17", "specialMonths", 6),
            ("DV-19", "probationYears", 1), ("DV-22", "extensionMinMonths", 6), ("DV-22", "extensionMaxMonths", 12),
            ("DV-22", "extensions", 1), ("DV-23", "approvalMonths", 3), ("DV-26", "publicityDays", 5),
            ("DV-27", "backDatingDays", 7), ("BR-01", "branchMembers", 3), ("BR-02", "branchCeiling", 50),
            ("BR-03", "committeeFrom", 7), ("BR-04", "branchTermYears", 3), ("BR-04", "delayMonths", 12),
            ("BR-05", "attendancePercent", 80), ("BR-05", "surplusPercent", 20), ("TRANSFER", "letterDays", 90),
            ("DUES", "lapseMonths", 6), ("DUES", "centralFen", 100_000),
        ]
        for (rule, parameter, value) in wanted {
            let line = lines.first { $0.key == RuleKey(rule, parameter) }
            #expect(line?.value == String(value), "\(rule) \(parameter)")
        }
    }

    @Test("a county tightens a national value and cannot loosen it; a site cannot fall behind its county")
    func revised() async throws {
        let party = try await TestParty.open()
        let county = try await party.host.client(role: .siteAdmin, site: "county")
        let site = try await party.host.client(role: .siteAdmin, site: "t1")
        func revision(_ value: String) -> JSONValue {
            [
                "rule": "DV-07", "parameter": "cultivationYears", "value": .string(value), "validFrom": "2026-12-01",
                "source": "县委决定", "reviewer": "组织科科长",
            ]
        }
        #expect(
            try await party.refusal("membership.rules.revise", revision("0"), by: county).reason == "host.invalidParams"
        )
        #expect(try await county.call("membership.rules.revise", revision("2"))["version"] == "1.1")
        let lax = try await party.refusal("membership.rules.revise", revision("1"), by: site)
        #expect(lax.reason == "membership.ruleLoosened" && lax.details?["floor"] == "2")
        let list = try await party.officer.call("membership.rules.list", ["rule": "DV-07", "asOf": "2026-12-01"])
        let years = list["rules"]?.arrayValue?.first { $0["parameter"] == "cultivationYears" }
        #expect(years?["value"] == "2" && years?["origin"] == "county")
    }

    @Test("every state of the steps up to the approval is of one stage")
    func stages() throws {
        let table = try DelimitedTable(parsing: DataOfTests.bytes("development_steps.csv"))
        #expect(table.rows.count == 25)
        let known = CandidateStage.allCases.flatMap(\.states)
        #expect(known.count == Set(known).count)
        #expect(Set(table.rows.prefix(16).compactMap { $0["state_after"] }) == Set(known))
    }
}
