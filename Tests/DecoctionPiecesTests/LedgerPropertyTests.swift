import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Random transfers, issues, disposals and reversals over places, and threads that race for one lot.
struct LedgerPropertyTests {
    @Test(
        "any sequence keeps the sum of moves equal to the balance at every place and never below zero; a reversal restores"
    )
    func anySequence() async throws {
        let pharmacy = try await Pharmacy.open()
        var random = SeededGenerator.printed("ledger")
        var lots: [String] = []
        for days in [10, 20, 20] { lots.append(try await pharmacy.stock(Pharmacy.mahuang, 5000, expiresIn: days)) }
        let drawer = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        let places: [String?] = [nil, drawer, try await pharmacy.place("XZ", "outreachBox")]
        var documents: [String] = []
        var (done, restored) = (0, 0)
        for step in 1...200 {
            let quantity = Int64.random(in: 1...1500, using: &random)
            let (from, to) = (places.randomElement(using: &random) ?? nil, places.randomElement(using: &random) ?? nil)
            let lot = try #require(lots.randomElement(using: &random))
            let isReversal = Int.random(in: 0..<5, using: &random) == 0
            if isReversal, let document = documents.randomElement(using: &random) {
                // Taken back and taken up again by hand: the balances are what they were.
                let before = try await pharmacy.everywhere(places)
                let moves = try pharmacy.moves(of: document)
                guard
                    try await pharmacy.attempt(
                        "decoction.movement.reverse", ["documentId": .string(document), "reason": "错"]) != nil
                else { continue }
                documents.removeAll { $0 == document }
                var expected = before
                for (place, lot, moved) in moves { expected["\(place) \(lot)", default: 0] -= moved }
                #expect(try await pharmacy.everywhere(places) == expected.filter { $0.value != 0 }, "step \(step)")
                restored += 1
            } else {
                let reply =
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0:
                        try await pharmacy.attempt(
                            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, quantity)], at: from))
                    case 1:
                        try await pharmacy.attempt(
                            "decoction.stock.transfer", Pharmacy.transfer(lot, quantity, from: from, to: to))
                    default:
                        try await pharmacy.attempt("decoction.lot.dispose", Self.disposal(lot, quantity / 4 + 1, from))
                    }
                guard let document = reply?["documentId"]?.stringValue else { continue }
                documents.append(document)
            }
            done += 1
            try await pharmacy.expectSound()
        }
        #expect(done > 40 && restored > 3)
    }

    private static func disposal(_ lot: String, _ quantity: Int64, _ place: String?) -> JSONValue {
        var params: [String: JSONValue] = ["lotId": .string(lot), "quantityMg": .integer(quantity), "reason": "破损"]
        params["locationId"] = place.map { .string($0) }
        return .object(params)
    }

    @Test("60 threads move one lot to a drawer, back, and out of both: nothing is lost, doubled or below zero")
    func race() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 20_000)
        let drawer = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        var made: [TestClient] = []
        for _ in 0..<10 { made.append(try await pharmacy.host.client(role: .pharmacist, site: "t1")) }
        let clients = made
        let next = Mutex(0)
        let outcomes = await Task.detached {
            Racing.run(60) {
                let number = next.withLock { count in
                    count += 1
                    return count
                }
                let (method, params): (String, JSONValue) =
                    switch number % 4 {
                    case 0: ("decoction.stock.transfer", Pharmacy.transfer(lot, 700, from: nil, to: drawer))
                    case 1: ("decoction.stock.transfer", Pharmacy.transfer(lot, 300, from: drawer, to: nil))
                    case 2: ("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 900)]))
                    default: ("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 200)], at: drawer))
                    }
                for _ in 0..<50 {
                    do {
                        _ = try clients[number % 10].callAndWait(method, params)
                        return number % 4
                    } catch let refused as CallRefused where refused.retryable {
                        continue
                    } catch let refused as CallRefused where refused.reason == "decoction.insufficientStock" {
                        return -1
                    }
                }
                return -2
            }
        }.value
        let results = try outcomes.map { try $0.get() }
        func count(_ kind: Int) -> Int64 { Int64(results.filter { $0 == kind }.count) }
        #expect(count(-2) == 0)
        #expect(count(0) > 0 && count(2) > 0)
        #expect(
            try await pharmacy.lying()[lot, default: 0] == 20_000 - 700 * count(0) + 300 * count(1) - 900 * count(2))
        #expect(
            try await pharmacy.lying(at: drawer)[lot, default: 0] == 700 * count(0) - 300 * count(1) - 200 * count(3))
        try await pharmacy.expectSound()
    }
}

extension Pharmacy {
    /// The reply, or nil where the call is refused for a reason that a random step may meet.
    fileprivate func attempt(_ method: String, _ params: JSONValue) async throws -> JSONValue? {
        do {
            return try await self.pharmacist.call(method, params)
        } catch let refused as CallRefused where Self.mayBeMet.contains(refused.reason) {
            return nil
        }
    }

    /// Too little there, taken on since, and a transfer from a place to itself.
    private static let mayBeMet: Set<String> = [
        "decoction.insufficientStock", "decoction.movedOn", "decoction.notThereThen", "host.invalidParams",
    ]

    /// What lies where, by place and lot.
    fileprivate func everywhere(_ places: [String?]) async throws -> [String: Int64] {
        var found: [String: Int64] = [:]
        for place in places {
            for (lot, quantity) in try await self.lying(at: place) { found["\(place ?? "") \(lot)"] = quantity }
        }
        return found
    }

    /// The movements of a document: place ("" for the main store), lot, quantity.
    fileprivate func moves(of document: String) throws -> [(String, String, Int64)] {
        try self.host.sql(
            """
            SELECT CASE WHEN location_id = site_id THEN '' ELSE location_id::text END, lot_id, quantity_mg
            FROM decoction.movement WHERE document_id = '\(document)'
            """
        ).map { ($0[0] ?? "", $0[1] ?? "", Int64($0[2] ?? "") ?? 0) }
    }
}
