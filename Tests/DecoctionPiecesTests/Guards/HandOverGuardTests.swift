import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What was spoilt in the decoction room, and what has something of a recalled lot, does not reach the patient.
struct HandOverGuardTests {
    @Test(
        "8.5: what was scorched, dried or given up wet is neither handed over, sent nor boiled: it is destroyed and dispensed anew",
        arguments: ["scorched", "dried", "powerCut"])
    func spoilt(reason: String) async throws {
        var dispensary = try await Dispensary.open()
        let (lot, ids) = try await dispensary.dispensedFromLot()
        let id = ids[0]
        let job = try await dispensary.job(id, "boiling1")
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 60))
        _ = try await dispensary.call(
            "job.abort", ["jobId": .string(job), "reason": .string(reason)])
        let machine = try await dispensary.kitchen.machine("2")
        let calls: [(String, JSONValue)] = [
            ("prescription.handOver", ["prescriptionId": id]), ("delivery.create", Dispensary.sending(id)),
            ("job.start", ["prescriptionId": id, "machineId": .string(machine)]),
        ]
        for (method, params) in calls {
            let refused = try await dispensary.refused(method, params)
            #expect(refused.reason == "decoction.dispenseAnew" && refused.details?["rule"] == "8.5", "\(method)")
        }
        #expect(try await dispensary.state(id) == "dispensed")
        _ = try await dispensary.call("prescription.return", Dispensary.returning(id, all: true))
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 120))
        try await dispensary.dispenseAnew(id)
        _ = try await dispensary.call("prescription.handOver", ["prescriptionId": id])
        #expect(try await dispensary.state(id) == "handedOver")
        #expect(try await dispensary.pharmacy.onHand() == [lot: 115_000 - 30_000])
        try await dispensary.expectSound()
    }

    @Test(
        "PC-02: a recall stops what is still in the house: hand-over, delivery and pot are refused with lot and rule, and nothing goes back to use"
    )
    func recalled() async throws {
        let dispensary = try await Dispensary.open()
        let (lot, ids) = try await dispensary.dispensedFromLot(2)
        let job = try await dispensary.job(ids[1], "received")
        let report = try await dispensary.pharmacy.pharmacist.call("decoction.lot.recall", Dispensary.recall(lot))
        #expect(report["patients"]?.arrayValue?.count == 2)
        let machine = try await dispensary.kitchen.machine("2")
        let calls: [(String, JSONValue)] = [
            ("prescription.handOver", ["prescriptionId": ids[0]]), ("delivery.create", Dispensary.sending(ids[0])),
            ("job.start", ["prescriptionId": ids[0], "machineId": .string(machine)]),
            ("job.advance", ["jobId": .string(job), "to": "checked"]),
        ]
        for (method, params) in calls {
            let refused = try await dispensary.refused(method, params)
            #expect(refused.reason == "decoction.lotRecalled", "\(method)")
            #expect(refused.details?["lots"]?[0]?["lotId"] == .string(lot), "\(method)")
            #expect(refused.details?["rule"] == "PC-02", "\(method)")
        }
        // The job is broken off, and both are destroyed.
        _ = try await dispensary.call("job.abort", ["jobId": .string(job), "reason": "cancelled"])
        for id in ids {
            let back = try await dispensary.refused("prescription.return", Dispensary.returning(id, all: false))
            #expect(back.reason == "host.invalidParams" && back.details?[0]?["pointer"] == "/destroyAll")
            let destroyed = try await dispensary.call("prescription.return", Dispensary.returning(id, all: true))
            #expect(destroyed["disposalId"] != nil)
        }
        // Anew, from another lot.
        let other = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 100_000)
        try await dispensary.dispenseAnew(ids[0])
        _ = try await dispensary.call("prescription.handOver", ["prescriptionId": ids[0]])
        #expect(try await dispensary.pharmacy.onHand() == [lot: 100_000, other: 85_000])
        try await dispensary.expectSound()
    }

    @Test("a bag or a box that a recall overtakes on its way is not signed for; it is brought back")
    func onTheWay() async throws {
        let dispensary = try await Dispensary.open()
        let (lot, ids) = try await dispensary.dispensedFromLot()
        let issued = try await dispensary.call(
            "stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 500)]))
        let document = try #require(issued["documentId"])
        var deliveries: [JSONValue] = []
        for params in [Dispensary.sending(ids[0]), Dispensary.sending(document: document)] {
            deliveries.append(try #require(try await dispensary.call("delivery.create", params)["deliveryId"]))
        }
        try await dispensary.pharmacy.pharmacist.call("decoction.lot.recall", Dispensary.recall(lot))
        for delivery in deliveries {
            let refused = try await dispensary.refused("delivery.handOver", Dispensary.signed(delivery))
            #expect(refused.reason == "decoction.lotRecalled")
            _ = try await dispensary.call("delivery.bringBack", ["deliveryId": delivery, "reason": "召回"])
        }
        let again = try await dispensary.refused("delivery.create", Dispensary.sending(document: document))
        #expect(again.reason == "decoction.lotRecalled")
        try await dispensary.pharmacy.reverse(try #require(document.stringValue))
        _ = try await dispensary.call("prescription.return", Dispensary.returning(ids[0], all: true))
        #expect(try dispensary.host.sql("SELECT count(*) FROM decoction.hand_over") == [["0"]])
        try await dispensary.expectSound()
    }

    @Test("8.5: a spoilt job is traced to its lots, and its lots to it, also once the pieces are destroyed")
    func spoiltStaysTraced() async throws {
        var dispensary = try await Dispensary.open()
        let (lot, ids) = try await dispensary.dispensedFromLot()
        let job = try await dispensary.job(ids[0], "boiling1")
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 60))
        _ = try await dispensary.call("job.abort", ["jobId": .string(job), "reason": "scorched"])
        _ = try await dispensary.call("prescription.return", Dispensary.returning(ids[0], all: true))
        let trace = try await dispensary.call("job.trace", ["jobId": .string(job)])
        #expect(trace["lots"]?[0]?["lotId"] == .string(lot) && trace["lots"]?[0]?["quantityMg"] == 15_000)
        let found = try await dispensary.call("job.findByLot", ["lotId": .string(lot)])
        #expect(found["jobs"]?[0]?["jobId"] == .string(job))
        // What was broken off dry went back to the shelf: it was in no pot.
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 120))
        try await dispensary.dispenseAnew(ids[0])
        let dry = try await dispensary.job(ids[0], in: "2")
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 180))
        _ = try await dispensary.call("job.abort", ["jobId": .string(dry), "reason": "cancelled"])
        _ = try await dispensary.call("prescription.return", Dispensary.returning(ids[0], all: false))
        #expect(try await dispensary.call("job.trace", ["jobId": .string(dry)])["lots"] == [])
    }
}
