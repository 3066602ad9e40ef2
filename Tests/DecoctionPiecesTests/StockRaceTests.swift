import Foundation
import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What systems like ours got wrong about stock, row 2. Racing clients are threads of the operating system.
struct StockRaceTests {
    @Test("MP: 100 concurrent dispensings of the last lot: never below zero")
    func neverBelowZero() async throws {
        let pharmacy = try await Pharmacy.open()
        let portion: Int64 = 9000
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 37 * portion + 1)
        let outcomes = try await Self.race(pharmacy, count: 100) { _ in [Line(Pharmacy.mahuang, portion)] }
        #expect(outcomes.filter { $0 == "issued" }.count == 37)
        #expect(outcomes.filter { $0 == "decoction.insufficientStock" }.count == 63)
        #expect(try await pharmacy.onHand() == [lot: 1])
        #expect(try pharmacy.wrongLots().isEmpty)
        #expect(
            try pharmacy.host.sql(
                "SELECT count(DISTINCT document_id), sum(quantity_mg) FROM decoction.movement WHERE kind = 'issue'")
                == [["37", String(-37 * portion)]])
    }

    @Test("30 documents that race for exactly what 30 lots hold are all issued: a waiting one sees what the other left")
    func exactlyEnough() async throws {
        let pharmacy = try await Pharmacy.open()
        for day in 1...30 { _ = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: day) }
        let outcomes = try await Self.race(pharmacy, count: 30) { _ in [Line(Pharmacy.mahuang, 1000)] }
        #expect(outcomes == Array(repeating: "issued", count: 30))
        #expect(try await pharmacy.onHand().values.allSatisfy { $0 == 0 })
        #expect(try pharmacy.wrongLots().isEmpty)
    }

    @Test("100 documents over the same lots in every order neither lose nor double a milligram")
    func manyLots() async throws {
        let pharmacy = try await Pharmacy.open()
        var named: [String] = []
        for day in 1...4 {
            named.append(try await pharmacy.stock(Pharmacy.mahuang, 4000, expiresIn: day))
            _ = try await pharmacy.stock(Pharmacy.guizhi, 4000, expiresIn: 5 - day)
        }
        let lots = named
        let outcomes = try await Self.race(pharmacy, count: 100) { number in
            switch number % 4 {
            case 0: [Line(Pharmacy.mahuang, 300), Line(Pharmacy.guizhi, 300)]
            case 1: [Line(Pharmacy.guizhi, 300), Line(Pharmacy.mahuang, 300)]
            case 2: [Line(Pharmacy.guizhi, 300), Line(Pharmacy.mahuang, 300, lot: lots[number / 4 % 4])]
            default:
                [Line(Pharmacy.mahuang, 100), Line(Pharmacy.mahuang, 200, lot: lots[3]), Line(Pharmacy.guizhi, 300)]
            }
        }
        let issued = outcomes.filter { $0 == "issued" }.count
        #expect(Set(outcomes).subtracting(["issued", "decoction.insufficientStock"]) == [])
        // 16,000 mg of each piece: at most 53 documents of 300 mg; a named lot may run dry before.
        #expect((40...53).contains(issued))
        #expect(try await pharmacy.onHand(Pharmacy.guizhi).values.reduce(0, +) == 16_000 - Int64(issued) * 300)
        #expect(try await pharmacy.onHand(Pharmacy.mahuang).values.reduce(0, +) == 16_000 - Int64(issued) * 300)
        #expect(try pharmacy.wrongLots().isEmpty)
    }

    /// Sends one document from each of `count` threads at once; gives for each `issued` or its reason.
    private static func race(
        _ pharmacy: Pharmacy, count: Int, _ lines: (Int) -> [Line]
    ) async throws -> [String] {
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await pharmacy.host.client(role: .pharmacist, site: "t1")) }
        let outcomes = Mutex<[String]>([])
        let isOpen = Mutex(false)
        let group = DispatchGroup()
        for number in 0..<count {
            let client = clients[number % clients.count]
            let document = Pharmacy.document(lines(number))
            group.enter()
            let thread = Thread {
                while !isOpen.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.001) }
                let outcome = Self.outcome(client, document)
                outcomes.withLock { $0.append(outcome) }
                group.leave()
            }
            thread.start()
        }
        isOpen.withLock { $0 = true }
        await withCheckedContinuation { continuation in
            group.notify(queue: .global()) { continuation.resume() }
        }
        return outcomes.withLock { $0 }
    }

    /// A busy host says so with `retryable`; then the client sends the call again.
    private static func outcome(_ client: TestClient, _ document: JSONValue) -> String {
        for _ in 0..<50 {
            do {
                _ = try client.callAndWait("decoction.stock.issue", document)
                return "issued"
            } catch let refused as CallRefused {
                if !refused.retryable { return refused.reason }
            } catch {
                return String(describing: error)
            }
        }
        return "always busy"
    }
}
