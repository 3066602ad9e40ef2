import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A recall reaches what other sites have of the lot, and whose prescriptions got of it.
struct RecallElsewhereTests {
    private static func recall(_ lot: String) -> JSONValue { ["lotId": .string(lot), "reason": "药监部门通报"] }

    @Test("PC-04: a lot that was shipped is recalled where it came to, with its own patients; its pharmacist is told")
    func descended() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 9000)
        let (order, _) = try await sites.shipped((Pharmacy.mahuang, 8000))
        let new = try #require(
            try await sites.receive(order, (lot, 8000))["lots"]?[0]?["lotId"]?.stringValue)
        try await sites.township.call("decoction.lot.accept", ["lotId": .string(new)])
        let other = try await sites.stock(Pharmacy.mahuang, 700)
        let report = try await sites.county.call("decoction.lot.recall", Self.recall(lot))
        #expect(report["elsewhere"] == [["siteCode": "t1", "lotId": .string(new), "quantityMg": 8000]])
        let issue = Pharmacy.document([Line(Pharmacy.mahuang, 1)])
        let refused = try await sites.refusal(sites.township, "decoction.stock.issue", issue)
        #expect(refused.reason == "decoction.insufficientStock")
        // Another lot of the sender is none of it.
        try await sites.county.call("decoction.stock.issue", issue)
        let there = try await sites.township.call("decoction.recall.get", ["lotId": .string(new)])
        #expect(there["recallId"] == report["recallId"] && there["reason"] == "药监部门通报" && there["patients"] == [])
        let listed = try await sites.township.call("decoction.recall.list")["recalls"]?[0]
        #expect(listed?["lotId"] == .string(new) && listed?["bySupplier"] == true && listed?["onHandMg"] == 8000)
        #expect(try await sites.stranger.call("decoction.recall.list")["recalls"] == [])
        let again = try await sites.refusal(sites.township, "decoction.lot.recall", Self.recall(new))
        #expect(again.reason == "decoction.lotStateConflict")
        try await sites.host.expect(
            "SELECT code, topic, subject::text FROM host.event JOIN host.site USING (site_id) WHERE topic LIKE '%recalled%' ORDER BY number",
            [
                ["county", "decoction.lot.recalled", lot], ["t1", "decoction.lot.recalledBySupplier", new],
            ])
        #expect(try await sites.onHand(sites.county, Pharmacy.mahuang) == 1699)
        _ = other
    }

    @Test("what was on its way when the sender recalled it arrives recalled, and leaves by disposal alone")
    func onTheWay() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 9000)
        let (order, _) = try await sites.shipped((Pharmacy.mahuang, 8000))
        try await sites.county.call("decoction.lot.recall", Self.recall(lot))
        let arrived = try await sites.receive(order, (lot, 8000))["lots"]?[0]
        #expect(arrived?["state"] == "recalled")
        let new = try #require(arrived?["lotId"]?.stringValue)
        try await sites.host.expect(
            "SELECT code FROM host.event JOIN host.site USING (site_id) WHERE topic = 'decoction.lot.recalledBySupplier'",
            [["t1"]])
        let refused = try await sites.refusal(
            sites.township, "decoction.lot.accept", ["lotId": .string(new)])
        #expect(refused.reason == "decoction.lotStateConflict" && refused.details?["state"] == "recalled")
        try await sites.township.call(
            "decoction.lot.dispose", ["lotId": .string(new), "quantityMg": 8000, "reason": "召回退货"])
        #expect(try sites.differences().isEmpty)
    }

    @Test("a recall races receiving: whichever is first, no lot of it is left that could be accepted")
    func race() async throws {
        let sites = try await TwoSites.open()
        var (before, after) = (0, 0)
        for _ in 0..<12 {
            let lot = try await sites.stock(Pharmacy.mahuang, 9000)
            let (order, moves) = try await sites.shipped((Pharmacy.mahuang, 9000))
            #expect(moves.map(\.lot) == [lot])
            let turn = Mutex(0)
            let (county, township) = (sites.county, sites.township)
            let outcomes = await Racing.aside(2) {
                let isFirst = turn.withLock { turn in
                    turn += 1
                    return turn == 1
                }
                _ = try Racing.retrying(200) {
                    isFirst
                        ? try county.callAndWait("decoction.lot.recall", Self.recall(lot))
                        : try township.callAndWait(
                            "decoction.order.receive", TwoSites.counted(order, [(lot, 9000)]))
                }
            }
            for outcome in outcomes { try outcome.get() }
            let states = try sites.host.sql(
                """
                SELECT lot.state, count(recall.lot_id) FROM decoction.shipment_receipt AS receipt
                JOIN decoction.lot USING (site_id, lot_id) LEFT JOIN decoction.recall USING (site_id, lot_id)
                WHERE sent_lot_id = '\(lot)' GROUP BY lot.state
                """)
            #expect(states == [["recalled", "1"]])
            let wasFirst = try sites.host.sql(
                """
                SELECT 1 FROM decoction.recall JOIN decoction.shipment_receipt USING (lot_id)
                WHERE sent_lot_id = '\(lot)' AND recall.xmin::text = shipment_receipt.xmin::text
                """
            ).isEmpty
            if wasFirst { before += 1 } else { after += 1 }
        }
        print("received first: \(before), recalled first: \(after)")
    }

    @Test("a recall names the patients of forwarded prescriptions, with where they came from, and tells that site")
    func forwarded() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let (_, forwarding, made) = try await both.taken()
        try await both.approve(made)
        let lot = try #require(
            try await both.dispense(made)["moves"]?[0]?["lotId"]?.stringValue)
        let report = try await both.dispenser.call("decoction.lot.recall", Self.recall(lot))
        #expect(
            report["patients"] == [
                [
                    "patientId": .string(both.clinic.woman), "prescriptionId": made, "quantityMg": 18_000,
                    "fromSite": "t1",
                ]
            ])
        // The other site's audit names its own patient, and nobody else.
        let woman = try #require(JSONValue.string(both.clinic.woman).stringValue)
        for method in ["prescription.dispense", "lot.recall"] {
            let rows = try both.host.sql(
                """
                SELECT code, (notes::json -> 'subjects')::text, notes::json ->> 'basis'
                FROM host.audit JOIN host.site USING (site_id) WHERE method = 'decoction.\(method)' ORDER BY code
                """)
            #expect(rows.map { $0[0] } == ["county", "t1"])
            #expect(rows.last?[1] == "[\"\(woman)\"]", "\(method)")
            if method == "lot.recall" { #expect(rows.first?[2] == "recall") }
        }
        try await both.host.expect(
            "SELECT code, subject::text FROM host.event JOIN host.site USING (site_id) WHERE topic = 'decoction.forwarded.recalled'",
            [["t1", forwarding.stringValue]])
    }

    @Test(
        "PC-02: a site lets go of what it had reserved of a lot that its supplier recalls, and reviews those prescriptions again"
    )
    func reservedElsewhere() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let code = Clinic.code("麻黄")
        let order = try #require(
            try await both.township.call(
                "decoction.order.place",
                ["supplierSite": "county", "lines": [["pieceCode": .string(code), "quantityMg": 100_000]]])["orderId"])
        try await both.dispenser.call("decoction.order.accept", ["orderId": order])
        let sent = try #require(
            try await both.dispenser.call("decoction.order.ship", ["orderId": order])["moves"]?[0]?["lotId"])
        let lot = try #require(
            try await both.township.call(
                "decoction.order.receive", ["orderId": order, "lines": [["lotId": sent, "quantityMg": 100_000]]])[
                    "lots"]?[0]?[
                    "lotId"])
        try await both.township.call("decoction.lot.accept", ["lotId": lot])
        let home = try await both.submit()
        let approved = try await both.homeReviewer.call(
            "decoction.prescription.review", ["prescriptionId": home, "decision": "approve"])
        #expect(approved["reservations"]?[0]?["lotId"] == lot)
        try await both.dispenser.call("decoction.lot.recall", Self.recall(try #require(sent.stringValue)))
        try await both.host.expect(
            "SELECT state FROM decoction.prescription WHERE prescription_id = '\(home.stringValue ?? "")'",
            [["readyForReview"]])
        let card = try await both.card(home)
        #expect(card["findings"]?.arrayValue?.contains { $0["rule"] == "RX-14" } == true)
        let report = try await both.township.call("decoction.recall.get", ["lotId": lot])
        #expect(report["reopened"]?[0]?["prescriptionId"] == home)
        // All of it leaves by disposal.
        let disposed = try await both.township.call(
            "decoction.lot.dispose", ["lotId": lot, "quantityMg": 100_000, "reason": "召回销毁"])
        #expect(disposed["onHandMg"] == 0)
        #expect(try await both.township.call("decoction.ledger.verify")["ok"] == true)
    }
}
