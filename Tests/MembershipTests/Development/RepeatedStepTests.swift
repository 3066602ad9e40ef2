import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Steps that are taken again, and days that lie back (DV-11, DV-13, DV-15, DV-27).
struct RepeatedStepTests {
    @Test("a review that fails when renewed counts although an older one still ran; the latest counts")
    func review() async throws {
        var process = try ProcessOnPaper.walked(to: 14, from: "2024-03-02")
        let first = try #require(process.progress.day(of: 10))
        let later = first.adding(days: 30)
        #expect(process.against(10, on: first, ["conclusion": "unqualified"]).map(\.rule) == ["DV-27"])
        #expect(process.against(10, on: later, ["conclusion": "unqualified"]).isEmpty)
        process.take(10, on: later, ["conclusion": "unqualified"])
        #expect(process.rules(15, on: later) == ["DV-11"])
        // A new one is no earlier than the one that failed.
        let early = process.against(10, on: later.adding(days: -1))
        #expect(early.map(\.rule) == ["DV-11"] && early[0].earliestOn == later)
        #expect(StepOrder.earliest(10, process.progress, process.judge.values) == later)
        process.take(10, on: later.adding(days: 1))
        #expect(process.against(15, on: later.adding(days: 1)).isEmpty)
        #expect(!process.against(15, on: later).isEmpty)
        // Made again before it runs out, it holds from then on.
        let renewed = try ProcessOnPaper.walked(to: 14, from: "2024-03-02")
        #expect(renewed.against(10, on: later).isEmpty)
    }

    @Test("the earliest day of a step that is taken again is not that of the first time")
    func earliest() async throws {
        var one = try await Developing.begin(on: try day("2024-03-02"))
        try await one.walk(to: 12)
        let returned = one.party.today.adding(days: 14)
        try await one.go(to: returned)
        try await one.take(13, ["result": "returned"])
        #expect(try await one.next()[12]["earliestOn"] == .string("\(returned)"))
        #expect(
            try await one.refusal(13, on: returned.adding(days: -1)).details?[0]?["earliestOn"]
                == .string("\(returned)"))
        try await one.walk(to: 14)
        let failed = one.party.today.adding(days: 2)
        try await one.go(to: failed)
        try await one.officer.call("membership.development.vote", one.ballots("admission", on: failed, inFavour: 1))
        try await one.go(to: failed.adding(days: 1))
        #expect(try await one.next()[14]["earliestOn"] == .string("\(failed)"))
        #expect(
            try await one.refusal(15, on: failed.adding(days: -1)).details?[0]?["earliestOn"] == .string("\(failed)"))
        // The review runs out: vote and review come after that.
        let last = try #require(try await one.next()[9]["recordedOn"]?.stringValue.flatMap { LocalDate($0) })
            .adding(months: 12)
        try await one.go(to: last.adding(days: 5))
        let lines = try await one.next()
        #expect(lines[9]["allowed"] == true && lines[9]["earliestOn"] == .string("\(last.adding(days: 1))"))
        #expect(lines[14]["earliestOn"] == .string("\(last.adding(days: 1))"))
    }

    @Test("next says that a day of some time ago needs an approval, and where one was given that it may be recorded")
    func late() async throws {
        var one = try await Developing.begin(on: try day("2026-03-02"))
        try await one.go(to: try day("2026-03-20"))
        let old = try day("2026-03-12")
        let line = try await one.next(asOf: old)[1]
        #expect(line["allowed"] == false)
        #expect(line["missing"]?.arrayValue?.map { $0["rule"] } == ["DV-27"])
        #expect(line["missing"]?[0]?["who"] == "higherCommittee")
        #expect(try await one.next(asOf: try day("2026-03-13"))[1]["allowed"] == true)
        try await one.party.committeeOfficer.call(
            "membership.development.approveBackdating",
            ["candidateId": one.candidate, "step": 2, "on": "2026-03-12", "reason": "支部事务员住院"], site: "t1")
        #expect(try await one.next(asOf: old)[1]["allowed"] == true)
    }

    @Test("every refusal of an extension names its clause")
    func clause() throws {
        let process = try ProcessOnPaper.walked(to: 16, from: "2024-03-02")
        let findings = ProbationIsExtendedOnce.findings(
            on: try day("2026-03-02"), months: 6, process.progress, process.judge)
        #expect(findings.count == 1 && findings.allSatisfy { !$0.clause.isEmpty })
    }
}
