import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What has changed between the approval, or a weighing, and the dispensing; and who the patient is by now.
struct DispensingGuardTests {
    private static func calibration(_ scale: String, passed: Bool, on day: String) -> JSONValue {
        [
            "scaleId": .string(scale), "calibratedOn": .string(day), "validUntil": "2027-11-21",
            "passed": .bool(passed),
            "certificateNumber": "JD2",
        ]
    }

    private static func record(_ dispensary: Dispensary, _ id: JSONValue, dose: Int64, scale: String? = nil)
        async throws
    {
        var members = dispensary.weighing("麻黄", dose: dose, 5_000, scale: scale).objectValue ?? [:]
        members["prescriptionId"] = id
        _ = try await dispensary.call("weighing.record", .object(members))
    }

    @Test("8.4: what a scale weighed that has failed since is not dispensed; what to weigh again is said")
    func failedScale() async throws {
        var dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let other = try await dispensary.call(
            "scale.create",
            [
                "code": "TP02", "nameZh": "电子秤",
                "calibration": [
                    "calibratedOn": "2026-06-01", "validUntil": "2027-05-31", "certificateNumber": "JD3",
                ],
            ])
        let good = try #require(other["scaleId"]?.stringValue)
        let id = try await dispensary.submit(("麻黄", 5_000))
        try await dispensary.approve(id)
        try await Self.record(dispensary, id, dose: 1)
        try await Self.record(dispensary, id, dose: 2)
        try await Self.record(dispensary, id, dose: 3, scale: good)
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 60))
        _ = try await dispensary.call(
            "scale.calibrate", Self.calibration(dispensary.scale, passed: false, on: "2026-11-22"))
        func void() async throws -> [JSONValue] {
            let refused = try await dispensary.refusal(dispensing: id, [])
            #expect(refused.reason == "decoction.weighingsVoid")
            return refused.details?.arrayValue?.compactMap { $0["dose"] } ?? []
        }
        #expect(try await void() == [1, 2])
        // Repaired and passed: what it weighed before it failed stays void.
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 120))
        _ = try await dispensary.call(
            "scale.calibrate", Self.calibration(dispensary.scale, passed: true, on: "2026-11-22"))
        #expect(try await void() == [1, 2])
        try await Self.record(dispensary, id, dose: 1)
        #expect(try await void() == [2])
        // What the call brings is judged by its own scale, as ever.
        try await dispensary.dispense(id, [dispensary.weighing("麻黄", dose: 2, 5_000)])
        #expect(try await dispensary.state(id) == "dispensed")
        try await dispensary.expectSound()
    }

    @Test("8.4: what was weighed before the calibration ended is not dispensed after it")
    func endedCalibration() async throws {
        var dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        try dispensary.host.script("UPDATE decoction.calibration SET valid_until = '2026-11-22'")
        let id = try await dispensary.submit(Draft(dispensary.clinic).with("doses", 1))
        try await dispensary.approve(id)
        var members = dispensary.weighing("麻黄", dose: 1, 6_000).objectValue ?? [:]
        members["prescriptionId"] = id
        _ = try await dispensary.call("weighing.record", .object(members))
        // Half past midnight: the prescription's own day is over too, which is another rule's matter.
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 10 * 3600))
        let refused = try await dispensary.refusal(dispensing: id, [])
        #expect(refused.reason == "decoction.weighingsVoid" && refused.details?[0]?["dose"] == 1)
        #expect(refused.details?[0]?["scaleId"] == .string(dispensary.scale))
    }

    @Test("a piece that is withdrawn after the approval is not dispensed: it is let go, and the doctor writes another")
    func withdrawn() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄", "桂枝")
        let id = try await dispensary.submit(("麻黄", 5_000))
        try await dispensary.approve(id)
        let bureau = try await dispensary.host.client(role: .siteAdmin, site: "county")
        try await bureau.call(
            "decoction.piece.withdraw", ["code": .string(Clinic.code("麻黄")), "reason": "县药事会决议"])
        let refused = try await dispensary.refusal(dispensing: id, dispensary.weighings(("麻黄", 5_000)))
        #expect(refused.reason == "decoction.pieceOutOfUse")
        #expect(refused.details?[0]?["pieceCode"] == .string(Clinic.code("麻黄")))
        #expect(try await dispensary.state(id) == "approved")
        _ = try await dispensary.call("prescription.release", ["prescriptionId": id])
        let draft = Draft(dispensary.clinic).of(("桂枝", 5_000)).woman(36, pregnant: "no")
            .handedIn(dispensary.clinic.woman)
        let anew = try await dispensary.clinic.doctor.call(
            "decoction.prescription.rewrite", draft.with("prescriptionId", id).json)
        #expect(anew["state"] == "readyForReview")
        #expect(try await dispensary.reserved() == [:])
    }

    @Test("after a merge of persons a prescription is rewritten and reused, and a recall names the record that is kept")
    func mergedPatient() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        let (lot, _) = try await dispensary.dispensedFromLot()
        let waiting = try await dispensary.submit(("麻黄", 5_000))
        let kept = try #require(
            try await clinic.doctor.call(
                "people.person.register", ["nameZh": "测试患者乙", "sex": "female", "birthDate": "1990-05-01"])["personId"])
        try await clinic.admin.call(
            "people.person.merge", ["keep": kept, "drop": .string(clinic.woman), "reason": "重复"])
        let stranger = try #require(
            try await clinic.doctor.call("people.person.register", ["nameZh": "测试患者丙", "sex": "female"])["personId"])
        func rewriting(_ id: JSONValue, for person: JSONValue) throws -> JSONValue {
            let draft = Draft(clinic).woman(36, pregnant: "no").handedIn(try #require(person.stringValue))
            return draft.with("prescriptionId", id).json
        }
        let another = try await clinic.refusal(
            "decoction.prescription.rewrite", rewriting(waiting, for: stranger))
        #expect(another.reason == "host.invalidParams" && another.details?[0]?["pointer"] == "/patientId")
        let byDropped = try await clinic.doctor.call(
            "decoction.prescription.rewrite", rewriting(waiting, for: .string(clinic.woman)))
        let second = try #require(byDropped["prescriptionId"])
        let byKept = try await clinic.doctor.call("decoction.prescription.rewrite", rewriting(second, for: kept))
        let third = try #require(byKept["prescriptionId"])
        let reused = try await clinic.doctor.call(
            "decoction.prescription.reuse", ["prescriptionId": third, "pregnant": "no"])
        let card = try await clinic.doctor.call(
            "decoction.prescription.get", ["prescriptionId": try #require(reused["prescriptionId"])])
        #expect(card["patientId"] == kept)
        let report = try await dispensary.reviewer.call("decoction.lot.recall", Dispensary.recall(lot))
        #expect(report["patients"]?.arrayValue?.map { $0["patientId"] } == [kept])
        let shown = try await clinic.doctor.call("decoction.recall.get", ["lotId": .string(lot)])
        #expect(shown["patients"]?[0]?["patientId"] == kept)
    }
}
