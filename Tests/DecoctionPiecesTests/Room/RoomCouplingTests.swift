import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What was dispensed goes through the decoction room to the patient, or comes back from it.
struct RoomCouplingTests {
    private static func dispensed(_ dispensary: Dispensary) async throws -> JSONValue {
        let id = try await dispensary.submit(("麻黄", 5_000))
        try await dispensary.approve(id)
        try await dispensary.dispense(id, dispensary.weighings(("麻黄", 5_000)))
        return id
    }

    @Test("while it is boiled it is neither handed over nor returned; handed over by its job, nothing comes back")
    func handedOverByItsJob() async throws {
        var dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let id = try await Self.dispensed(dispensary)
        var kitchen = Kitchen(clinic: dispensary.clinic, pharmacist: dispensary.dispenser)
        let machine = try await kitchen.machine("1")
        let prescription = try #require(id.stringValue)
        let job = try #require(try await kitchen.start(prescription, in: machine)["jobId"]?.stringValue)
        let calls: [(String, JSONValue)] = [
            ("decoction.prescription.handOver", ["prescriptionId": id]),
            ("decoction.prescription.return", ["prescriptionId": id, "reason": "患者未取药", "destroyAll": true]),
        ]
        for (method, params) in calls {
            let refused = try await dispensary.clinic.refusal(method, params, by: dispensary.dispenser)
            #expect(refused.reason == "decoction.jobExists" && refused.details?["jobId"] == .string(job))
        }
        try kitchen.put(job, "labelled")
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 7200))
        try await kitchen.advance(job, "handedOver")
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 7200))
        #expect(try await dispensary.state(id) == "handedOver")
        let row = try dispensary.host.sql("SELECT h::text FROM decoction.hand_over AS h")
        #expect(row.count == 1 && row[0][0]?.contains("领药人") == false)
        let back = try await dispensary.clinic.refusal(
            "decoction.prescription.return", ["prescriptionId": id, "reason": "患者未取药"], by: dispensary.dispenser)
        #expect(back.reason == "decoction.handedOver")
    }

    @Test("8.5: what was spoilt in the pot is destroyed, reviewed and dispensed anew, and boiled again")
    func spoilt() async throws {
        var dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let id = try await Self.dispensed(dispensary)
        var kitchen = Kitchen(clinic: dispensary.clinic, pharmacist: dispensary.dispenser)
        let machine = try await kitchen.machine("1")
        let prescription = try #require(id.stringValue)
        let job = try #require(try await kitchen.start(prescription, in: machine)["jobId"]?.stringValue)
        try kitchen.put(job, "boiling1")
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 60))
        try await kitchen.pharmacist.call("decoction.job.abort", ["jobId": .string(job), "reason": "scorched"])
        try await kitchen.clean(machine)
        let anew = try await kitchen.refusal("decoction.job.start", Kitchen.start(prescription, machine))
        #expect(anew.reason == "decoction.dispenseAnew")
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 120))
        let method = "decoction.prescription.return"
        let dry = try await dispensary.clinic.refusal(
            method, ["prescriptionId": id, "reason": "煎糊"], by: dispensary.dispenser)
        #expect(dry.reason == "host.invalidParams" && dry.details?[0]?["pointer"] == "/destroyAll")
        let wet = try await dispensary.dispenser.call(
            method, ["prescriptionId": id, "reason": "煎糊", "destroyAll": true])
        #expect(wet["disposalId"] != nil)
        try await dispensary.approve(id)
        try await dispensary.dispense(id, dispensary.weighings(("麻黄", 5_000)))
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 180))
        #expect(try await kitchen.start(prescription, in: machine)["state"] == "received")
        #expect(try await dispensary.pharmacy.onHand(Clinic.code("麻黄")).values.reduce(0, +) == 10_000_000 - 30_000)
        try await dispensary.expectSound()
    }
}
