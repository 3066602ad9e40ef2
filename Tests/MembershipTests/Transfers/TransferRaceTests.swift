import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Both sites act on one transfer at once. Racing clients are threads of the operating system.
struct TransferRaceTests {
    @Test("receipts of two days race returns and withdrawals: one of them happens, and nobody is lost or counted twice")
    func oneOutcome() async throws {
        var two = try await TwoBranches.open()
        var ways: [String: Int] = [:]
        for round in 0..<10 {
            let member = try await two.party.member()
            let transfer = try await two.request(["memberId": member])
            try await two.issue(transfer)
            two = try await two.later(days: 2)
            let (first, second) = (two.today.adding(days: -1), two.today)
            let clients = (here: two.here, there: two.there)
            let outcomes = try await Racing.outcomes(12) { number in
                switch (number + round) % 4 {
                case 0:
                    return try clients.there.callAndWait(
                        "membership.transfer.receive", TwoBranches.receipt(transfer, on: first))
                case 1:
                    return try clients.there.callAndWait(
                        "membership.transfer.receive", TwoBranches.receipt(transfer, on: second))
                case 2:
                    return try clients.there.callAndWait(
                        "membership.transfer.sendBack", ["transferId": transfer, "reason": "材料不全"])
                default: return try clients.here.callAndWait("membership.transfer.withdraw", ["transferId": transfer])
                }
            }
            #expect(outcomes == ["done": 1, "membership.transferStateConflict": 11], "round \(round)")
            let state = try two.host.sql(
                "SELECT state FROM membership.transfer WHERE transfer_id = '\(transfer.stringValue ?? "")'")
            ways[state[0][0] ?? "", default: 0] += 1
            try await Self.check(two, after: round + 1)
        }
        print("outcomes of 10 rounds: \(ways)")
    }

    @Test("an assignment, a death and another request race a receipt: whoever is counted is counted once")
    func againstHome() async throws {
        var two = try await TwoBranches.open()
        let group = try await two.party.organization("group", below: two.party.branch)
        for round in 0..<10 {
            let member = try await two.party.member()
            let transfer = try await two.request(["memberId": member])
            try await two.issue(transfer)
            two = try await two.later(days: 2)
            let (day, clients) = (two.today, (here: two.here, there: two.there))
            let outcomes = try await Racing.outcomes(9) { number in
                switch (number + round) % 3 {
                case 0:
                    return try clients.there.callAndWait(
                        "membership.transfer.receive", TwoBranches.receipt(transfer, on: day))
                case 1:
                    return try clients.here.callAndWait(
                        "membership.member.assign",
                        [
                            "memberId": member, "organizationId": group,
                            "on": .string(day.adding(days: -1).description),
                        ])
                default:
                    return try clients.here.callAndWait(
                        "membership.member.end",
                        [
                            "memberId": member, "on": .string(day.adding(days: -1).description), "how": "died",
                            "reason": "因病去世",
                        ])
                }
            }
            let known: Set = [
                "done", "membership.transferStateConflict", "membership.transferNotNow", "membership.memberEnded",
                "membership.factOutOfOrder",
            ]
            #expect(Set(outcomes.keys).isSubset(of: known), "\(outcomes)")
            let living = try two.host.sql(
                "SELECT count(*) FROM membership.standings_on('\(day)') WHERE status <> 'ended' AND member_id = '\(member.stringValue ?? "")'"
            )
            let claims = try two.host.sql(
                "SELECT count(*) FROM membership.claim WHERE record_id = '\(member.stringValue ?? "")'")
            #expect(living == claims, "round \(round)")
            #expect(living == [["0"]] || living == [["1"]])
        }
    }

    @Test("two branches ask for one member at once, and letters race: one transfer is under way, with one letter")
    func asking() async throws {
        let two = try await TwoBranches.open()
        let member = try await two.party.member()
        let (client, other) = (two.here, two.other)
        let asked = try await Racing.outcomes(10) { _ in
            try client.callAndWait(
                "membership.transfer.request",
                ["memberId": member, "toOrganizationId": other, "reason": "调动", "on": "2026-11-22"])
        }
        #expect(asked == ["done": 1, "membership.transferUnderWay": 9])
        let transfer = try #require(try await two.here.call("membership.transfer.list")["transfers"]?[0]?["transferId"])
        let issued = try await Racing.outcomes(10) { _ in
            try client.callAndWait("membership.transfer.issueLetter", ["transferId": transfer])
        }
        #expect(issued == ["done": 1, "membership.transferStateConflict": 9])
        #expect(try two.host.sql("SELECT count(*) FROM membership.transfer_letter") == [["1"]])
    }

    /// All members so far are counted once, on the days around too, and each has one claim where they are.
    private static func check(_ two: TwoBranches, after rounds: Int) async throws {
        for offset in -3...0 {
            let counts = try await two.counts(on: two.today.adding(days: offset)).map {
                Int($0.prefix { $0 != "+" }) ?? -1
            }
            #expect(counts[0] + counts[1] == rounds && counts[2] == rounds, "\(offset): \(counts)")
        }
        #expect(
            try two.host.sql(
                """
                SELECT count(*), count(DISTINCT claim.person_id), count(*) FILTER (WHERE standing.status = 'full')
                FROM membership.claim
                JOIN membership.standings_on('\(two.today)') AS standing
                    ON standing.site_id = claim.kept_at AND standing.member_id = claim.record_id
                """) == [[String(rounds), String(rounds), String(rounds)]])
    }
}
