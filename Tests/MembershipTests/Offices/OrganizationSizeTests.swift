import Testing
import XinglinKit

@testable import Membership

/// BR-01 to BR-04, BR-06 and BR-07 without a database: each at its edges.
struct OrganizationSizeTests {
    private static let day = LocalDate(daysSince1970: 20_778)

    private static func rules(
        _ kind: OrganizationKind, full: Int, probationary: Int = 0, officers: Int = 0,
        secretaries: [OrganizationSize.Secretary] = [],
        term: Term? = nil
    ) throws -> [String] {
        let one = OrganizationSize.Figures(
            id: Sample.branch, nameZh: "某党支部", kind: kind, full: full, probationary: probationary, term: term,
            officers: officers, secretaries: secretaries)
        let found = OrganizationSize(one: one, rules: try OfficeRules(DataOfTests.book()), day: Self.day).warnings
        for warning in found {
            #expect(OrganizationWarning.schema.violations(in: try Self.json(warning)).isEmpty)
        }
        return found.map(\.rule)
    }

    /// What the wire sees of a warning.
    private static func json(_ warning: OrganizationWarning) throws -> JSONValue {
        var members: [String: JSONValue] = [
            "rule": .string(warning.rule), "organizationId": .string(warning.organizationId.description),
            "nameZh": .string(warning.nameZh), "textZh": .string(warning.textZh), "textEn": .string(warning.textEn),
        ]
        members["figure"] = warning.figure.map { .integer(Int64($0)) }
        members["limit"] = warning.limit.map { .integer(Int64($0)) }
        members["dueOn"] = warning.dueOn.map { .string($0.description) }
        return .object(members)
    }

    private static let senior = OrganizationSize.Secretary(
        standingFrom: Self.day.adding(years: -10), isDualLeader: nil)

    @Test("BR-01: a branch has three full members at the least; fewer form a joint branch")
    func jointBranch() throws {
        #expect(try Self.rules(.branch, full: 2, probationary: 5) == ["BR-01"])
        #expect(try Self.rules(.branch, full: 0) == ["BR-01"])
        #expect(try Self.rules(.branch, full: 3, officers: 1, secretaries: [Self.senior]).isEmpty)
    }

    @Test(
        "BR-02: more than 50 members are a warning, never a refusal, and from 100 on a committee's number",
        arguments: [(50, 0, false), (49, 1, false), (50, 1, true), (51, 0, true), (73, 1, true), (99, 1, true)])
    func ceiling(full: Int, probationary: Int, warns: Bool) throws {
        let found = try Self.rules(
            .branch, full: full, probationary: probationary, officers: 5, secretaries: [Self.senior])
        #expect(found == (warns ? ["BR-02"] : []))
        #expect(
            try Self.rules(
                .generalBranch, full: full, probationary: probationary, officers: 5, secretaries: [Self.senior])
                == (full + probationary >= 100 ? ["BR-02"] : []))
        #expect(try Self.rules(.committee, full: full, probationary: probationary).isEmpty)
    }

    @Test(
        "BR-03: seven full members have a committee of three to five, seven at the most; fewer a secretary and a deputy",
        arguments: [
            (6, 1, true, []), (6, 2, true, []), (6, 3, true, ["BR-03"]), (6, 0, false, ["BR-03"]),
            (7, 0, false, ["BR-03"]),
            (7, 2, true, ["BR-03"]), (7, 3, true, []), (7, 5, true, []), (20, 6, true, ["BR-03"]),
            (20, 7, true, ["BR-03"]),
            (20, 8, true, ["BR-03"]), (7, 2, false, ["BR-03", "BR-03"]),
        ] as [(Int, Int, Bool, [String])])
    func committee(full: Int, officers: Int, hasSecretary: Bool, warned: [String]) throws {
        let found = try Self.rules(
            .branch, full: full, officers: officers, secretaries: hasSecretary ? [Self.senior] : [])
        #expect(found == warned)
    }

    @Test("BR-03: a committee without a secretary is warned, of every kind of organisation that has one")
    func headless() throws {
        #expect(try Self.rules(.branch, full: 7, officers: 3) == ["BR-03"])
        #expect(try Self.rules(.branch, full: 20, officers: 6) == ["BR-03", "BR-03"])
        for kind in [OrganizationKind.generalBranch, .committee] {
            #expect(try Self.rules(kind, full: 60, officers: 5) == ["BR-03"])
            #expect(try Self.rules(kind, full: 60, officers: 5, secretaries: [Self.senior]).isEmpty)
            // Nothing is recorded of it yet.
            #expect(try Self.rules(kind, full: 60).isEmpty)
        }
    }

    @Test("BR-04: from six months before the end of the term on")
    func term() throws {
        func found(endingIn months: Int, days: Int = 0) throws -> [String] {
            let end = Self.day.adding(months: months).adding(days: days)
            let term = Term(
                id: Sample.fact, election: Sample.fact, electedOn: end.adding(years: -3), seats: 3, elected: 3,
                endsOn: end,
                putOffUntil: nil)
            return try Self.rules(.branch, full: 7, officers: 3, secretaries: [Self.senior], term: term)
        }
        #expect(try found(endingIn: 6, days: 1).isEmpty)
        #expect(try found(endingIn: 6) == ["BR-04"])
        #expect(try found(endingIn: 0) == ["BR-04"])
        #expect(try found(endingIn: 0, days: -1) == ["BR-04"])
    }

    @Test("BR-06: a secretary has a year of standing, and in a public hospital is a 双带头人")
    func secretary() throws {
        func found(standingFrom: LocalDate?, isDualLeader: Bool? = nil) throws -> [String] {
            try Self.rules(
                .branch, full: 7, officers: 3,
                secretaries: [.init(standingFrom: standingFrom, isDualLeader: isDualLeader)])
        }
        #expect(try found(standingFrom: Self.day.adding(years: -1)).isEmpty)
        #expect(try found(standingFrom: Self.day.adding(years: -1).adding(days: 1)) == ["BR-06"])
        #expect(try found(standingFrom: nil) == ["BR-06"])
        #expect(try found(standingFrom: Self.day.adding(years: -9), isDualLeader: true).isEmpty)
        #expect(try found(standingFrom: Self.day.adding(years: -9), isDualLeader: false) == ["BR-06"])
    }

    @Test("BR-07: a group has three members, one of them a full one")
    func group() throws {
        #expect(try Self.rules(.group, full: 1, probationary: 1) == ["BR-07"])
        #expect(try Self.rules(.group, full: 1, probationary: 2).isEmpty)
        #expect(try Self.rules(.group, full: 0, probationary: 3) == ["BR-07"])
        #expect(try Self.rules(.group, full: 3).isEmpty)
        #expect(try Self.rules(.leadingGroup, full: 0).isEmpty)
    }
}
