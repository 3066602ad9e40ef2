import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Many who review and dispense at once. Racing clients are threads of the operating system.
struct DispensingRaceTests {
    @Test("MP: 100 concurrent approvals on the last lot reserve exactly what it covers, and never more")
    func lastLot() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 37 * 9_000 + 1)
        var ids: [JSONValue] = []
        for _ in 0..<100 { ids.append(try await dispensary.submit(("麻黄", 3_000))) }
        let reviewers = try await Self.clients(.reviewer, dispensary)
        let outcomes = await Self.race(ids.count) { [ids] number in
            try reviewers[number % reviewers.count].callAndWait(
                ReviewTests.method, Dispensary.approval(ids[number]))["state"]?.stringValue
        }
        #expect(outcomes["approved"] == 37)
        #expect(outcomes["decoction.insufficientStock"] == 63)
        #expect(outcomes.count == 2, "\(outcomes)")
        #expect(try await dispensary.reserved() == [lot: 37 * 9_000])
        try await dispensary.expectSound()
    }

    @Test("approvals, issues and transfers that race for one lot never reserve what is gone or take what is reserved")
    func againstIssues() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 100_000)
        let drawer = try await dispensary.pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        var ids: [JSONValue] = []
        for _ in 0..<20 { ids.append(try await dispensary.submit(("麻黄", 3_000))) }
        let reviewers = try await Self.clients(.reviewer, dispensary)
        let pharmacists = try await Self.clients(.pharmacist, dispensary)
        let outcomes = await Self.race(60) { [ids] number in
            let pharmacist = pharmacists[number % pharmacists.count]
            switch number % 3 {
            case 0:
                _ = try reviewers[number % reviewers.count].callAndWait(
                    ReviewTests.method, Dispensary.approval(ids[number / 3]))
                return "approved"
            case 1:
                _ = try pharmacist.callAndWait(
                    "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 4_000)]))
                return "issued"
            default:
                _ = try pharmacist.callAndWait(
                    "decoction.stock.transfer", Pharmacy.transfer(lot, 2_000, from: nil, to: drawer))
                return "moved"
            }
        }
        #expect(
            Set(outcomes.keys).isSubset(of: ["approved", "issued", "moved", "decoction.insufficientStock"]),
            "\(outcomes)")
        #expect(try await dispensary.reserved() == [lot: 9_000 * Int64(outcomes["approved"] ?? 0)])
        #expect(
            try await dispensary.pharmacy.onHand() == [lot: 100_000 - 4_000 * Int64(outcomes["issued"] ?? 0)])
        try await dispensary.expectSound()
    }

    @Test("of many that approve, refuse, withdraw and release one prescription at once, one gets each thing")
    func oneApproval() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 100_000)
        let reviewers = try await Self.clients(.reviewer, dispensary)
        let id = try await dispensary.submit(("麻黄", 3_000))
        let outcomes = await Self.race(100) { number in
            try reviewers[number % reviewers.count].callAndWait(
                ReviewTests.method,
                number % 2 == 0
                    ? Dispensary.approval(id) : ["prescriptionId": id, "decision": "refuse", "note": "请复核"])["state"]?
                .stringValue
        }
        #expect((outcomes["approved"] ?? 0) + (outcomes["refused"] ?? 0) == 1)
        #expect(outcomes["decoction.prescriptionStateConflict"] == 99)
        #expect(try await dispensary.reserved() == (outcomes["approved"] == 1 ? [lot: 9_000] : [:]))
        try await dispensary.expectSound()
    }

    @Test("of 100 that dispense one prescription at once, one does, and what was weighed is taken once")
    func oneDispensing() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 100_000)
        let id = try await dispensary.submit(("麻黄", 3_000))
        try await dispensary.approve(id)
        let pharmacists = try await Self.clients(.pharmacist, dispensary)
        let params = dispensary.dispensing(id, dispensary.weighings(("麻黄", 3_010)))
        let outcomes = await Self.race(100) { number in
            try pharmacists[number % pharmacists.count].callAndWait("decoction.prescription.dispense", params)["state"]?
                .stringValue
        }
        #expect(outcomes == ["dispensed": 1, "decoction.prescriptionStateConflict": 99])
        #expect(try await dispensary.pharmacy.onHand() == [lot: 100_000 - 9_030])
        let returned = await Self.race(20) { number in
            try pharmacists[number % pharmacists.count].callAndWait(
                number % 2 == 0 ? "decoction.prescription.return" : "decoction.prescription.handOver",
                number % 2 == 0 ? ["prescriptionId": id, "reason": "未取药"] : ["prescriptionId": id])["state"]?
                .stringValue
        }
        #expect((returned["readyForReview"] ?? 0) + (returned["handedOver"] ?? 0) == 1, "\(returned)")
        try await dispensary.expectSound()
    }

    private static func clients(_ role: Role, _ dispensary: Dispensary) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await dispensary.host.client(role: role, site: "t1")) }
        return clients
    }

    /// How often each outcome came: what the body says, or the reason of the refusal.
    private static func race(
        _ count: Int, _ body: @escaping @Sendable (Int) throws -> String?
    ) async -> [String: Int] {
        let next = Mutex(0)
        let outcomes = await Task.detached {
            Racing.run(count) {
                let number = next.withLock { value in
                    defer { value += 1 }
                    return value
                }
                do {
                    return try Racing.retrying { try body(number) } ?? "nothing"
                } catch let refused as CallRefused {
                    return refused.reason
                }
            }
        }.value
        return Dictionary(outcomes.map { ((try? $0.get()) ?? "failed", 1) }, uniquingKeysWith: +)
    }
}
