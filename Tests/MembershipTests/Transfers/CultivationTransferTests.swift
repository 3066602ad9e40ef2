import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// DV-08: cultivation counts on at the receiving site, by the methods of development.
struct CultivationTransferTests {
    @Test(
        "an activist of seven months goes on elsewhere: step 7 is refused a day before the year is over, and taken on the day"
    )
    func countsOn() async throws {
        var home = try await Developing.begin(on: dated("2025-10-08"))
        try await home.walk(to: 6)
        let decided = try #require(try await home.entry(3)["on"]?.stringValue.flatMap { LocalDate($0) })
        var two = TwoBranches(
            party: home.party, there: home.officer, stranger: home.officer,
            other: try await home.party.organization(
                "branch", below: home.party.committee,
                by: try await home.party.host.client(role: .branchOfficer, site: "t2")))
        two = try await two.on(decided.adding(months: 7))
        let transfer = try await two.request(["candidateId": home.candidate])
        try await two.issue(transfer)
        let shut = try await two.party.refusal(
            "membership.development.appraise",
            ["candidateId": home.candidate, "on": .string(two.today.description), "what": "appraisal"])
        #expect(shut.reason == "membership.letterOut")
        two = try await two.later(days: 1)
        try await two.receive(transfer, examined: true)
        let first = decided.adding(years: 1)
        two = try await two.on(first.adding(days: -1))
        let early = try await two.party.refusal(
            "membership.development.record", home.params(7, on: two.today), by: two.there)
        #expect(early.reason == "membership.stepRefused" && early.rules == ["DV-07"])
        #expect(early.details?[0]?["earliestOn"] == .string(first.description))
        two = try await two.on(first)
        let taken = try await two.there.call("membership.development.record", home.params(7, on: first))
        #expect(taken["status"] == "candidate_pending_filing")
        #expect(try await two.counts(on: first) == ["2+0", "0+1", "2+1"])
        let left = try await two.party.refusal("membership.development.record", home.params(7, on: first))
        #expect(left.reason != "membership.letterOut", "who has left takes no steps where they were")
        let timeline = try await two.there.call(
            "membership.development.timeline", ["candidateId": home.candidate])
        #expect(timeline["entries"]?.arrayValue?.count == 8)
    }
}
