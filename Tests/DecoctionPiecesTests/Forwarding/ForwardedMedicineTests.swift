import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The way of the finished medicine: boiled at the county, back to the township, to the village.
struct ForwardedMedicineTests {
    private static func signed(_ delivery: JSONValue, file: JSONValue? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "deliveryId": delivery, "receivedBy": "签收人乙", "relation": "villageDoctor",
            "at": "2026-11-22T14:30:00+08:00",
        ]
        members["signatureFileId"] = file
        return .object(members)
    }

    private static func delivery(_ id: JSONValue) -> JSONValue {
        ["prescriptionId": id, "villageZh": "示例村三组", "carrier": "配送员甲"]
    }

    /// Taken, approved, dispensed and boiled to the end of its job.
    private static func boiled(
        _ both: TwoPharmacies
    ) async throws -> (home: JSONValue, forwarding: JSONValue, made: JSONValue) {
        try both.shelve("麻黄")
        let at = try await both.taken()
        try await both.approve(at.made)
        try await both.dispense(at.made)
        let kitchen = Kitchen(clinic: both.clinic, pharmacist: both.dispenser)
        let started = try await kitchen.start(
            try #require(at.made.stringValue), in: try await kitchen.machine("JY-01"))
        let job = try #require(started["jobId"]?.stringValue)
        let early = try await both.refusal(
            both.dispenser, "decoction.forwarded.ship", ["forwardingId": at.forwarding, "carrier": "配送员"])
        #expect(early.reason == "decoction.notDeliverable")
        let seen = try await both.card(at.home)["forwardings"]?[0]
        #expect(seen?["pharmacyState"] == "dispensed" && seen?["jobState"] == "received")
        try kitchen.put(job, "labelled")
        try await kitchen.advance(job, "delivered")
        return at
    }

    @Test("boiled at the county, in transit at both sides, received and handed over by the township, once")
    func homeAgain() async throws {
        let both = try await TwoPharmacies.open()
        let (home, forwarding, made) = try await Self.boiled(both)
        try await both.ship(forwarding)
        for (client, side) in [(both.township, "sent"), (both.dispenser, "received")] {
            let listed = try await client.call("decoction.forwarded.list", ["state": "inTransit"])["forwarded"]
            #expect(listed?.arrayValue?.count == 1 && listed?[0]?["forwardingId"] == forwarding)
            #expect(listed?[0]?["side"] == .string(side) && listed?[0]?["carrier"] == "配送员甲")
            #expect(listed?[0]?["dueOn"] == "2026-11-25" && listed?[0]?["overdue"] == false)
        }
        // The county has given it out: it goes to no village from there.
        let there = try await both.refusal(both.dispenser, "decoction.delivery.create", Self.delivery(made))
        #expect(there.reason == "decoction.notDeliverable")
        let later = try await both.later(days: 4)
        let late = try await later.township.call("decoction.forwarded.list", ["overdue": true])["forwarded"]
        #expect(late?[0]?["forwardingId"] == forwarding)
        try await later.receive(forwarding)
        #expect(try await later.card(home)["state"] == "arrived")
        let waiting = try await later.township.call("decoction.queue.list", ["state": "arrived"])["prescriptions"]
        #expect(waiting?[0]?["prescriptionId"] == home)
        try await later.township.call(
            "decoction.prescription.handOver", ["prescriptionId": home, "receivedBy": "family"])
        #expect(try await later.card(home)["state"] == "handedOver")
        // It counts once: where it was dispensed.
        let counted = try both.host.sql("SELECT code FROM decoction.dispensing JOIN host.site USING (site_id)")
        #expect(counted == [["county"]])
        for client in [later.township, later.dispenser] {
            #expect(try await client.call("decoction.ledger.verify")["ok"] == true)
        }
        #expect(try both.contradictions().isEmpty)
    }

    @Test(
        "what arrived goes to the village and is signed for with a picture, which is a file that the list's readers read"
    )
    func toTheVillage() async throws {
        let both = try await TwoPharmacies.open()
        let (home, forwarding, _) = try await Self.boiled(both)
        try await both.ship(forwarding)
        try await both.receive(forwarding)
        let created = try await both.township.call("decoction.delivery.create", Self.delivery(home))
        let id = try #require(created["deliveryId"])
        let file = try await Self.upload(both.township)
        let foreign = try await both.refusal(
            both.homeReviewer, "files.read", ["fileId": file, "offset": 0, "length": 100])
        #expect(foreign.reason == "host.notFound")
        try await both.township.call("decoction.delivery.handOver", Self.signed(id, file: file))
        let listed = try await both.doctor.call("decoction.delivery.list")["deliveries"]?[0]
        #expect(listed?["signatureFileId"] == file && listed?["prescriptionId"] == home)
        let read = try await both.homeReviewer.call("files.read", ["fileId": file, "offset": 0, "length": 100])
        #expect(read["base64"] == .string(Self.picture))
        #expect(try await both.card(home)["state"] == "handedOver")
        #expect(
            try both.host.sql(
                "SELECT code, received_by FROM decoction.hand_over JOIN host.site USING (site_id) ORDER BY 1")
                == [["county", "courier"], ["t1", "staff"]])
    }

    @Test(
        "the county delivers what its room gave to a carrier itself: a delivery after a delivered job, handed over once"
    )
    func deliveredByTheCounty() async throws {
        let both = try await TwoPharmacies.open()
        let (home, forwarding, made) = try await Self.boiled(both)
        let id = try #require(
            try await both.dispenser.call("decoction.delivery.create", Self.delivery(made))["deliveryId"])
        let twice = try await both.refusal(
            both.dispenser, "decoction.forwarded.ship", ["forwardingId": forwarding, "carrier": "配送员"])
        #expect(twice.reason == "decoction.deliveryExists" && twice.details?["deliveryId"] == id)
        try await both.dispenser.call("decoction.delivery.handOver", Self.signed(id))
        #expect(try both.host.sql("SELECT count(*) FROM decoction.hand_over") == [["1"]])
        let seen = try await both.card(home)["forwardings"]?[0]
        #expect(seen?["pharmacyState"] == "handedOver" && seen?["state"] == "taken")
        let again = try await both.refusal(both.dispenser, "decoction.delivery.create", Self.delivery(made))
        #expect(again.reason == "decoction.deliveryExists")
    }

    @Test(
        "PC-02: what was boiled, packed and then recalled never leaves the house: its job is broken off, it is destroyed and refused"
    )
    func recalledInTheRoom() async throws {
        let both = try await TwoPharmacies.open()
        let (home, forwarding, made) = try await Self.boiled(both)
        let lot = try #require(
            try both.host.sql(
                "SELECT lot_id FROM decoction.movement WHERE kind = 'issue'"
            ).first?.first ?? nil)
        let job = try #require(try both.host.sql("SELECT job_id FROM decoction.job").first?.first ?? nil)
        try await both.dispenser.call("decoction.lot.recall", ["lotId": .string(lot), "reason": "药监部门通报"])
        let refused = try await both.refusal(
            both.dispenser, "decoction.forwarded.ship", ["forwardingId": forwarding, "carrier": "配送员"])
        #expect(refused.reason == "decoction.lotRecalled")
        let broken = try await both.dispenser.call(
            "decoction.job.abort", ["jobId": .string(job), "reason": "recalled"])
        #expect(broken["dispenseAnew"] == true)
        #expect(try await both.countyCard(made)["state"] == "dispensed")
        let again = try await both.refusal(
            both.dispenser, "decoction.job.abort", ["jobId": .string(job), "reason": "recalled"])
        #expect(again.reason == "decoction.jobStateConflict")
        let back = try await both.dispenser.call(
            "decoction.prescription.return", ["prescriptionId": made, "reason": "批次召回", "destroyAll": true])
        #expect(back["disposalId"] != nil)
        try await both.refuse(made, "批次召回，请改方")
        try await both.doctor.call("decoction.prescription.withdrawForward", ["prescriptionId": home])
        #expect(try both.contradictions().isEmpty)
        #expect(try await both.dispenser.call("decoction.ledger.verify")["ok"] == true)
    }

    @Test("a job that was delivered is not broken off once its medicine has set out")
    func shippedJob() async throws {
        let both = try await TwoPharmacies.open()
        let (_, forwarding, _) = try await Self.boiled(both)
        let job = try #require(try both.host.sql("SELECT job_id FROM decoction.job").first?.first ?? nil)
        try await both.ship(forwarding)
        let refused = try await both.refusal(
            both.dispenser, "decoction.job.abort", ["jobId": .string(job), "reason": "recalled"])
        #expect(refused.reason == "decoction.jobStateConflict")
    }

    @Test("the county's label names the patient and the doctor of the township")
    func label() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let (_, _, made) = try await both.taken()
        try await both.approve(made)
        let svg =
            try await both.dispenser.call(
                "decoction.label.get", ["prescriptionId": made, "kind": "bag"])["svg"]?.stringValue ?? ""
        #expect(svg.contains("测试患者") && svg.contains("测试医师甲") && svg.contains("女"))
        let stored = try both.host.sql("SELECT forwarding::text FROM decoction.forwarding")[0][0] ?? ""
        #expect(!stored.contains("测试患者") && !stored.contains("测试医师"))
    }

    /// The eight bytes that a PNG begins with, and their SM3.
    private static let picture = "iVBORw0KGgo="
    private static let digest = "d718311f5d7375cf57368de83776cba710f03f63d94cca9d0ebc3ac013a00795"

    /// A finished file of the client.
    private static func upload(_ client: TestClient) async throws -> JSONValue {
        let begun = try await client.call(
            "files.begin",
            ["name": "签名.png", "mediaType": "image/png", "bytes": 8, "sm3": .string(Self.digest)])
        let file = try #require(begun["fileId"])
        try await client.call("files.append", ["fileId": file, "offset": 0, "base64": .string(Self.picture)])
        try await client.call("files.finish", ["fileId": file])
        return file
    }
}
