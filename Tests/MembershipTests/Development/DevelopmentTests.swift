import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

struct DevelopmentTests {
    @Test(
        "the 25 steps from application to archive: states, register, standing and counts come out as of the right days")
    func wholeWay() async throws {
        let table = try StepFile.steps(parsing: DataOfTests.bytes(StepFile.name))
        var one = try await Developing.begin(on: try day("2023-02-28"))
        for step in 2...25 {
            let line = try await one.next()[step - 1]
            let earliest = try day(try #require(line["earliestOn"]?.stringValue))
            if earliest > one.party.today {
                #expect(line["allowed"] == false && line["missing"]?.arrayValue?.isEmpty == false, "\(step)")
                try await one.go(to: earliest.adding(days: -1))
                let early = try await one.refusal(step)
                #expect(early.reason == "membership.stepRefused", "\(step)")
                #expect(early.details?[0]?["earliestOn"] == .string("\(earliest)"), "\(step)")
                try await one.go(to: earliest)
            }
            #expect(try await one.next()[step - 1]["allowed"] == true, "\(step)")
            let reply = try await one.take(step)
            #expect(reply["status"] == table[step].map { .string($0.stateAfter) }, "\(step)")
            #expect(reply["statusZh"] == table[step].map { .string($0.nameZh) })
            if step == 8 { try await one.go(to: one.party.today.adding(days: 20)) }
            if step == 15 { try await one.go(to: one.party.today.adding(days: 30)) }
        }
        // Cultivation from 28 February 2023 to 28 February 2024, a notice of five working days, twenty days, another notice, the meeting, and
        // probation a year from it.
        let shown = try await one.timeline()
        #expect(shown["probationFrom"] == "2024-04-02" && shown["probationTo"] == "2025-04-02")
        let member = try #require(shown["memberId"])
        for (date, status) in [
            ("2024-04-01", nil), ("2024-04-02", "probationary"), ("2025-04-01", "probationary"), ("2025-04-02", "full"),
        ] as [(String, String?)] {
            let then = try await one.officer.call("membership.member.get", ["memberId": member, "asOf": .string(date)])
            #expect(then["status"] == status.map { .string($0) }, "\(date)")
        }
        for (date, counts) in [
            ("2023-02-27", (0, 0, 0, 0)), ("2023-02-28", (0, 1, 0, 0)), ("2024-02-27", (0, 1, 0, 0)),
            ("2024-03-05", (0, 1, 0, 0)), ("2024-03-06", (0, 0, 1, 0)), ("2024-04-01", (0, 0, 1, 0)),
            ("2024-04-02", (0, 0, 0, 1)), ("2025-04-01", (0, 0, 0, 1)), ("2025-04-02", (0, 0, 0, 0)),
        ] {
            let count = try await one.party.count(on: LocalDate(date))
            #expect(
                [count["applicants"], count["activists"], count["developmentTargets"], count["probationary"]]
                    == [counts.0, counts.1, counts.2, counts.3].map { .integer(Int64($0)) }, "\(date)")
        }
        #expect(try await one.party.count(on: LocalDate("2025-04-02"))["full"] == 3)
        #expect(
            try one.party.host.sql(
                "SELECT kind FROM membership.claim WHERE person_id = '\(one.person.stringValue ?? "")'") == [["member"]]
        )
        let admissions = try one.party.host.sql(
            "SELECT topic, body::jsonb->>'joinedOn', body::jsonb->>'standingFrom' FROM host.event WHERE topic LIKE 'membership.member.%' ORDER BY topic"
        )
        #expect(
            admissions == [
                ["membership.member.admitted", "2024-04-02", nil], ["membership.member.converted", nil, "2025-04-02"],
            ])
    }

    @Test("steps names each step's state, papers, rules and a schema of its facts")
    func steps() async throws {
        let party = try await TestParty.open()
        let reply = try await party.officer.call("membership.development.steps", [:])
        let steps = try #require(reply["steps"]?.arrayValue)
        #expect(steps.count == 25 && steps[0]["state"] == "applicant" && steps[24]["state"] == "archived")
        #expect(steps[4]["facts"]?["required"] == ["mentors"] && steps[4]["rules"] == ["DV-06", "DV-27"])
        #expect(steps.filter { $0["byVote"] == true }.map { $0["step"] } == [15, 23])
        #expect(steps.allSatisfy { $0["facts"]?["type"] == "object" && $0["documents"]?.stringValue?.isEmpty == false })
    }

    @Test("what a step asks for and is not there, or no rule knows, is refused with its field")
    func facts() async throws {
        let one = try await Developing.begin(on: try day("2026-03-02"))
        let missing = try await one.refusal(2, ["talker": .some(nil)])
        #expect(missing.reason == "host.invalidParams" && missing.details?[0]?["pointer"] == "/facts/talker")
        let strange = try await one.refusal(2, ["opinion": "同意"])
        #expect(strange.details?[0]?["pointer"] == "/facts/opinion")
        let future = try await one.refusal(2, on: try day("2026-03-03"))
        #expect(future.details?[0]?["pointer"] == "/on")
        #expect(try await one.refusal(15).rules == ["DV-13", "DV-11"])
        let direct = try await one.party.refusal("membership.development.record", one.params(15, on: one.party.today))
        #expect(direct.rules == ["DV-15"] && direct.details?[0]?["who"] == "branchMeeting")
        #expect(try await one.refusal(1).rules == ["DV-27"])
        let paper = try await one.party.refusal(
            "membership.development.record",
            .object((one.params(2, on: one.party.today).objectValue ?? [:]).merging(["documents": [[:]]]) { $1 }))
        #expect(paper.details?[0]?["pointer"] == "/documents/0/title")
    }

    @Test("next says of every step why not: rule, clause, what is missing in both languages, who, and the earliest day")
    func why() async throws {
        var one = try await Developing.begin(on: try day("2024-02-29"))
        try await one.walk(to: 3)
        let lines = try await one.next()
        #expect(lines.count == 25)
        #expect(lines.filter { $0["allowed"] == true }.map { $0["step"] } == [4])
        for line in lines where line["allowed"] == false {
            let missing = try #require(line["missing"]?.arrayValue)
            #expect(!missing.isEmpty, "\(line)")
            for entry in missing {
                for member in ["rule", "clause", "text", "textZh", "who", "whoZh"] {
                    #expect(entry[member]?.stringValue?.isEmpty == false, "\(member) of \(line)")
                }
            }
        }
        let seventh = try #require(lines[6]["missing"]?.arrayValue)
        #expect(seventh.map { $0["rule"] } == ["DV-07", "DV-07"] && lines[6]["earliestOn"] == "2025-02-28")
        #expect(seventh.last?["earliestOn"] == "2025-02-28" && seventh.last?["who"] == "time")
        // Through all that comes between: a year of cultivation, two notices, and a year of probation.
        #expect(
            lines[14]["earliestOn"] == "2025-03-14" && lines[22]["earliestOn"] == "2026-03-14"
                && lines[21]["earliestOn"] == "2026-03-07")
        #expect(try await one.next(asOf: try day("2024-02-29"))[2]["recordedOn"] == "2024-02-29")
        let before = try await one.party.refusal(
            "membership.development.next", ["candidateId": one.candidate, "asOf": "2024-02-28"])
        #expect(before.details?[0]?["pointer"] == "/asOf")
    }

    @Test("of two sessions that record the same step at once one wins, and of many that apply for one person")
    func races() async throws {
        let one = try await Developing.begin(on: try day("2026-03-02"))
        let other = try await one.party.host.client(role: .branchOfficer, site: "t1")
        let clients = [one.officer, other]
        for step in 2...4 {
            let turn = Turn()
            let params = one.params(step, on: one.party.today)
            let outcomes = await Racing.aside(6) {
                try clients[turn.take() % 2].callAndWait("membership.development.record", params)
            }
            #expect(outcomes.compactMap { try? $0.get() }.count == 1, "\(step)")
            for case .failure(let error as CallRefused) in outcomes {
                #expect(error.reason == "membership.stepRefused" && error.rules == ["DV-27"], "\(error)")
            }
        }
        let person = try await one.party.person()
        let branch = one.party.branch
        let turn = Turn()
        let outcomes = await Racing.aside(6) {
            try clients[turn.take() % 2].callAndWait(
                "membership.development.apply", ["personId": person, "organizationId": branch, "on": "2026-03-02"])
        }
        #expect(outcomes.compactMap { try? $0.get() }.count == 1)
        for case .failure(let error as CallRefused) in outcomes { #expect(error.reason == "membership.personClaimed") }
    }

    @Test("applications of minors, members and those who applied already are refused")
    func applications() async throws {
        let one = try await Developing.begin(on: try day("2026-03-02"))
        func apply(_ person: JSONValue, on: String = "2026-03-02") async throws -> CallRefused {
            try await one.party.refusal(
                "membership.development.apply",
                ["personId": person, "organizationId": one.party.branch, "on": .string(on)])
        }
        let young = try await apply(try await one.party.person(born: LocalDate("2008-03-03")))
        #expect(young.rules == ["DV-01"] && young.details?[0]?["earliestOn"] == "2026-03-03")
        #expect(try await apply(try await one.party.person(born: nil)).rules == ["DV-01"])
        let again = try await apply(one.person)
        #expect(again.reason == "membership.personClaimed" && again.details?["candidateId"] == one.candidate)
        let fresh = try await one.party.person()
        let late = try await apply(fresh, on: "2026-02-22")
        #expect(late.rules == ["DV-27"] && late.details?[0]?["who"] == "siteAdmin")
        try await one.officer.call(
            "membership.development.apply", ["personId": fresh, "organizationId": one.party.branch, "on": "2026-02-23"])
    }

    @Test("names are masked, each look is audited, and nobody else sees anything")
    func privacy() async throws {
        let one = try await Developing.begin(on: try day("2026-03-02"))
        #expect(try await one.timeline()["name"]?.stringValue?.hasSuffix("*") == true)
        let list = try await one.officer.call("membership.development.list", ["organizationId": one.party.committee])
        #expect(
            list["developments"]?.arrayValue?.count == 1
                && list["developments"]?[0]?["name"]?.stringValue?.hasSuffix("*") == true)
        let whole = try await one.officer.call(
            "membership.development.timeline", ["candidateId": one.candidate, "unmask": ["purpose": "development"]])
        #expect(whole["name"]?.stringValue?.hasPrefix("测试") == true)
        let looks = try one.party.host.sql(
            "SELECT notes FROM host.audit WHERE method = 'membership.development.timeline' ORDER BY seq"
        ).compactMap { $0[0] }
        #expect(
            looks.count == 2 && looks.allSatisfy { $0.contains(one.candidate.stringValue ?? "-") && !$0.contains("测试") }
        )
        for role in [
            Role.doctor, .nurse, .pharmacist, .reviewer, .dispatcher, .integrator, .auditor, .statistician, .siteAdmin,
        ] {
            let client = try await one.party.host.client(role: role, site: "t1")
            let refused = try await one.party.refusal(
                "membership.development.timeline", ["candidateId": one.candidate], by: client)
            #expect(refused.reason == "host.forbidden", "\(role)")
        }
        let neighbour = try await one.party.host.client(role: .branchOfficer, site: "t2")
        for (method, params) in [
            ("membership.development.next", ["candidateId": one.candidate]),
            ("membership.development.record", one.params(2, on: one.party.today)),
        ] as [(String, JSONValue)] {
            #expect(try await one.party.refusal(method, params, by: neighbour).reason == "host.notFound")
        }
        let above = try await one.party.committeeOfficer.call(
            "membership.development.timeline", ["candidateId": one.candidate], site: "t1")
        #expect(above["status"] == "applicant")
    }
}
