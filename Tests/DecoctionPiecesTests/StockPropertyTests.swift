import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What systems like ours got wrong about stock, row 1.
struct StockPropertyTests {
    @Test("ERPNext #57064: integer milligrams; the sum of moves is the balance, always")
    func sumOfMovesIsTheBalance() async throws {
        let random = SeededGenerator.printed("stock")
        var walk = try await Walk(pharmacy: Pharmacy.open(), random: random)
        for step in 1...250 {
            try await walk.step()
            #expect(try walk.pharmacy.wrongLots().isEmpty, "step \(step)")
            #expect(try await walk.pharmacy.onHand() == walk.model.onHand, "step \(step)")
        }
        #expect(walk.issued > 3)
        #expect(walk.refusals.contains("decoction.insufficientStock"))
    }
}

/// Random receipts, decisions, issues, disposals and days that pass, each compared with the model.
private struct Walk {
    var pharmacy: Pharmacy
    var random: SeededGenerator
    var model = StockModel()
    var now = Pharmacy.now
    var issued = 0
    var refusals: Set<String> = []

    private static let pieces = [Pharmacy.mahuang, Pharmacy.guizhi, Pharmacy.fangfeng]

    init(pharmacy: Pharmacy, random: SeededGenerator) {
        self.pharmacy = pharmacy
        self.random = random
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &self.random) {
        case 0..<20: try await self.receive()
        case 20..<42: try await self.decide()
        case 42..<82: try await self.issue()
        case 82..<92: try await self.dispose()
        case 92..<97: try await self.pass(seconds: 1)
        default: try await self.pass(seconds: 86_400)
        }
    }

    private mutating func piece() -> String {
        Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &self.random)]
    }

    private mutating func receive() async throws {
        let piece = self.piece()
        let quantity = Int64.random(in: 1...40_000, using: &self.random)
        let expiresOn = self.now.localDate.adding(days: Int.random(in: 0...6, using: &self.random))
        let reply = try await self.pharmacy.pharmacist.call(
            "decoction.lot.receive",
            Pharmacy.delivery(
                piece, quantity, supplier: self.pharmacy.supplier, batch: "\(self.model.lots.count)",
                expiresOn: expiresOn))
        self.model.receive(
            try #require(reply["lotId"]?.stringValue), piece, quantity, expiresOn: expiresOn, at: self.now)
    }

    private mutating func decide() async throws {
        let waiting = self.model.lots.indices.filter { self.model.lots[$0].state == "quarantined" }
        // Mostly a lot that waits, now and then any.
        let choice = Int.random(in: 0..<8, using: &self.random) > 0 ? waiting : Array(self.model.lots.indices)
        guard let index = choice.randomElement(using: &self.random) else { return }
        let lot = JSONValue.string(self.model.lots[index].id)
        if Int.random(in: 0..<8, using: &self.random) > 0 {
            let expected = self.model.decide(index, "accepted", today: self.now.localDate)
            try await self.compare("decoction.lot.accept", ["lotId": lot], expected)
        } else {
            let expected = self.model.decide(index, "rejected", today: self.now.localDate)
            try await self.compare("decoction.lot.reject", ["lotId": lot, "reason": "抽验不合格"], expected)
        }
    }

    private mutating func dispose() async throws {
        guard let index = self.model.lots.indices.randomElement(using: &self.random) else { return }
        let most = self.model.lots[index].onHand + 2
        let quantity = Int64.random(in: 1...most, using: &self.random)
        let expected = self.model.dispose(index, quantity)
        try await self.compare(
            "decoction.lot.dispose",
            ["lotId": .string(self.model.lots[index].id), "quantityMg": .integer(quantity), "reason": "破损"], expected)
    }

    private mutating func issue() async throws {
        var lines: [Line] = []
        for _ in 0..<Int.random(in: 1...4, using: &self.random) {
            let piece = self.piece()
            let named = Int.random(in: 0..<5, using: &self.random) == 0
            let lot = named ? self.model.lots.filter { $0.piece == piece }.randomElement(using: &self.random)?.id : nil
            lines.append(Line(piece, Int64.random(in: 1...12_000, using: &self.random), lot: lot))
        }
        let before = self.model
        switch self.model.issue(lines, today: self.now.localDate) {
        case .issued(let moves):
            let reply = try await self.pharmacy.pharmacist.call("decoction.stock.issue", Pharmacy.document(lines))
            #expect(try reply["moves"]?.arrayValue?.map { try Moved($0) } == moves)
            self.issued += 1
        case .refused(let reason):
            let refused = try await self.pharmacy.refusal("decoction.stock.issue", Pharmacy.document(lines))
            #expect(refused.reason == reason)
            self.refusals.insert(reason)
            guard reason == "decoction.insufficientStock" else { return }
            for entry in refused.details?.arrayValue ?? [] where entry["lotId"] == nil {
                let piece = entry["pieceCode"]?.stringValue ?? ""
                #expect(entry["availableMg"]?.integerValue == before.available(piece, today: self.now.localDate))
                let requested = lines.filter { $0.piece == piece }.reduce(0) { $0 + $1.quantity }
                #expect(entry["requestedMg"]?.integerValue == requested)
            }
        }
    }

    private mutating func pass(seconds: Int64) async throws {
        self.now = self.now.adding(seconds: seconds)
        self.pharmacy = try await self.pharmacy.later(self.now)
    }

    private mutating func compare(_ method: String, _ params: JSONValue, _ expected: String?) async throws {
        guard let expected else {
            try await self.pharmacy.pharmacist.call(method, params)
            return
        }
        let refused = try await self.pharmacy.refusal(method, params)
        #expect(refused.reason == expected, "\(method)")
        self.refusals.insert(expected)
    }
}
