import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// `decoction.lot.recall`: the lot is blocked, and everybody who got it is known.
struct RecallTests {
    /// Issues pieces for a prescription of the clinic's patient, as dispensing does; gives prescription and document.
    private static func dispense(_ clinic: Clinic, _ mg: Int64, returned: Bool = false) async throws -> (
        prescription: String, document: String
    ) {
        let reply = try await clinic.doctor.call(
            "decoction.prescription.submit", Draft(clinic).handedIn(clinic.woman).json)
        let prescription = try #require(reply["prescriptionId"]?.stringValue)
        let issued = try await clinic.pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, mg)]))
        let document = try #require(issued["documentId"]?.stringValue)
        if returned { try await clinic.pharmacy.reverse(document) }
        try clinic.host.script(
            """
            INSERT INTO decoction.dispensed (site_id, document_id, prescription_id, at, account_id)
            SELECT site_id, '\(document)', prescription_id, created_at, created_by FROM decoction.prescription
            WHERE prescription_id = '\(prescription)'
            """)
        return (prescription, document)
    }

    private static func recall(_ lot: String, whole: Bool? = nil) -> JSONValue {
        var params: [String: JSONValue] = ["lotId": .string(lot), "reason": "药监部门通报"]
        params["wholeBatch"] = whole.map { .bool($0) }
        return .object(params)
    }

    @Test("a recalled lot leaves by disposal alone, and every patient who got it is listed, net of what was returned")
    func patients() async throws {
        let clinic = try await Clinic.open()
        let pharmacy = clinic.pharmacy
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 100_000)
        let drawer = try await pharmacy.place("A1", "drawer", piece: Pharmacy.mahuang)
        try await pharmacy.transfer(lot, 10_000, to: drawer)
        let first = try await Self.dispense(clinic, 18_000)
        let second = try await Self.dispense(clinic, 9_000)
        _ = try await Self.dispense(clinic, 5_000, returned: true)
        try await pharmacy.issue(Line(Pharmacy.mahuang, 3_000))

        let reply = try await pharmacy.pharmacist.call("decoction.lot.recall", Self.recall(lot))
        #expect(reply["lotIds"] == [.string(lot)] && reply["next"] == nil)
        #expect(reply["otherIssuedMg"] == 3_000 && reply["onHandMg"] == 70_000)
        let got = (reply["patients"]?.arrayValue ?? []).reduce(into: [String: Int64]()) { all, patient in
            #expect(patient["patientId"] == .string(clinic.woman))
            all[patient["prescriptionId"]?.stringValue ?? ""] = patient["quantityMg"]?.integerValue
        }
        #expect(got == [first.prescription: 18_000, second.prescription: 9_000])

        // Nothing of it moves any more but to disposal.
        let short = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)]))
        #expect(short.reason == "decoction.insufficientStock" && short.details?[0]?["availableMg"] == 0)
        let named = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1, lot: lot)]))
        #expect(named.reason == "decoction.lotNotAccepted" && named.details?["state"] == "recalled")
        #expect(try await pharmacy.refusal(transfer: lot, 1, to: drawer).reason == "decoction.lotNotAccepted")
        let accepted = try await pharmacy.refusal("decoction.lot.accept", ["lotId": .string(lot)])
        #expect(accepted.reason == "decoction.lotStateConflict")
        #expect(
            try await pharmacy.refusal("decoction.lot.recall", Self.recall(lot)).reason == "decoction.lotStateConflict")
        let trace = try await pharmacy.pharmacist.call("decoction.lot.trace", ["lotId": .string(lot)])
        #expect(trace["state"] == "recalled" && trace["recalls"]?[0]?["reason"] == "药监部门通报")

        for place in [nil, drawer] {
            var params: [String: JSONValue] = ["lotId": .string(lot), "reason": "召回销毁"]
            params["locationId"] = place.map { .string($0) }
            try await pharmacy.pharmacist.call("decoction.lot.dispose", .object(params))
        }
        let later = try await pharmacy.pharmacist.call("decoction.recall.get", ["lotId": .string(lot)])
        #expect(later["patients"] == reply["patients"] && later["onHandMg"] == 0)
        try await pharmacy.expectSound()
        let listed = try await pharmacy.pharmacist.call("decoction.recall.list")
        #expect(listed["recalls"]?.arrayValue?.map { $0["lotId"] } == [.string(lot)])
        // Who looked at the patients stands in the audit.
        let audited = try clinic.host.sql(
            "SELECT count(*) > 0 FROM host.audit WHERE method IN ('decoction.lot.recall', 'decoction.recall.get')")
        #expect(audited == [["t"]])
    }

    @Test(
        "a whole batch of the site is recalled in one call; the county finds it at other sites, which recall their own")
    func wholeBatch() async throws {
        let pharmacy = try await Pharmacy.open()
        func receive(_ batch: String, _ client: TestClient, _ supplier: String) async throws -> String {
            let reply = try await client.call(
                "decoction.lot.receive",
                Pharmacy.delivery(
                    Pharmacy.mahuang, 1000, supplier: supplier, batch: batch,
                    expiresOn: Pharmacy.now.localDate.adding(days: 300)))
            return try #require(reply["lotId"]?.stringValue)
        }
        let one = try await receive("B7", pharmacy.pharmacist, pharmacy.supplier)
        let other = try await receive("B7", pharmacy.pharmacist, pharmacy.supplier)
        let another = try await receive("B8", pharmacy.pharmacist, pharmacy.supplier)
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let supplier = try await there.call(
            "decoction.supplier.create", ["nameZh": "亳州某饮片有限公司", "licence": "皖20260001"])
        let foreign = try await receive("B7", there, try #require(supplier["supplierId"]?.stringValue))
        let reply = try await pharmacy.pharmacist.call("decoction.lot.recall", Self.recall(one, whole: true))
        #expect(Set(reply["lotIds"]?.arrayValue ?? []) == [.string(one), .string(other)])
        let bureau = try await pharmacy.host.client(role: .siteAdmin, site: "county", reach: .subtree)
        let found = try await bureau.call("decoction.lot.find", ["batchNumber": "Ｂ7"])["lots"]?.arrayValue ?? []
        let states = found.reduce(into: [String: String]()) {
            $0[$1["lotId"]?.stringValue ?? ""] = $1["state"]?.stringValue
        }
        #expect(states == [one: "recalled", other: "recalled", foreign: "quarantined"])
        #expect(
            try await pharmacy.pharmacist.call("decoction.lot.find", ["batchNumber": "B8"])["lots"]?.arrayValue?.count
                == 1)
        // Another site's lot is nobody's here.
        let refused = try await pharmacy.refusal("decoction.lot.recall", Self.recall(foreign))
        #expect(refused.reason == "host.notFound")
        #expect(try await pharmacy.onHand()[another] == 1000)
        try await pharmacy.host.expect(
            "SELECT count(*) FROM host.event WHERE topic = 'decoction.lot.recalled'", [["2"]])
    }

    @Test("40 documents race one recall: what was issued before it is in its report, and nothing is issued after it")
    func race() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 100_000)
        var clients: [TestClient] = []
        for _ in 0..<8 { clients.append(try await pharmacy.host.client(role: .pharmacist, site: "t1")) }
        let all = clients
        let outcomes = await Racing.aside(41) {
            let number = Int.random(in: 0..<all.count)
            if number == 0 {
                return try Racing.retrying { try all[0].callAndWait("decoction.lot.recall", Self.recall(lot)) }
            }
            return try Racing.retrying {
                try all[number].callAndWait(
                    "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1000)]))
            }
        }
        let replies = outcomes.compactMap { try? $0.get() }
        let issued = Int64(replies.filter { $0["moves"] != nil }.count) * 1000
        let recalls = replies.filter { $0["recallId"] != nil }
        if recalls.isEmpty { _ = try await pharmacy.pharmacist.call("decoction.lot.recall", Self.recall(lot)) }
        #expect(recalls.count <= 1)
        if let recall = recalls.first {
            #expect(recall["otherIssuedMg"] == .integer(issued) && recall["onHandMg"] == .integer(100_000 - issued))
        }
        #expect(try pharmacy.wrongLots().isEmpty)
        #expect(try pharmacy.host.sql("SELECT count(*) FROM decoction.recall") == [["1"]])
    }
}
