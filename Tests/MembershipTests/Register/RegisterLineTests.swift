import Testing
import XinglinKit

@testable import Membership

@Suite("Lines of a register")
struct RegisterLineTests {
    private static let today = TestParty.now.localDate

    private static func day(_ text: String) -> LocalDate { LocalDate(text) ?? Self.today }

    @Test(
        "days are read as spreadsheets write them",
        arguments: [
            "2015-06-30", "2015/6/30", "2015.6.30", "2015年6月30日", "20150630", "2015-6-30", "2015/06/30 0:00:00",
            "２０１５－０６－３０",
        ])
    func days(text: String) throws {
        #expect(try WrittenDate.read(text) == Self.day("2015-06-30"))
    }

    @Test(
        "what is no day says what it is",
        arguments: [
            ("2015.06", WrittenDate.Trouble.monthOnly), ("2015年6月", .monthOnly), ("2015-6", .monthOnly),
            ("201506", .monthOnly), ("42185", .dayNumber), ("2015-02-29", .noDate), ("20150231", .noDate),
            ("2015-13-01", .noDate), ("15-06-30", .noDate), ("昨天", .noDate), ("30/06/2015", .noDate), ("", .noDate),
            ("2015-06-30 08:00", .noDate), ("201513", .noDate), ("2015.13", .noDate), ("六月三十日", .noDate),
        ])
    func troubles(text: String, trouble: WrittenDate.Trouble) {
        #expect(throws: trouble) { try WrittenDate.read(text) }
    }

    /// The fields that are faulty of a line, born on a day, of an organisation founded on 2010-07-01.
    private static func fields(
        _ values: [String: String], born: String = "1980-02-29"
    ) throws -> [String] {
        var all = [
            "nameZh": "张三", "documentNumber": "x", "organization": "某支部", "status": "正式党员", "joinedOn": "2012-06-30",
        ]
        all.merge(values) { $1 }
        var line = RegisterLine(ImportLine(number: 1, values: all))
        line.judge(
            born: Self.day(born), founded: TestParty.founded, try RegisterLine.Rules(DataOfTests.book()),
            today: Self.today
        )
        return line.faults.map { $0.field ?? "" }
    }

    @Test("DV-01: eighteen years on joining, on the day and a day too early; born on 29 February on 1 March")
    func age() throws {
        #expect(try Self.fields(["joinedOn": "1998-03-01"]) == [])
        #expect(try Self.fields(["joinedOn": "1998-02-28"]) == ["joinedOn"])
        #expect(try Self.fields(["joinedOn": "2000-02-29"], born: "1982-02-28") == [])
        #expect(try Self.fields(["joinedOn": "2000-02-28"], born: "1982-03-01") == ["joinedOn"])
        #expect(try Self.fields(["joinedOn": "1970-01-01"]) == ["joinedOn"])
    }

    @Test("DV-19: a probation of a year, on the day and a day too early; of 29 February on 28 February")
    func probation() throws {
        #expect(try Self.fields(["probationEndedOn": "2013-06-30"]) == [])
        #expect(try Self.fields(["probationEndedOn": "2013-06-29"]) == ["probationEndedOn"])
        #expect(try Self.fields(["joinedOn": "2016-02-29", "probationEndedOn": "2017-02-28"]) == [])
        #expect(try Self.fields(["joinedOn": "2016-02-29", "probationEndedOn": "2017-02-27"]) == ["probationEndedOn"])
        #expect(try Self.fields(["joinedOn": "2025-11-22"]) == [])
        #expect(try Self.fields(["joinedOn": "2025-11-23"]) == ["status"])
        #expect(try Self.fields(["joinedOn": "2025-11-23", "status": "预备"]) == [])
        #expect(try Self.fields(["status": "预备党员", "probationEndedOn": "2013-06-30"]) == ["probationEndedOn"])
        #expect(try Self.fields(["probationEndedOn": "2012-06-29"]) == ["probationEndedOn"])
        #expect(try Self.fields(["joinedOn": "2015年6月"]) == ["joinedOn"])
    }

