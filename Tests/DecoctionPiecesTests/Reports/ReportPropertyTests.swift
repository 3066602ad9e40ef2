import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Random ledgers over some months, and every figure of every report against its lines and against another reckoning.
struct ReportPropertyTests {
    @Test(
        "SORMAS #1501: figure, lines and an independent tally agree to the milligram and the fen, before and after months are closed"
    )
    func figuresAreTheirLines() async throws {
        var random = SeededGenerator.printed("reports")
        var walk = try await ReportWalk()
        for _ in 0..<14 {
            try await walk.nextDays(&random)
            for _ in 0..<8 { try await walk.step(&random) }
        }
        // On, where chance has met more refusals than documents.
        var further = 0
        while walk.done <= 40 && further < 200 {
            try await walk.step(&random)
            further += 1
        }
        #expect(walk.done > 40)
        try await walk.pharmacy.expectSound()
        let today = walk.today
        var periods = [(Pharmacy.now.localDate, today), (today, today), (today.firstOfMonth, today)]
        for _ in 0..<3 {
            let from = Pharmacy.now.localDate.adding(
                days: Int.random(in: 0...(today.daysSince1970 - Pharmacy.now.localDate.daysSince1970), using: &random))
            periods.append((from, min(today, from.adding(days: Int.random(in: 0...40, using: &random)))))
        }
        let tally = try ReportTally(walk.pharmacy.host)
        for (from, to) in periods { try await walk.check(tally, from, to) }
        try await walk.closeMonths()
        #expect(try walk.pharmacy.host.sql("SELECT count(*) > 0 FROM decoction.period") == [["t"]])
        for (from, to) in periods { try await walk.check(tally, from, to) }
    }
}

/// A pharmacy at which things happen.
struct ReportWalk {
    var pharmacy: Pharmacy
    var now = Pharmacy.now
    var lots: [String] = []
    var documents: [String] = []
    let places: [String?]
    var done = 0

    private static let pieces = [Pharmacy.mahuang, Pharmacy.guizhi, Pharmacy.fangfeng]

    var today: LocalDate { self.now.localDate }

    init() async throws {
        self.pharmacy = try await Pharmacy.open()
        self.places = [nil, try await self.pharmacy.place("XZ", "outreachBox")]
    }

    mutating func nextDays(_ random: inout SeededGenerator) async throws {
        self.now = self.now.adding(seconds: 86_400 * Int64.random(in: 1...9, using: &random))
        self.pharmacy = try await self.pharmacy.later(self.now)
        let piece = try #require(Self.pieces.randomElement(using: &random))
        self.lots.append(
            try await self.pharmacy.stock(
                piece, Int64.random(in: 3000...90_000, using: &random),
                costing: Int64.random(in: 1...99_999, using: &random),
                expiresIn: Int.random(in: 20...200, using: &random), on: self.today))
    }

    /// One thing, which may be refused.
    mutating func step(_ random: inout SeededGenerator) async throws {
        let quantity = Int64.random(in: 1...4000, using: &random)
        let lot = try #require(self.lots.randomElement(using: &random))
        let piece = try #require(Self.pieces.randomElement(using: &random))
        let (from, to) = (
            self.places.randomElement(using: &random) ?? nil, self.places.randomElement(using: &random) ?? nil
        )
        let day = self.today.adding(days: -Int.random(in: 0...6, using: &random))
        let reply: JSONValue?
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1:
            reply = try await self.attempt(
                "decoction.stock.issue", Pharmacy.document([Line(piece, quantity)], at: from, on: day))
        case 2, 3:
            reply = try await self.attempt(
                "decoction.stock.transfer", Pharmacy.transfer(lot, quantity, from: from, to: to))
        case 4:
            let reason = ["虫蛀", "霉变", "=1+1"].randomElement(using: &random) ?? ""
            reply = try await self.attempt(
                "decoction.lot.dispose",
                ["lotId": .string(lot), "quantityMg": .integer(quantity / 3 + 1), "reason": .string(reason)])
        case 5:
            try self.count(lot, Bool.random(using: &random) ? quantity / 5 + 1 : -(quantity / 5 + 1))
            reply = nil
        default:
            guard let document = self.documents.randomElement(using: &random) else { return }
            reply = try await self.attempt(
                "decoction.movement.reverse", ["documentId": .string(document), "reason": "录入错误"])
        }
        guard let document = reply?["documentId"]?.stringValue else { return }
        self.documents.append(document)
        self.done += 1
    }

    /// A difference of a stocktake in the main store, booked past its many steps.
    private func count(_ lot: String, _ difference: Int64) throws {
        try self.pharmacy.host.script(
            """
            WITH counted AS (
                UPDATE decoction.lot SET on_hand_mg = on_hand_mg + \(difference)
                WHERE lot_id = '\(lot)' AND on_hand_mg - placed_mg + \(difference) >= 0
                    AND on_hand_mg + \(difference) <= received_mg
                RETURNING *
            )
            INSERT INTO decoction.movement (site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at,
                account_id, location_id, booked_on)
            SELECT site_id, gen_random_uuid(), 1, lot_id, piece_code, 'stocktake', \(difference), '盘点差异',
                '\(self.now)', received_by, site_id, '\(self.today)'
            FROM counted
            """)
    }

    /// Closes every month that is over.
    func closeMonths() async throws {
        let month = self.today.firstOfMonth.adding(days: -1).firstOfMonth
        try await self.pharmacy.reviewer().call("decoction.period.close", ["month": .string(month.description)])
    }

    private func attempt(_ method: String, _ params: JSONValue) async throws -> JSONValue? {
        do {
            return try await self.pharmacy.pharmacist.call(method, params)
        } catch let refused as CallRefused where Self.mayBeMet.contains(refused.reason) {
            return nil
        }
    }

    private static let mayBeMet: Set<String> = [
        "decoction.insufficientStock", "decoction.movedOn", "decoction.lotExpired", "decoction.alreadyReversed",
        "decoction.lotNotAccepted", "decoction.reversalNotReversible", "decoction.notThereThen", "host.invalidParams",
        "host.notFound",
    ]
}
