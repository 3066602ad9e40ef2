import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// PC-04: no day of the ledger ends below nothing, whatever is booked for it later.
struct BackDatingTests {
    private static func refusal(
        _ pharmacy: Pharmacy, _ quantity: Int64, at place: String? = nil, on day: LocalDate
    ) async throws -> CallRefused {
        try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, quantity)], at: place, on: day))
    }

    @Test("what was issued then, and taken back since, was not there then; a day in between counts too")
    func issuedThen() async throws {
        let pharmacy = try await Pharmacy.open()
        let start = Pharmacy.now.localDate
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 100_000)
        let second = try await pharmacy.later(Pharmacy.now.adding(seconds: 2 * 86_400))
        let issued = try await second.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 80_000)]))
        let fourth = try await pharmacy.later(Pharmacy.now.adding(seconds: 4 * 86_400))
        try await fourth.pharmacist.call(
            "decoction.movement.reverse", ["documentId": try #require(issued["documentId"]), "reason": "错发"])
        for back in [1, 2, 3] {
            let refused = try await Self.refusal(fourth, 90_000, on: start.adding(days: back))
            #expect(refused.reason == "decoction.notThereThen", "\(back)")
            #expect(refused.details?[0]?["lotId"] == .string(lot) && refused.details?[0]?["balanceMg"] == -70_000)
            #expect(refused.details?[0]?["on"] == .string(start.adding(days: max(back, 2)).description))
        }
        try await fourth.issue(on: start.adding(days: 1), Line(Pharmacy.mahuang, 20_000))
        // The 20 g are gone, and 80 g lay there again only from today on.
        let spent = try await Self.refusal(fourth, 1, on: start.adding(days: 3))
        #expect(spent.reason == "decoction.notThereThen")
        try await fourth.issue(Line(Pharmacy.mahuang, 80_000))
        try await fourth.expectSound()
    }

    @Test("what came to a place later is neither issued nor disposed of there for an earlier day")
    func movedSince() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 50_000)
        let box = try await pharmacy.place("XZ", "outreachBox")
        let later = try await pharmacy.later(Pharmacy.now.adding(seconds: 3 * 86_400))
        try await later.transfer(lot, 50_000, to: box)
        let day = Pharmacy.now.localDate.adding(days: 1)
        let issued = try await Self.refusal(later, 30_000, at: box, on: day)
        #expect(issued.reason == "decoction.notThereThen" && issued.details?[0]?["locationId"] == .string(box))
        let disposed = try await later.refusal(
            "decoction.lot.dispose",
            [
                "lotId": .string(lot), "quantityMg": 1, "reason": "霉变", "locationId": .string(box),
                "bookedOn": .string(day.description),
            ])
        #expect(disposed.reason == "decoction.notThereThen")
        try await later.issue(at: box, Line(Pharmacy.mahuang, 30_000))
        try await later.expectSound()
    }

    @Test("a day that ended below nothing is found by the check of the ledger")
    func verified() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 1_000)
        try await pharmacy.issue(Line(Pharmacy.mahuang, 500))
        try pharmacy.host.script(
            """
            ALTER TABLE decoction.movement DISABLE TRIGGER ALL;
            UPDATE decoction.movement SET booked_on = booked_on - 1 WHERE kind = 'issue';
            ALTER TABLE decoction.movement ENABLE TRIGGER ALL
            """)
        let report = try await pharmacy.pharmacist.call("decoction.ledger.verify")
        #expect(
            report["differences"] == [
                ["what": "negativeThen", "id": .string(lot), "expectedMg": -500, "foundMg": -500]
            ])
    }
}
