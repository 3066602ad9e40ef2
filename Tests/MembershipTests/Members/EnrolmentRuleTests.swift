import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// `member.enrol` judges as the import of a register does: DV-01 and DV-19.
struct EnrolmentRuleTests {
    @Test("who was no eighteen on joining, or had less than a year of probation, is refused with field and rule")
    func judged() async throws {
        let party = try await TestParty.open()
        func params(_ born: String, _ more: [String: JSONValue]) async throws -> JSONValue {
            .object(
                [
                    "personId": try await party.person(born: LocalDate(born)), "organizationId": party.branch,
                    "status": "full", "joinedOn": "2018-02-28",
                ].merging(more) { $1 })
        }
        func refused(_ born: String, _ more: [String: JSONValue], _ field: String, _ rule: String) async throws {
            let refusal = try await party.refusal("membership.member.enrol", try await params(born, more))
            #expect(refusal.reason == "host.invalidParams" && refusal.details?[0]?["pointer"] == .string(field))
            #expect(refusal.details?[0]?["expected"]?.stringValue?.contains(rule) == true, "\(refusal)")
        }
        func taken(_ born: String, _ more: [String: JSONValue] = [:]) async throws {
            let reply = try await party.officer.call("membership.member.enrol", try await params(born, more))
            #expect(reply["memberId"] != nil)
        }
        try await refused("2000-03-01", [:], "/joinedOn", "DV-01")
        try await taken("2000-02-28")
        // Who is born on 29 February is a year older on 1 March.
        try await refused("2000-02-29", [:], "/joinedOn", "DV-01")
        try await taken("2000-02-29", ["joinedOn": "2018-03-01"])
        try await refused("1990-01-01", ["probationEndedOn": "2019-02-27"], "/probationEndedOn", "DV-19")
        try await taken("1990-01-01", ["probationEndedOn": "2019-02-28"])
        try await refused("2008-12-01", ["status": "probationary", "joinedOn": "2026-11-20"], "/joinedOn", "DV-01")
    }

    @Test("who joined in the years without a probation is enrolled with the day of joining", arguments: [1969, 1977])
    func withoutProbation(year: Int) async throws {
        let party = try await TestParty.open()
        func params(_ year: Int) async throws -> JSONValue {
            [
                "personId": try await party.person(born: LocalDate("1945-01-01")), "organizationId": party.branch,
                "status": "full", "joinedOn": .string("\(year)-07-01"), "probationEndedOn": .string("\(year)-07-01"),
            ]
        }
        _ = try await party.officer.call("membership.member.enrol", try await params(year))
        let other = year == 1969 ? 1968 : 1978
        let refused = try await party.refusal("membership.member.enrol", try await params(other))
        #expect(refused.details?[0]?["pointer"] == "/probationEndedOn")
    }
}