    @Test("the day of coming lies between joining, founding and today")
    func since() throws {
        #expect(try Self.fields(["since": "2012-06-30"]) == [])
        #expect(try Self.fields(["since": "2012-06-29"]) == ["since"])
        #expect(try Self.fields(["since": "2026-11-22"]) == [])
        #expect(try Self.fields(["since": "2026-11-23"]) == ["since"])
        #expect(try Self.fields(["joinedOn": "2005-01-01", "since": "2010-07-01"]) == [])
        #expect(try Self.fields(["joinedOn": "2005-01-01", "since": "2010-06-30"]) == ["since"])
    }

    @Test("several faults of a line are told at once")
    func several() throws {
        var line = RegisterLine(
            ImportLine(number: 1, values: ["status": "群众", "joinedOn": "2027-01-01", "since": "2015.06"]))
        line.judge(born: nil, founded: nil, try RegisterLine.Rules(DataOfTests.book()), today: Self.today)
        #expect(
            Set(line.faults.compactMap(\.field)) == [
                "nameZh", "documentNumber", "organization", "status", "joinedOn", "since",
            ])
    }

    @Test("a member is compared by what the line says, and by no more")
    func differences() throws {
        let here = RecordID(high: 1, low: 1)
        let member = RegisteredMember(
            joinedOn: Self.day("2008-06-30"), status: .full, statusSince: TestParty.founded, fullFrom: nil,
            organization: here,
            organizationSince: TestParty.founded, firstOn: TestParty.founded)
        func fields(_ values: [String: String], _ organization: RecordID = here) -> [String] {
            member.differences(RegisterLine(ImportLine(number: 1, values: values)), organization: organization)
        }
        #expect(fields(["joinedOn": "2008-06-30", "status": "正式党员"]) == [])
        // The register begins after the conversion, so any day before is as good.
        #expect(fields(["probationEndedOn": "2009-06-30", "since": "2010-07-01"]) == [])
        #expect(fields(["probationEndedOn": "2010-07-02", "since": "2010-07-02"]) == ["probationEndedOn", "since"])
        // Where it says since when the standing counts, that day alone is.
        let known = RegisteredMember(
            joinedOn: member.joinedOn, status: .full, statusSince: TestParty.founded,
            fullFrom: Self.day("2009-06-30"), organization: here, organizationSince: TestParty.founded,
            firstOn: TestParty.founded)
        func told(_ end: String) -> [String] {
            known.differences(
                RegisterLine(ImportLine(number: 1, values: ["probationEndedOn": end])), organization: here)
        }
        #expect(told("2009-06-30") == [] && told("2009-07-01") == ["probationEndedOn"])
        #expect(told("2010-07-01") == ["probationEndedOn"])
        #expect(fields(["joinedOn": "2008-07-01", "status": "预备党员"]) == ["status", "joinedOn"])
        #expect(fields(["since": "2011-01-01"], RecordID(high: 1, low: 2)) == ["organization"])
    }

    @Test("what comes next in a development follows the steps' file")
    func steps() throws {
        let steps = try StepFile.steps(parsing: try DataOfTests.bytes("development_steps.csv"))
        for step in steps.steps where step.number < DevelopmentStep.admission {
            let ahead = StepAhead(status: step.stateAfter, taken: [], steps: steps)
            #expect(ahead?.last == step.number && ahead?.lastZh == "\(step.number) \(step.nameZh)")
        }
        let states = CandidateStage.allCases.flatMap(\.states)
        #expect(states.count == 16)
        #expect(StepAhead(status: "activist", taken: [], steps: steps)?.next == [5])
        #expect(StepAhead(status: "candidate", taken: [], steps: steps)?.next == [9, 10, 11])
        #expect(StepAhead(status: "candidate_vetted", taken: [10], steps: steps)?.next == [9, 11])
        #expect(StepAhead(status: "candidate_trained", taken: [9, 10, 11], steps: steps)?.next == [12])
        #expect(StepAhead(status: "probationary_talked", taken: [9, 10, 11], steps: steps)?.next == [17])
        #expect(StepAhead(status: "withdrawn", taken: [], steps: steps) == nil)
    }
}
