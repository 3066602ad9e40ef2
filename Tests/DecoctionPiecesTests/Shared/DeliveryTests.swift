import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Delivery to the village with a signature.
struct DeliveryTests {
    /// Issues stock for a village; gives the document.
    private static func issued(_ pharmacy: Pharmacy) async throws -> JSONValue {
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let reply = try await pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 500)]))
        return try #require(reply["documentId"])
    }

    private static func delivery(_ document: JSONValue) -> JSONValue {
        ["documentId": document, "villageZh": "示例村三组", "carrier": "配送员甲"]
    }

    private static func signed(_ id: JSONValue, at: String = "2026-11-22T14:30:00+08:00") -> JSONValue {
        ["deliveryId": id, "receivedBy": "签收人乙", "relation": "villageDoctor", "at": .string(at)]
    }

    @Test("a delivery is signed for once; the list says by whom and when; nothing of it is readable in the database")
    func signature() async throws {
        let pharmacy = try await Pharmacy.open()
        let document = try await Self.issued(pharmacy)
        let created = try await pharmacy.pharmacist.call("decoction.delivery.create", Self.delivery(document))
        let id = try #require(created["deliveryId"])
        #expect(created["state"] == "onTheWay" && created["dueOn"] == "2026-11-23")
        let twice = try await pharmacy.refusal("decoction.delivery.create", Self.delivery(document))
        #expect(twice.reason == "decoction.deliveryExists")
        for at in ["2026-11-22T14:29:59+08:00", "2026-11-22T14:30:01+08:00"] {
            let refused = try await pharmacy.refusal("decoction.delivery.handOver", Self.signed(id, at: at))
            #expect(refused.reason == "host.invalidParams")
        }
        let signed = try await pharmacy.pharmacist.call("decoction.delivery.handOver", Self.signed(id))
        #expect(signed["state"] == "handedOver")
        let again = try await pharmacy.refusal("decoction.delivery.handOver", Self.signed(id))
        #expect(again.reason == "decoction.deliveryStateConflict" && again.details?["state"] == "handedOver")
        let back = try await pharmacy.refusal("decoction.delivery.bringBack", ["deliveryId": id, "reason": "无人"])
        #expect(back.reason == "decoction.deliveryStateConflict")
        let listed = try await pharmacy.pharmacist.call("decoction.delivery.list")["deliveries"]?[0]
        #expect(listed?["receivedBy"] == "签收人乙" && listed?["relationZh"] == "村医")
        #expect(listed?["villageZh"] == "示例村三组" && listed?["receivedAt"] == "2026-11-22T14:30:00+08:00")
        let stored = try pharmacy.host.sql("SELECT delivery::text FROM decoction.delivery")
        let text = stored[0][0] ?? ""
        for word in ["示例村", "签收人", "配送员"] {
            let hex = word.utf8.map { byte in
                "0123456789abcdef".dropFirst(Int(byte >> 4)).prefix(1)
                    + "0123456789abcdef".dropFirst(Int(byte & 15)).prefix(1)
            }.joined()
            #expect(!text.contains(word) && !text.contains(hex))
        }
        let other = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        #expect(try await other.call("decoction.delivery.list")["deliveries"] == [])
        #expect(
            try await pharmacy.refusal("decoction.delivery.handOver", Self.signed(id), by: other).reason
                == "host.notFound")
    }

    @Test("what nobody took comes back with a reason and is delivered again; what is late is listed")
    func lateAndBack() async throws {
        var pharmacy = try await Pharmacy.open()
        let document = try await Self.issued(pharmacy)
        let first = try await pharmacy.pharmacist.call("decoction.delivery.create", Self.delivery(document))
        let id = try #require(first["deliveryId"])
        func late() async throws -> Int {
            try await pharmacy.pharmacist.call("decoction.delivery.list", ["late": true])["deliveries"]?.arrayValue?
                .count ?? -1
        }
        #expect(try await late() == 0)
        pharmacy = try await pharmacy.later(Pharmacy.now.adding(seconds: 2 * 86_400))
        #expect(try await late() == 1)
        try await pharmacy.pharmacist.call("decoction.delivery.bringBack", ["deliveryId": id, "reason": "家中无人"])
        #expect(try await late() == 0)
        let listed = try await pharmacy.pharmacist.call("decoction.delivery.list", ["state": "broughtBack"])[
            "deliveries"]
        #expect(listed?[0]?["returnReason"] == "家中无人")
        let second = try await pharmacy.pharmacist.call("decoction.delivery.create", Self.delivery(document))
        #expect(second["deliveryId"] != .some(id))
    }

    @Test("only what was dispensed or issued here is delivered, and exactly one of the two is named")
    func deliverable() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄")
        let submitted = try await clinic.doctor.call(
            "decoction.prescription.submit", Draft(clinic).handedIn(clinic.woman).woman(36, pregnant: "no").json)
        let prescription = try #require(submitted["prescriptionId"])
        let params: JSONValue = ["prescriptionId": prescription, "villageZh": "示例村", "carrier": "配送员"]
        let pharmacist = clinic.pharmacy.pharmacist
        let early = try await clinic.refusal("decoction.delivery.create", params, by: pharmacist)
        #expect(early.reason == "decoction.notDeliverable")
        for wrong in [
            ["villageZh": "示例村", "carrier": "配送员"],
            ["prescriptionId": prescription, "documentId": prescription, "villageZh": "示例村", "carrier": "配送员"],
        ] as [JSONValue] {
            #expect(
                try await clinic.refusal("decoction.delivery.create", wrong, by: pharmacist).reason
                    == "host.invalidParams")
        }
        let receipt: JSONValue = ["documentId": .string(Sample.lot.description), "villageZh": "示例村", "carrier": "配送员"]
        #expect(
            try await clinic.refusal("decoction.delivery.create", receipt, by: pharmacist).reason
                == "decoction.notDeliverable")
        // Review and dispensing are not what is tested here.
        try clinic.host.script("UPDATE decoction.prescription SET state = 'dispensed'")
        let id = try #require(try await pharmacist.call("decoction.delivery.create", params)["deliveryId"])
        try await pharmacist.call("decoction.delivery.handOver", Self.signed(id))
        let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": prescription])
        #expect(card["state"] == "handedOver")
        #expect(card["changes"]?.arrayValue?.last?["state"] == "handedOver")
        let audited = try clinic.host.sql(
            "SELECT count(*) FROM host.audit WHERE method LIKE 'decoction.delivery.%' AND outcome = 'done'")
        #expect(audited == [["2"]])
    }

    @Test(
        "what is on its way is neither boiled, returned nor handed over; brought back it is, and signed for it stays handed over"
    )
    func onTheWay() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let prescription = try await dispensary.submit(("麻黄", 5_000))
        try await dispensary.approve(prescription)
        try await dispensary.dispense(prescription, dispensary.weighings(("麻黄", 5_000)))
        let kitchen = Kitchen(clinic: dispensary.clinic, pharmacist: dispensary.dispenser)
        let machine = try await kitchen.machine("1")
        let params: JSONValue = ["prescriptionId": prescription, "villageZh": "示例村", "carrier": "配送员"]
        let first = try #require(
            try await dispensary.dispenser.call("decoction.delivery.create", params)["deliveryId"])
        let calls: [(String, JSONValue)] = [
            ("decoction.prescription.return", ["prescriptionId": prescription, "reason": "患者未取药"]),
            ("decoction.prescription.handOver", ["prescriptionId": prescription]),
            ("decoction.job.start", ["prescriptionId": prescription, "machineId": .string(machine)]),
        ]
        for (method, params) in calls {
            let refused = try await dispensary.clinic.refusal(method, params, by: dispensary.dispenser)
            #expect(refused.reason == "decoction.deliveryExists", "\(method)")
            #expect(refused.details?["deliveryId"] == first, "\(method)")
        }
        try await dispensary.dispenser.call(
            "decoction.delivery.bringBack", ["deliveryId": first, "reason": "家中无人"])
        try await dispensary.dispenser.call(calls[0].0, calls[0].1)
        try await dispensary.approve(prescription)
        try await dispensary.dispense(prescription, dispensary.weighings(("麻黄", 5_000)))
        let second = try #require(
            try await dispensary.dispenser.call("decoction.delivery.create", params)["deliveryId"])
        try await dispensary.dispenser.call("decoction.delivery.handOver", Self.signed(second))
        #expect(try await dispensary.state(prescription) == "handedOver")
        #expect(try dispensary.host.sql("SELECT received_by FROM decoction.hand_over") == [["staff"]])
        let back = try await dispensary.clinic.refusal(calls[0].0, calls[0].1, by: dispensary.dispenser)
        #expect(back.reason == "decoction.handedOver")
        try await dispensary.expectSound()
    }
}
