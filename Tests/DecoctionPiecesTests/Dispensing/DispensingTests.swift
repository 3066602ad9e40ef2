import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// 8.4: weighing, the second check, and what the ledger books.
struct DispensingTests {
    @Test("what was weighed is what is booked: less is free again, more is taken by first expiry")
    func booksWhatWasWeighed() async throws {
        let dispensary = try await Dispensary.open()
        let pharmacy = dispensary.pharmacy
        let early = try await pharmacy.stock(Pharmacy.mahuang, 18_000, expiresIn: 30)
        let late = try await pharmacy.stock(Pharmacy.mahuang, 18_000, expiresIn: 60)
        let twig = try await pharmacy.stock(Pharmacy.guizhi, 50_000)
        let id = try await dispensary.submit(("麻黄", 6_000), ("桂枝", 6_000))
        #expect(try await dispensary.reserve(id).count == 2)
        let reply = try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_100), ("桂枝", 5_950)))
        #expect(reply["state"] == "dispensed" && reply["warnings"] == [])
        #expect(
            try reply["moves"]?.arrayValue?.map { try Moved($0) }
                == [Moved(early, 18_000), Moved(late, 300), Moved(twig, 17_850)])
        #expect(try await pharmacy.onHand() == [early: 0, late: 17_700, twig: 32_150])
        #expect(try await dispensary.reserved() == [:])
        let document = try #require(reply["documentId"]?.stringValue)
        #expect(
            try dispensary.host.sql(
                "SELECT document_id, prescription_id FROM decoction.dispensed") == [[document, id.stringValue]])
        #expect(
            try dispensary.host.sql(
                "SELECT prescribed_mg, weighed_mg, rule_version, checker_staff_id FROM decoction.dispensing")
                == [["36000", "36150", "1.0", dispensary.checkerStaff]])
        #expect(
            try dispensary.host.sql("SELECT DISTINCT kind, reason FROM decoction.movement WHERE quantity_mg < 0")
                == [["issue", "处方调剂"]])
        #expect(
            try await pharmacy.refusal(
                "decoction.movement.reverse", ["documentId": .string(document), "reason": "错"]
            ).reason
                == "decoction.documentDispensed")
        #expect(
            try await dispensary.refusal(dispensing: id, []).reason == "decoction.prescriptionStateConflict")
        try await dispensary.expectSound()
    }

    @Test(
        "a dose is within five percent of its total and not a milligram beyond, either way; a single piece that is off is a warning",
        arguments: [(9_500, true), (10_500, true), (9_499, false), (10_501, false), (10_000, true)] as [(Int64, Bool)])
    func tolerance(net: Int64, isWithin: Bool) async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄", "桂枝")
        let id = try await dispensary.submit(("麻黄", 4_000), ("桂枝", 6_000), doses: 1)
        try await dispensary.approve(id)
        // All of the difference lies in one piece.
        let twig = net - 4_000
        let weighings = dispensary.weighings(("麻黄", 4_000), ("桂枝", twig), doses: 1)
        if isWithin {
            let reply = try await dispensary.dispense(id, weighings)
            let warnings = reply["warnings"]?.arrayValue ?? []
            #expect(warnings.count == (abs(twig - 6_000) * 20 > 6_000 ? 1 : 0))
            if let warning = warnings.first {
                #expect(warning["pieceCode"] == .string(Clinic.code("桂枝")) && warning["netMg"] == .integer(twig))
            }
        } else {
            let refused = try await dispensary.refusal(dispensing: id, weighings)
            #expect(refused.reason == "decoction.weightOutOfTolerance")
            #expect(
                refused.details == [["dose": 1, "prescribedMg": 10_000, "netMg": .integer(net)]])
            #expect(try await dispensary.state(id) == "approved")
        }
        try await dispensary.expectSound()
    }

    @Test("each piece of each dose is weighed once: what is missing, repeated or foreign is named")
    func complete() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄", "桂枝")
        let id = try await dispensary.submit(("麻黄", 4_000), ("桂枝", 6_000), doses: 2)
        try await dispensary.approve(id)
        var weighings = dispensary.weighings(("麻黄", 4_000), ("桂枝", 6_000), doses: 2)
        weighings.removeLast()
        weighings += [
            dispensary.weighing("麻黄", dose: 1, 4_000), dispensary.weighing("防风", dose: 1, 4_000),
            dispensary.weighing("麻黄", dose: 3, 4_000),
        ]
        let refused = try await dispensary.refusal(dispensing: id, weighings)
        #expect(refused.reason == "decoction.weighingsIncomplete")
        func places(_ pairs: (Int64, String)...) -> JSONValue {
            .array(pairs.map { ["dose": .integer($0.0), "pieceCode": .string(Clinic.code($0.1))] })
        }
        #expect(refused.details?["missing"] == places((2, "桂枝")))
        #expect(refused.details?["repeated"] == places((1, "麻黄")))
        #expect(refused.details?["unexpected"] == places((1, "防风"), (3, "麻黄")))
        let empty = dispensary.weighing("麻黄", dose: 1, 0)
        #expect(try await dispensary.refusal(dispensing: id, [empty]).reason == "host.invalidParams")
    }

    @Test(
        "weighings recorded one by one are not lost, the last one of a piece counts, and dispensing takes them as they stand"
    )
    func recorded() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄", "桂枝")
        let id = try await dispensary.submit(("麻黄", 4_000), ("桂枝", 6_000), doses: 1)
        let method = "decoction.weighing.record"
        func record(_ weighing: JSONValue) -> JSONValue {
            .object((weighing.objectValue ?? [:]).merging(["prescriptionId": id]) { one, _ in one })
        }
        let early = record(dispensary.weighing("麻黄", dose: 1, 4_000))
        #expect(
            try await dispensary.clinic.refusal(method, early, by: dispensary.dispenser).reason
                == "decoction.prescriptionStateConflict")
        try await dispensary.approve(id)
        let first = try await dispensary.dispenser.call(method, record(dispensary.weighing("麻黄", dose: 1, 4_500)))
        #expect(first["state"] == "dispensing" && first["netMg"] == 4_500 && first["left"] == 1)
        #expect(first["warning"]?["prescribedMg"] == 4_000)
        let foreign = try await dispensary.clinic.refusal(
            method, record(dispensary.weighing("防风", dose: 1, 4_000)), by: dispensary.dispenser)
        #expect(foreign.reason == "decoction.weighingsIncomplete")
        let again = try await dispensary.dispenser.call(method, record(dispensary.weighing("麻黄", dose: 1, 4_020)))
        #expect(again["left"] == 1 && again["warning"] == nil)
        // Who is weighing cannot be withdrawn from under the hand.
        #expect(
            try await dispensary.clinic.refusal(
                "decoction.prescription.withdraw", ["prescriptionId": id, "reason": "改约"]
            ).reason
                == "decoction.prescriptionStateConflict")
        #expect(try await dispensary.refusal(dispensing: id, []).details?["missing"]?.arrayValue?.count == 1)
        #expect(
            try await dispensary.dispenser.call(method, record(dispensary.weighing("桂枝", dose: 1, 6_010)))["left"] == 0)
        let reply = try await dispensary.dispenser.call(
            "decoction.prescription.dispense",
            ["prescriptionId": id, "checkedByStaffId": .string(dispensary.checkerStaff)])
        #expect(reply["moves"]?.arrayValue?.map { $0["quantityMg"] } == [4_020, 6_010])
        let card = try await dispensary.reviewer.call("decoction.prescription.get", ["prescriptionId": id])
        #expect(
            card["changes"]?.arrayValue?.map { $0["state"] } == [
                "readyForReview", "approved", "dispensing", "dispensed",
            ])
        try await dispensary.expectSound()
    }

    @Test("8.4: a scale without a calibration in force, or with one that failed, is not used")
    func scales() async throws {
        var dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let admin = dispensary.clinic.admin
        let bare = try await admin.call("decoction.scale.create", ["code": "TP02", "nameZh": "天平"])
        #expect(bare["usable"] == false)
        let scale = try #require(bare["scaleId"]?.stringValue)
        let taken = try await dispensary.clinic.refusal(
            "decoction.scale.create", ["code": "TP02", "nameZh": "天平"], by: admin)
        #expect(taken.reason == "decoction.scaleExists" && taken.details?["scaleId"] == .string(scale))
        var id = try await dispensary.submit(("麻黄", 6_000), doses: 1)
        try await dispensary.approve(id)
        let weighing = [dispensary.weighing("麻黄", dose: 1, 6_000, scale: scale)]
        func expectRefused() async throws {
            let refused = try await dispensary.refusal(dispensing: id, weighing)
            #expect(refused.reason == "decoction.scaleNotCalibrated")
            #expect(refused.details == ["scaleId": .string(scale)])
        }
        func calibrate(_ on: JSONValue, _ until: JSONValue, passed: Bool = true) -> JSONValue {
            [
                "scaleId": .string(scale), "calibratedOn": on, "validUntil": until, "passed": .bool(passed),
                "certificateNumber": "JD1",
            ]
        }
        let method = "decoction.scale.calibrate"
        try await expectRefused()
        #expect(try await admin.call(method, calibrate("2025-11-21", "2026-11-21"))["usable"] == false)
        try await expectRefused()
        #expect(try await admin.call(method, calibrate("2025-11-22", "2026-11-22"))["usable"] == true)
        #expect(try await admin.call(method, calibrate("2026-11-22", "2027-11-21", passed: false))["usable"] == false)
        try await expectRefused()
        #expect(
            try await dispensary.clinic.refusal(method, calibrate("2026-11-23", "2027-11-21"), by: admin).reason
                == "host.invalidParams")
        #expect(
            try await dispensary.clinic.refusal(method, calibrate("2026-11-22", "2026-11-21"), by: admin).reason
                == "host.invalidParams")
        #expect(try await admin.call(method, calibrate("2026-11-22", "2026-11-22"))["usable"] == true)
        let listed = try await dispensary.dispenser.call("decoction.scale.list")["scales"]?.arrayValue ?? []
        #expect(listed.map { $0["code"] } == ["TP01", "TP02"] && listed.allSatisfy { $0["usable"] == true })
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 43_200))
        id = try await dispensary.submit(
            Draft(dispensary.clinic).with("doses", 1).with("issuedOn", "2026-11-23"))
        try await dispensary.approve(id)
        try await expectRefused()
        let stranger = [dispensary.weighing("麻黄", dose: 1, 6_000, scale: RecordID.make(at: Pharmacy.now).description)]
        #expect(try await dispensary.refusal(dispensing: id, stranger).reason == "host.notFound")
    }
}
