import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What systems like ours got wrong about stock, rows 3 to 5; rows 1 and 2 have files of their own.
struct StockTests {
    @Test("ERPNext #58640: a line splits over lots, first expiry first, ties by receipt then id")
    func aLineSplitsOverLots() async throws {
        let pharmacy = try await Pharmacy.open()
        let late = try await pharmacy.stock(Pharmacy.mahuang, 5000, expiresIn: 300)
        // Two of one expiry and one instant of receipt: the id decides.
        let twins = [
            try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 90),
            try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 90),
        ].sorted()
        let after = try await pharmacy.later(Pharmacy.now.adding(seconds: 60))
        let sameExpiryLater = try await after.stock(Pharmacy.mahuang, 1000, expiresIn: 90)
        let soon = try await after.stock(Pharmacy.mahuang, 1000, expiresIn: 30)
        let moves = try await after.issue(Line(Pharmacy.mahuang, 4500))
        #expect(
            moves == [
                Moved(soon, 1000), Moved(twins[0], 1000), Moved(twins[1], 1000), Moved(sameExpiryLater, 1000),
                Moved(late, 500),
            ])
        #expect(try await after.onHand()[late] == 4500)
        #expect(try after.wrongLots().isEmpty)
    }

    @Test("hmislk/hmis: an unaccepted lot cannot move except to disposal")
    func unacceptedLotsCannotMove() async throws {
        let pharmacy = try await Pharmacy.open()
        let quarantined = try await pharmacy.receive(Pharmacy.mahuang, 1000)
        let rejected = try await pharmacy.receive(Pharmacy.mahuang, 2000)
        try await pharmacy.pharmacist.call(
            "decoction.lot.reject", ["lotId": .string(rejected), "reason": "含水量超标"])
        let short = try await pharmacy.refusal("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)]))
        #expect(short.reason == "decoction.insufficientStock")
        #expect(
            short.details == [
                [
                    "pieceCode": .string(Pharmacy.mahuang), "requestedMg": 1, "availableMg": 0, "quarantinedMg": 1000,
                    "expiredMg": 0,
                ]
            ])
        for (lot, state) in [(quarantined, "quarantined"), (rejected, "rejected")] {
            let refused = try await pharmacy.refusal(
                "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1, lot: lot)]))
            #expect(refused.reason == "decoction.lotNotAccepted")
            #expect(refused.details == ["lotId": .string(lot), "state": .string(state)])
            let disposed = try await pharmacy.pharmacist.call(
                "decoction.lot.dispose", ["lotId": .string(lot), "reason": "退货"])
            #expect(disposed["onHandMg"] == 0)
        }
        #expect(try pharmacy.wrongLots().isEmpty)
    }

    @Test("hmislk/hmis: an expired lot cannot be accepted or issued; it leaves by disposal, in parts or whole")
    func expiredLotsCannotMove() async throws {
        let before = try await Pharmacy.open()
        let accepted = try await before.stock(Pharmacy.mahuang, 1000, expiresIn: 0)
        let waiting = try await before.receive(Pharmacy.mahuang, 500, expiresIn: 0)
        // The last day of its shelf life is a day on which it is issued.
        #expect(try await before.issue(Line(Pharmacy.mahuang, 100)) == [Moved(accepted, 100)])
        let pharmacy = try await before.later(Pharmacy.now.adding(seconds: 86_400))
        let short = try await pharmacy.refusal("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 7)]))
        #expect(short.reason == "decoction.insufficientStock")
        #expect(short.details?[0]?["availableMg"] == 0)
        #expect(short.details?[0]?["expiredMg"] == 1400)
        let named = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 7, lot: accepted)]))
        #expect(named.reason == "decoction.lotExpired")
        let late = try await pharmacy.refusal("decoction.lot.accept", ["lotId": .string(waiting)])
        #expect(late.reason == "decoction.lotExpired")

        let part = try await pharmacy.pharmacist.call(
            "decoction.lot.dispose", ["lotId": .string(accepted), "quantityMg": 400, "reason": "过期"])
        #expect(part["quantityMg"] == 400)
        #expect(part["onHandMg"] == 500)
        let tooMuch = try await pharmacy.refusal(
            "decoction.lot.dispose", ["lotId": .string(accepted), "quantityMg": 501, "reason": "过期"])
        #expect(tooMuch.reason == "decoction.insufficientStock")
        #expect(tooMuch.details?[0]?["availableMg"] == 500)
        let rest = try await pharmacy.pharmacist.call(
            "decoction.lot.dispose", ["lotId": .string(accepted), "reason": "过期"])
        #expect(rest["quantityMg"] == 500)
        let nothing = try await pharmacy.refusal(
            "decoction.lot.dispose", ["lotId": .string(accepted), "reason": "过期"])
        #expect(nothing.reason == "decoction.insufficientStock")
        #expect(try pharmacy.wrongLots().isEmpty)
    }

    @Test("bhima #5177: the whole document is checked, not line by line")
    func theWholeDocumentIsChecked() async throws {
        let pharmacy = try await Pharmacy.open()
        let scarce = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        let plenty = try await pharmacy.stock(Pharmacy.guizhi, 90_000)
        let documents = [
            [Line(Pharmacy.mahuang, 6000), Line(Pharmacy.mahuang, 6000)],
            [Line(Pharmacy.mahuang, 6000, lot: scarce), Line(Pharmacy.mahuang, 6000, lot: scarce)],
            [Line(Pharmacy.guizhi, 5000), Line(Pharmacy.mahuang, 12_000)],
            [Line(Pharmacy.mahuang, 9999), Line(Pharmacy.guizhi, 1), Line(Pharmacy.mahuang, 2001, lot: scarce)],
        ]
        for lines in documents {
            let refused = try await pharmacy.refusal("decoction.stock.issue", Pharmacy.document(lines))
            #expect(refused.reason == "decoction.insufficientStock")
            #expect(refused.code == 1108)
            #expect(refused.details?.arrayValue?.count == 1)
            #expect(refused.details?[0]?["pieceCode"] == .string(Pharmacy.mahuang))
            #expect(refused.details?[0]?["requestedMg"] == 12_000)
            #expect(refused.details?[0]?["availableMg"] == 10_000)
            #expect(!refused.retryable)
        }
        #expect(try await pharmacy.onHand() == [scarce: 10_000, plenty: 90_000])
        #expect(try pharmacy.host.sql("SELECT count(*) FROM decoction.movement WHERE kind = 'issue'") == [["0"]])

        let moves = try await pharmacy.issue(
            Line(Pharmacy.mahuang, 4000), Line(Pharmacy.guizhi, 1), Line(Pharmacy.mahuang, 6000, lot: scarce))
        #expect(moves == [Moved(scarce, 4000), Moved(plenty, 1), Moved(scarce, 6000)])
        #expect(try await pharmacy.onHand() == [scarce: 0, plenty: 89_999])
        #expect(try pharmacy.wrongLots().isEmpty)
    }

    @Test("a line that names a lot has it before the lines that do not, wherever it stands")
    func namedLotsComeFirst() async throws {
        let pharmacy = try await Pharmacy.open()
        let first = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 30)
        let second = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: 60)
        let moves = try await pharmacy.issue(Line(Pharmacy.mahuang, 1000), Line(Pharmacy.mahuang, 1000, lot: first))
        #expect(moves == [Moved(second, 1000), Moved(first, 1000)])
    }

    @Test("a lot of another piece and unknown pieces are refused by their own reasons")
    func otherRefusals() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let mismatch = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.guizhi, 1, lot: lot)]))
        #expect(mismatch.reason == "decoction.lotPieceMismatch")
        #expect(mismatch.details?["pieceCode"] == .string(Pharmacy.mahuang))
        let unknown = try await pharmacy.refusal(
            "decoction.stock.issue",
            Pharmacy.document([Line("XLYP9999", 1), Line(Pharmacy.mahuang, 1), Line("XLYP9998", 1)]))
        #expect(unknown.reason == "decoction.pieceUnknown")
        #expect(unknown.details == [["pieceCode": "XLYP9998"], ["pieceCode": "XLYP9999"]])
        #expect(try await pharmacy.onHand() == [lot: 1000])
    }

    @Test("a document's movements stand under its id, line by line; the ledger and the stock come in pages")
    func ledgerAndPages() async throws {
        let pharmacy = try await Pharmacy.open()
        for day in 1...5 {
            _ = try await pharmacy.stock(Pharmacy.mahuang, 1000, expiresIn: day)
            _ = try await pharmacy.stock(Pharmacy.guizhi, 1000, expiresIn: day)
        }
        let params = Pharmacy.document([Line(Pharmacy.mahuang, 2500), Line(Pharmacy.guizhi, 300)])
        let document = try #require(try await pharmacy.pharmacist.call("decoction.stock.issue", params)["documentId"])
        let entries = try #require(
            try await pharmacy.pharmacist.call("decoction.movement.list", ["documentId": document])["movements"]?
                .arrayValue)
        #expect(entries.compactMap { $0["quantityMg"]?.integerValue } == [-1000, -1000, -500, -300])
        #expect(entries.compactMap { $0["lineNo"]?.integerValue } == [1, 1, 1, 2])
        #expect(entries.allSatisfy { $0["kind"] == "issue" && $0["reason"] == "病区领用" && $0["documentId"] == document })
        let one = try await pharmacy.pharmacist.call(
            "decoction.movement.list", ["documentId": document, "lotId": try #require(entries.last?["lotId"])])
        #expect(one["movements"]?.arrayValue == [try #require(entries.last)])

        let ledger = try await pharmacy.pages("decoction.movement.list", "movements")
        #expect(ledger.count == 14)
        #expect(ledger.compactMap { $0["seq"]?.integerValue } == ledger.compactMap { $0["seq"]?.integerValue }.sorted())
        let stock = try await pharmacy.pages("decoction.stock.list", "lots")
        let order = stock.map { ($0["pieceCode"]?.stringValue ?? "") + ($0["expiresOn"]?.stringValue ?? "") }
        #expect(order.count == 10)
        #expect(order == order.sorted())
        let left = try await pharmacy.pharmacist.call("decoction.stock.list", ["onHandOnly": true])["lots"]
        #expect(left?.arrayValue?.count == 8)
        let ofPiece = try await pharmacy.pages("decoction.stock.list", "lots", ["pieceCode": .string(Pharmacy.guizhi)])
        #expect(ofPiece.count == 5)
    }
}

extension Pharmacy {
    /// Every entry of a list, three at a time.
    fileprivate func pages(
        _ method: String, _ member: String, _ params: [String: JSONValue] = [:]
    ) async throws -> [JSONValue] {
        var params = params
        params["limit"] = 3
        var entries: [JSONValue] = []
        repeat {
            let page = try await self.pharmacist.call(method, .object(params))
            entries += page[member]?.arrayValue ?? []
            params["after"] = page["next"]
        } while params["after"] != nil && entries.count < 1000
        return entries
    }
}
