import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What goes out by its document, and what is taken back.
struct DocumentGuardTests {
    @Test("a dispensing is not sent by its document, past the job, the return and the hand-over")
    func dispensingByDocument() async throws {
        let dispensary = try await Dispensary.open()
        let (_, ids) = try await dispensary.dispensedFromLot()
        let document = try #require(
            try dispensary.host.sql("SELECT document_id FROM decoction.dispensed")[0][0])
        let refused = try await dispensary.refused(
            "delivery.create", Dispensary.sending(document: .string(document)))
        #expect(refused.reason == "decoction.notDeliverable" && refused.details?["why"] == "dispensing")
        _ = try await dispensary.call("prescription.return", Dispensary.returning(ids[0], all: false))
        let after = try await dispensary.refused(
            "delivery.create", Dispensary.sending(document: .string(document)))
        #expect(after.reason == "decoction.notDeliverable")
        #expect(try dispensary.host.sql("SELECT count(*) FROM decoction.delivery") == [["0"]])
    }

    @Test(
        "what is on its way to a village, or was signed for there, is not taken back; what was taken back is not sent")
    func reversed() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        func issued() async throws -> JSONValue {
            try #require(
                try await pharmacy.pharmacist.call(
                    "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 500)]))["documentId"])
        }
        func reversal(_ document: JSONValue) -> JSONValue { ["documentId": document, "reason": "录入错误"] }
        let sent = try await issued()
        let delivery = try #require(
            try await pharmacy.pharmacist.call("decoction.delivery.create", Dispensary.sending(document: sent))[
                "deliveryId"])
        let open = try await pharmacy.refusal("decoction.movement.reverse", reversal(sent))
        #expect(open.reason == "decoction.deliveryExists" && open.details?["deliveryId"] == delivery)
        try await pharmacy.pharmacist.call("decoction.delivery.handOver", Dispensary.signed(delivery))
        let signed = try await pharmacy.refusal("decoction.movement.reverse", reversal(sent))
        #expect(signed.reason == "decoction.deliveryExists")
        #expect(try await pharmacy.onHand() == [lot: 9_500])

        let second = try await issued()
        let back = try #require(
            try await pharmacy.pharmacist.call("decoction.delivery.create", Dispensary.sending(document: second))[
                "deliveryId"])
        try await pharmacy.pharmacist.call(
            "decoction.delivery.bringBack", ["deliveryId": back, "reason": "家中无人"])
        try await pharmacy.pharmacist.call("decoction.movement.reverse", reversal(second))
        let again = try await pharmacy.refusal(
            "decoction.delivery.create", Dispensary.sending(document: second))
        #expect(again.reason == "decoction.notDeliverable" && again.details?["why"] == "reversed")
        #expect(try await pharmacy.onHand() == [lot: 9_500])
        try await pharmacy.expectSound()
    }

    @Test("8.2: who counted does not take the stocktake back; taken back by another it counts as none")
    func stocktake() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.stock(Pharmacy.mahuang, 1_000_000)
        let stocktake = try await hall.start()
        #expect(try await hall.count(stocktake, lot, 995_000) == "counted")
        let params: JSONValue = ["stocktakeId": .string(stocktake), "reason": "漏看一袋"]
        let early = try await hall.pharmacy.refusal("decoction.stocktake.reverse", params, by: hall.reviewer)
        #expect(early.reason == "decoction.stocktakeStateConflict")
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        let approved = try await hall.approve(stocktake)
        #expect(approved["losses"]?[0]?["lossFen"] == 34)
        let document = try #require(approved["documentId"])
        func last() async throws -> JSONValue? {
            try await hall.reviewer.call("decoction.stocktake.due")["due"]?[0]?["lastOn"]
        }
        #expect(try await last() == "2026-11-22")
        let byHand = try await hall.pharmacy.refusal(
            "decoction.movement.reverse", ["documentId": document, "reason": "漏看一袋"])
        #expect(byHand.reason == "decoction.documentOfStocktake")
        #expect(
            try await hall.pharmacy.refusal("decoction.stocktake.reverse", params).reason == "host.forbidden")
        // Who counted gets the other role.
        try hall.pharmacy.host.script(
            """
            INSERT INTO host.role_grant (account_id, role, site_id, reach)
            SELECT account_id, 'reviewer', (SELECT site_id FROM host.site WHERE code = 't1'), 'site'
            FROM host.account WHERE account = '\(hall.pharmacy.pharmacist.account)'
            """)
        _ = try await hall.pharmacy.reviewer()  // a new account makes the host read its directory anew
        let counter = try await hall.pharmacy.refusal("decoction.stocktake.reverse", params)
        #expect(counter.reason == "decoction.approverCounted")
        let reversed = try await hall.reviewer.call("decoction.stocktake.reverse", params)
        #expect(reversed["state"] == "reversed" && reversed["movements"] == 1)
        #expect(try await hall.pharmacy.onHand() == [lot: 1_000_000])
        #expect(try await last() == nil)
        let listed = try await hall.reviewer.call("decoction.stocktake.list", ["state": "reversed"])["stocktakes"]
        #expect(listed?[0]?["reversalId"] == reversed["documentId"] && listed?[0]?["reversedBy"] != nil)
        let twice = try await hall.pharmacy.refusal("decoction.stocktake.reverse", params, by: hall.reviewer)
        #expect(twice.reason == "decoction.stocktakeStateConflict")
        // The loss that was taken back is none of the next count's.
        let next = try await hall.start()
        #expect(try await hall.count(next, lot, 999_000) == "counted")
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(next)])
        let second = try await hall.approve(next)
        #expect(second["losses"]?[0]?["lossFen"] == 7)
        try await hall.pharmacy.expectSound()
    }

    @Test("a count below what is reserved is refused with lots, prescriptions and what to do; released, it is approved")
    func belowReserved() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 16_000)
        let id = try await dispensary.submit(("麻黄", 5_000))
        try await dispensary.approve(id)
        let hall = CountingHall(
            pharmacy: dispensary.pharmacy, second: try await dispensary.host.client(role: .pharmacist, site: "t1"),
            reviewer: try await dispensary.pharmacy.reviewer())
        let stocktake = try await hall.start()
        _ = try await hall.count(stocktake, lot, 14_000)
        #expect(try await hall.count(stocktake, lot, 14_000, by: hall.second) == "counted")
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        let refused = try await hall.refusal(approving: stocktake, reasons: [lot: "虫蛀"])
        #expect(refused.reason == "decoction.countBelowReserved")
        #expect(
            refused.details?["lots"]?[0] == [
                "lotId": .string(lot), "pieceCode": .string(Pharmacy.mahuang), "leftMg": 14_000, "reservedMg": 15_000,
                "prescriptionIds": [id],
            ])
        #expect(
            ApproveStocktake.faults.contains { $0.reason == "decoction.countBelowReserved" })
        _ = try await dispensary.call("prescription.release", ["prescriptionId": id])
        _ = try await hall.approve(stocktake, reasons: [lot: "虫蛀"], lossReason: "虫蛀")
        #expect(try await dispensary.pharmacy.onHand() == [lot: 14_000])
        try await dispensary.expectSound()
    }
}
