import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Races over money. Racing clients are threads of the operating system.
struct DuesRaceTests {
    @Test("60 clients pay one line of 50 yuan with 20 yuan each: two fit, and no fen more than is due is booked")
    func payments() async throws {
        let desk = try await DuesDesk.open()
        let member = try await desk.member()
        try await desk.openMonth("2026-11")
        try await desk.assess("2026-11")
        let clients = try await Self.clients(desk)
        let outcomes = try await Racing.outcomes(60) { number in
            try clients[number % clients.count].callAndWait("membership.dues.pay", desk.paying(member, 2000))
        }
        #expect(outcomes == ["done": 2, "membership.duesOverpaid": 58])
        #expect(try desk.host.sql("SELECT sum(amount_fen) FROM membership.dues_part") == [["4000"]])
    }

    @Test(
        "payments race assessments and the closing: whatever is first, due = paid + waived + arrears, and late money is a back-payment"
    )
    func closing() async throws {
        let desk = try await DuesDesk.open()
        var members: [JSONValue] = []
        for _ in 0..<8 { members.append(try await desk.member()) }
        let payers = members
        try await desk.openMonth("2026-11")
        try await desk.assess("2026-11")
        let clients = try await Self.clients(desk)
        let month: JSONValue = ["organizationId": desk.party.branch, "month": "2026-11"]
        let outcomes = try await Racing.outcomes(48) { number in
            let client = clients[number % clients.count]
            switch number % 6 {
            case 4: return try client.callAndWait("membership.dues.assess", month)
            case 5: return try client.callAndWait("membership.dues.closeMonth", month)
            default:
                return try client.callAndWait("membership.dues.pay", desk.paying(payers[number % payers.count], 1000))
            }
        }
        #expect(outcomes["done"] == 41, "\(outcomes)")
        #expect(outcomes["membership.duesMonthState"] == 7, "\(outcomes)")
        let sums = try desk.host.sql(
            """
            SELECT due_fen = paid_fen + waived_fen + arrears_fen,
                paid_fen = (SELECT coalesce(sum(amount_fen), 0) FROM membership.dues_part WHERE NOT is_back),
                due_fen, lines FROM membership.dues_closing
            """)
        #expect(sums == [["t", "t", "40000", "8"]])
        #expect(try desk.host.sql("SELECT sum(amount_fen) FROM membership.dues_part") == [["32000"]])
        let summary = try await desk.summary("2026-11", "2026-11")
        #expect(summary["sums"]?.int("arrearsFen") == 8000)
    }

    @Test("two branches assess a member who moves between them: one line, in one of them")
    func branches() async throws {
        let desk = try await DuesDesk.open()
        let other = try await desk.party.organization("branch", below: desk.party.committee)
        for branch in [desk.party.branch, other] { try await desk.openMonth("2026-11", of: branch) }
        let clients = try await Self.clients(desk)
        for _ in 0..<6 {
            let member = try await desk.member()
            try await desk.assess("2026-11")
            try await desk.officer.call(
                "membership.member.assign", ["memberId": member, "organizationId": other, "on": "2026-10-15"])
            let outcomes = try await Racing.outcomes(10) { number in
                try clients[number].callAndWait(
                    "membership.dues.assess",
                    ["organizationId": number.isMultiple(of: 2) ? other : desk.party.branch, "month": "2026-11"])
            }
            #expect((outcomes["done"] ?? 0) + (outcomes["host.conflict"] ?? 0) == 10, "\(outcomes)")
            try await desk.assess("2026-11", of: other)
        }
        #expect(try await desk.lines("2026-11", of: other).count == 6)
        #expect(try await desk.lines("2026-11").isEmpty)
    }

    private static func clients(_ desk: DuesDesk) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await desk.host.client(role: .branchOfficer, site: "t1")) }
        return clients
    }
}
