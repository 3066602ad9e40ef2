import Testing
import XinglinKit

@testable import Membership

/// BR-04 without a database.
struct TermTests {
    private static func rules() throws -> OfficeRules { try OfficeRules(DataOfTests.book()) }

    private static func day(_ text: String) throws -> LocalDate { try #require(LocalDate(text)) }

    private static func term(_ from: String, _ to: String, putOff: String? = nil) throws -> Term {
        Term(
            id: Sample.fact, election: Sample.fact, electedOn: try Self.day(from), seats: 3, elected: 3,
            endsOn: try Self.day(to), putOffUntil: try putOff.map(Self.day))
    }

    @Test(
        "BR-04: three years for a branch, five for a village's and for a committee, clipped at the month's end",
        arguments: [
            ("2024-02-29", OrganizationKind.branch, false, "2027-02-28"),
            ("2024-02-29", .generalBranch, false, "2027-02-28"), ("2024-02-29", .branch, true, "2029-02-28"),
            ("2024-02-29", .committee, false, "2029-02-28"), ("2023-08-31", .branch, false, "2026-08-31"),
            ("2021-02-28", .branch, false, "2024-02-28"),
        ])
    func ends(from: String, kind: OrganizationKind, isVillage: Bool, to: String) throws {
        let end = try Self.rules().termEnd(Self.day(from), kind, isVillage: isVillage)
        #expect(try Self.day(to) == end)
    }

    @Test(
        "BR-04: a term is called to mind six months before its end, and has expired the day after",
        arguments: [
            ("2026-08-31", "2026-02-27", TermState.inOffice), ("2026-08-31", "2026-02-28", .electionDue),
            ("2026-08-31", "2026-08-31", .electionDue), ("2026-08-31", "2026-09-01", .expired),
            ("2024-08-30", "2024-02-28", .inOffice), ("2024-08-30", "2024-02-29", .electionDue),
        ])
    func states(end: String, on: String, state: TermState) throws {
        let term = try Self.term("2021-08-31", end)
        #expect(try term.state(on: Self.day(on), Self.rules()) == state)
    }

    @Test(
        "BR-04: an election is early before the last six months, in time until the end, then put off or late",
        arguments: [
            (nil, "2026-02-27", ElectionTiming.early), (nil, "2026-02-28", .onTime), (nil, "2026-08-31", .onTime),
            (nil, "2026-09-01", .late), ("2027-02-28", "2026-09-01", .putOff), ("2027-02-28", "2027-02-28", .putOff),
            ("2027-02-28", "2027-03-01", .late), ("2027-02-28", "2026-02-27", .early),
        ] as [(String?, String, ElectionTiming)])
    func timing(putOff: String?, on: String, timing: ElectionTiming) throws {
        let term = try Self.term("2023-08-31", "2026-08-31", putOff: putOff)
        #expect(try term.timing(on: Self.day(on), Self.rules()) == timing)
    }

    @Test("a discipline survives its one encrypted text, and takes rights from its day until they are restored")
    func discipline() throws {
        var fact = DisciplineFact(
            kind: .probationInParty, from: try Self.day("2024-02-29"), rightsRestoredOn: nil, text: "留党察看一年",
            reason: "更正")
        #expect(DisciplineFact(sealedText: fact.sealedText) == fact)
        let days = try ["2024-02-28", "2024-02-29", "2025-02-28", "2025-03-01", "2030-01-01"].map(Self.day)
        #expect(days.map { fact.takesRights(on: $0) } == [false, true, true, true, true])
        fact.rightsRestoredOn = days[3]
        #expect(DisciplineFact(sealedText: fact.sealedText) == fact)
        #expect(days.map { fact.takesRights(on: $0) } == [false, true, true, false, false])
        for kind in DisciplineKind.allCases {
            fact.kind = kind
            #expect(fact.takesRights(on: days[1]) == [.probationInParty, .expelled].contains(kind))
        }
        #expect(
            DisciplineFact(sealedText: "warning") == nil && DisciplineFact(sealedText: "x\n2024-01-01\n\n-\n") == nil)
    }
}
