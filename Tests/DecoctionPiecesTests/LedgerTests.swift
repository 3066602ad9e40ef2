import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Places, transfers, reversals and closed months.
struct LedgerTests {
    @Test("PC-04: a transfer is a double entry; stock is issued and disposed of where it lies, and only there")
    func transfer() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        let drawer = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        let document = try await pharmacy.transfer(lot, 6000, to: drawer)
        #expect(
            try pharmacy.host.sql(
                "SELECT quantity_mg FROM decoction.movement WHERE document_id = '\(document)' ORDER BY 1")
                == [["-6000"], ["6000"]])
        #expect(try await pharmacy.onHand() == [lot: 10_000])
        #expect(try await pharmacy.lying(at: drawer) == [lot: 6000])
        #expect(try await pharmacy.lying() == [lot: 4000])
        let short = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 4001)]))
        #expect(short.reason == "decoction.insufficientStock" && short.details?[0]?["availableMg"] == 4000)
        #expect(!short.retryable)
        try await pharmacy.issue(Line(Pharmacy.mahuang, 4000))
        try await pharmacy.issue(at: drawer, Line(Pharmacy.mahuang, 1000), Line(Pharmacy.mahuang, 500, lot: lot))
        let tooMuch = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 4501, lot: lot)], at: drawer))
        #expect(tooMuch.details?[0]?["availableMg"] == 4500)
        let gone = try await pharmacy.pharmacist.call(
            "decoction.lot.dispose",
            ["lotId": .string(lot), "quantityMg": 500, "reason": "虫蛀", "locationId": .string(drawer)])
        #expect(gone["onHandMg"] == 4000)
        try await pharmacy.transfer(lot, 4000, from: drawer)
        #expect(try await pharmacy.lying() == [lot: 4000])
        try await pharmacy.pharmacist.call("decoction.location.close", ["locationId": .string(drawer)])
        #expect(try await pharmacy.refusal(transfer: lot, 1, to: drawer).reason == "decoction.locationClosed")
        let back = try await pharmacy.refusal(
            "decoction.movement.reverse", ["documentId": .string(document), "reason": "错"])
        #expect(back.reason == "decoction.locationClosed" && back.details?["locationId"] == .string(drawer))
        try await pharmacy.expectSound()
    }

    @Test("PC-03, 8.2: a drawer holds its own piece; toxic pieces lie in the toxic cupboard, and nothing else does")
    func suitability() async throws {
        let pharmacy = try await Pharmacy.open()
        let plain = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let toxic = try await pharmacy.receive(Pharmacy.chuanwu, 1000)
        let second = try await pharmacy.host.client(role: .reviewer, site: "t1")
        for client in [pharmacy.pharmacist, second] {
            try await client.call("decoction.lot.accept", ["lotId": .string(toxic)])
        }
        let drawer = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.guizhi)
        // As one that was made before drawers of toxic pieces were refused.
        let ofToxic = try await pharmacy.place("A-02", "drawer", piece: Pharmacy.fangfeng)
        try pharmacy.host.script(
            "UPDATE decoction.location SET piece_code = '\(Pharmacy.chuanwu)' WHERE location_id = '\(ofToxic)'")
        let cupboard = try await pharmacy.place("DX", "toxicCupboard")
        let box = try await pharmacy.place("XZ", "outreachBox")
        let expected: [(lot: String, place: String, why: String?)] = [
            (plain, drawer, "drawerHoldsAnotherPiece"), (toxic, ofToxic, "toxicCupboardOnly"),
            (plain, cupboard, "toxicPiecesOnly"), (toxic, box, "toxicCupboardOnly"), (toxic, cupboard, nil),
            (plain, box, nil),
        ]
        for (lot, place, why) in expected {
            guard let why else {
                try await pharmacy.transfer(lot, 100, to: place)
                continue
            }
            let refused = try await pharmacy.refusal(transfer: lot, 100, to: place)
            #expect(refused.reason == "decoction.locationUnsuitable" && refused.details?["why"] == .string(why))
        }
        let taken = try await pharmacy.refusal(
            "decoction.location.create", ["code": "DX", "nameZh": "柜", "kind": "toxicCupboard"])
        #expect(taken.reason == "decoction.locationExists" && taken.details?["locationId"] == .string(cupboard))
        let full = try await pharmacy.refusal("decoction.location.close", ["locationId": .string(cupboard)])
        #expect(full.reason == "decoction.locationNotEmpty")
        let unnamed = try await pharmacy.refusal(
            "decoction.location.create", ["code": "A-03", "nameZh": "斗", "kind": "drawer"])
        #expect(unnamed.details?[0]?["pointer"] == "/pieceCode")
        try await pharmacy.expectSound()
    }

    @Test("hmislk/hmis: neither an unaccepted nor an expired lot moves from place to place")
    func onlyGoodLots() async throws {
        let pharmacy = try await Pharmacy.open()
        let waiting = try await pharmacy.receive(Pharmacy.mahuang, 1000)
        let old = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 0)
        let box = try await pharmacy.place("XZ", "outreachBox")
        #expect(try await pharmacy.refusal(transfer: waiting, 1, to: box).reason == "decoction.lotNotAccepted")
        let tomorrow = try await pharmacy.later(Pharmacy.now.adding(seconds: 86_400))
        #expect(try await tomorrow.refusal(transfer: old, 1, to: box).reason == "decoction.lotExpired")
        #expect(try await tomorrow.refusal(transfer: old, 1, to: Sample.lot.description).reason == "host.notFound")
        try await tomorrow.expectSound()
    }

    @Test("corrections are linked reversals: a document is taken back whole and once, and the balances are as before")
    func reversal() async throws {
        let pharmacy = try await Pharmacy.open()
        let first = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 30)
        let second = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 60)
        let box = try await pharmacy.place("XZ", "outreachBox")
        let moved = try await pharmacy.transfer(first, 300, to: box)
        let before = try await pharmacy.onHand()
        let issue = try await pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1500)]))
        let document = try #require(issue["documentId"]?.stringValue)
        let reversed = try await pharmacy.reverse(document)
        #expect(reversed["movements"] == 2)
        #expect(try await pharmacy.onHand() == before)
        #expect(
            try await pharmacy.refusal("decoction.movement.reverse", ["documentId": .string(document), "reason": "再"])
                .reason == "decoction.alreadyReversed")
        let entries = try await pharmacy.pharmacist.call(
            "decoction.movement.list", ["documentId": try #require(reversed["documentId"])])["movements"]?.arrayValue
        #expect(
            entries?.count == 2 && entries?.allSatisfy { $0["kind"] == "reversal" && $0["reversesSeq"] != nil } == true)

        // What moved on cannot be taken back.
        try await pharmacy.issue(at: box, Line(Pharmacy.mahuang, 1))
        #expect(
            try await pharmacy.refusal("decoction.movement.reverse", ["documentId": .string(moved), "reason": "错"])
                .reason == "decoction.movedOn")
        let receipt = try #require(
            try pharmacy.host.sql(
                "SELECT document_id FROM decoction.movement WHERE lot_id = '\(second)' AND kind = 'receipt'")[0][0])
        try await pharmacy.reverse(receipt)
        #expect(try await pharmacy.onHand()[second] == 0)
        #expect(
            try await pharmacy.refusal(
                "decoction.movement.reverse", ["documentId": .string(Sample.document.description), "reason": "错"]
            ).reason == "host.notFound")
        try await pharmacy.expectSound()
    }

    @Test("deletion of a wrong entry hid the loss: closed months refuse back-dating, and keep what lay there")
    func periods() async throws {
        let pharmacy = try await Pharmacy.open()
        let november = LocalDate(daysSince1970: Pharmacy.now.localDate.daysSince1970).firstOfMonth
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 1_000_000)
        let open = try await pharmacy.refusal(
            "decoction.period.close", ["month": .string(november.description)], by: try await pharmacy.reviewer())
        #expect(open.reason == "decoction.periodNotOver")
        // 30 November, half past midnight on 1 December, and half past one.
        let eve = try await pharmacy.later(Pharmacy.now.adding(seconds: 8 * 86_400))
        try await eve.issue(Line(Pharmacy.mahuang, 100_000))
        let early = try await eve.later(Pharmacy.now.adding(seconds: 8 * 86_400 + 10 * 3600))
        let tooEarly = try await early.refusal(
            "decoction.period.close", ["month": .string(november.description)], by: try await early.reviewer())
        #expect(tooEarly.reason == "decoction.periodNotOver")
        let after = try await early.later(Pharmacy.now.adding(seconds: 8 * 86_400 + 11 * 3600))
        let last = november.adding(days: 29)
        try await after.issue(on: last, Line(Pharmacy.mahuang, 50_000))
        let closed = try await after.reviewer().call("decoction.period.close", ["month": .string(november.description)])
        #expect(closed["lots"] == 1 && closed["valueFen"] == 5780)
        let late = try await after.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)], on: last))
        #expect(late.reason == "decoction.periodClosed" && late.details?["bookedOn"] == .string(last.description))
        let again = try await after.refusal(
            "decoction.period.close", ["month": .string(november.description)], by: try await after.reviewer())
        #expect(again.reason == "decoction.periodClosed")
        let future = try await after.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)], on: last.adding(days: 3)))
        #expect(future.details?[0]?["pointer"] == "/bookedOn")
        let then = try await after.pharmacist.call("decoction.stock.value", ["asOf": .string(last.description)])
        #expect(then["totalFen"] == 5780 && then["pieces"]?[0]?["onHandMg"] == 850_000)
        #expect(try await after.onHand() == [lot: 850_000])
        try await after.expectSound()
    }

    @Test("a booking before the lot came finds nothing of it")
    func beforeReceipt() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let refused = try await pharmacy.refusal(
            "decoction.stock.issue",
            Pharmacy.document([Line(Pharmacy.mahuang, 1)], on: Pharmacy.now.localDate.adding(days: -1)))
        #expect(refused.reason == "decoction.insufficientStock" && refused.details?[0]?["availableMg"] == 0)
        #expect(!refused.retryable)
    }

    @Test("a ledger that was tampered with does not verify, and it is said where")
    func tampering() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let box = try await pharmacy.place("XZ", "outreachBox")
        try await pharmacy.transfer(lot, 300, to: box)
        try await pharmacy.expectSound()
        let tamperings = [
            ("UPDATE decoction.lot SET on_hand_mg = 999", "lotBalance"),
            ("UPDATE decoction.lot SET placed_mg = 299", "lotPlaced"),
            ("UPDATE decoction.holding SET on_hand_mg = 301", "placeBalance"),
            (
                "UPDATE decoction.movement SET quantity_mg = -301 WHERE kind = 'transfer' AND quantity_mg < 0",
                "transfer"
            ),
        ]
        for (sql, what) in tamperings {
            try pharmacy.host.script(sql)
            let report = try await pharmacy.pharmacist.call("decoction.ledger.verify")
            #expect(report["ok"] == false)
            #expect(report["differences"]?.arrayValue?.contains { $0["what"] == .string(what) } == true, "\(what)")
            try pharmacy.host.script(
                """
                UPDATE decoction.lot SET on_hand_mg = 1000, placed_mg = 300;
                UPDATE decoction.holding SET on_hand_mg = 300;
                UPDATE decoction.movement SET quantity_mg = sign(quantity_mg) * 300 WHERE kind = 'transfer'
                """)
        }
        try await pharmacy.expectSound()
    }

    @Test("what expires, what runs out and where a lot came from")
    func lists() async throws {
        let pharmacy = try await Pharmacy.open()
        let soon = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 20)
        _ = try await pharmacy.stock(Pharmacy.mahuang, 9000, expiresIn: 200)
        _ = try await pharmacy.stock(Pharmacy.guizhi, 90_000)
        let expiring = try await pharmacy.pharmacist.call("decoction.stock.expiring", ["withinDays": 20])["lots"]
        #expect(expiring?.arrayValue?.compactMap { $0["lotId"]?.stringValue } == [soon])
        let wrong = try await pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.guizhi, 80_000)]))
        try await pharmacy.issue(Line(Pharmacy.mahuang, 7000), Line(Pharmacy.guizhi, 10))
        try await pharmacy.reverse(try #require(wrong["documentId"]?.stringValue))
        // 7000 in ten days: fourteen days need 9800, and 3000 are left; what was taken back is no use.
        let tomorrow = try await pharmacy.later(Pharmacy.now.adding(seconds: 86_400))
        let short = try await tomorrow.pharmacist.call(
            "decoction.replenishment.suggest", ["usedDays": 10, "coverDays": 14])["pieces"]?.arrayValue
        #expect(short?.count == 1)
        #expect(short?[0]["pieceCode"] == .string(Pharmacy.mahuang))
        #expect(short?[0]["usedMg"] == 7000 && short?[0]["availableMg"] == 3000 && short?[0]["suggestedMg"] == 6800)
        let trace = try await tomorrow.pharmacist.call("decoction.lot.trace", ["lotId": .string(soon)])
        #expect(trace["licence"] == "皖20260001" && trace["receivedMg"] == 1000 && trace["onHandMg"] == 0)
        #expect(trace["decisions"]?[0]?["decision"] == "accept" && trace["places"] == [])
        #expect(trace["moved"]?.arrayValue?.compactMap { $0["quantityMg"]?.integerValue } == [1000, -1000])
    }
}
