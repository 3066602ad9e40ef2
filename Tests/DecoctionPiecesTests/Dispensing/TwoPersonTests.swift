import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// RX-13 and 8.4: who reviews, dispenses and checks are different persons, of the grade.
struct TwoPersonTests {
    @Test(
        "each of the 28 toxic kinds takes two persons: a dispenser on the own account, and another pharmacist of the grade"
    )
    func toxicKinds() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        for name in ControlledPieceTests.toxic {
            try clinic.shelve(name)
            let piece = try TestCase.piece(name)
            let most = piece.dose?.upperBound ?? 1_000
            let draft = Draft(clinic).of((name, most)).with("doses", 2)
                .with("use", piece.dose == nil ? "external" : "oral")
            let id = try await dispensary.submit(draft)
            try await dispensary.approve(id)
            let weighings = dispensary.weighings((name, most), doses: 2)
            for (client, checker, missing) in [
                (clinic.pharmacy.pharmacist, dispensary.checkerStaff, "ownAccount"),
                (dispensary.dispenser, dispensary.dispenserStaff, "anotherPerson"),
                (dispensary.dispenser, clinic.chief, "title"),
                (dispensary.dispenser, RecordID.make(at: Pharmacy.now).description, "staff"),
            ] {
                let refused = try await dispensary.refusal(
                    dispensing: id, weighings, checker: checker, by: client)
                #expect(refused.reason == "decoction.staffNotEntitled", "\(name)")
                #expect(refused.details?["missing"] == .string(missing), "\(name)")
            }
            let reply = try await dispensary.dispense(id, weighings)
            #expect(reply["moves"]?[0]?["quantityMg"] == .integer(2 * most), "\(name)")
        }
        #expect(
            try dispensary.host.sql(
                "SELECT count(*) FROM decoction.dispensing WHERE dispenser_staff_id <> checker_staff_id") == [["28"]])
        try await dispensary.expectSound()
    }

    @Test("a toxic or narcotic piece is within the tolerance by itself, where another would only be a warning")
    func toxicTolerance() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("雄黄", "麻黄")
        let id = try await dispensary.submit(("雄黄", 100), ("麻黄", 6_000), doses: 1)
        try await dispensary.approve(id)
        for net in [94, 106] as [Int64] {
            let refused = try await dispensary.refusal(
                dispensing: id, dispensary.weighings(("雄黄", net), ("麻黄", 6_000), doses: 1))
            #expect(refused.reason == "decoction.weightOutOfTolerance")
            #expect(refused.details?[0]?["pieceCode"] == .string(Clinic.code("雄黄")))
        }
        try await dispensary.dispense(id, dispensary.weighings(("雄黄", 105), ("麻黄", 6_000), doses: 1))
    }

    @Test("RX-13: who reviewed does not dispense, by account or by person, and who dispenses does not check")
    func reviewerDoesNotDispense() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        try clinic.shelve("麻黄")
        let id = try await dispensary.submit(("麻黄", 6_000))
        try await dispensary.approve(id)
        let weighings = dispensary.weighings(("麻黄", 6_000))
        // The reviewer's other account.
        let other = try await clinic.client(.pharmacist, of: dispensary.reviewerStaff)
        let same = try await dispensary.refusal(dispensing: id, weighings, by: other)
        #expect(
            same.details == [
                "duty": "dispenser", "missing": "anotherPerson", "staffId": .string(dispensary.reviewerStaff),
            ])
        let own = try await dispensary.refusal(dispensing: id, weighings, checker: dispensary.dispenserStaff)
        #expect(own.details?["duty"] == "checker" && own.details?["missing"] == "anotherPerson")
        // Who checks is 药师 at the least; a doctor dispenses nothing.
        let assistant = try await clinic.client(.pharmacist, of: dispensary.checkerStaff)
        let low = try await dispensary.refusal(
            dispensing: id, weighings, checker: dispensary.dispenserStaff, by: assistant)
        #expect(low.details?["missing"] == "title" && low.details?["least"] == "tcmPharmacist")
        let doctor = try await clinic.client(.pharmacist, of: clinic.chief)
        #expect(try await dispensary.refusal(dispensing: id, weighings, by: doctor).details?["duty"] == "dispenser")
        #expect(
            try await dispensary.refusal(dispensing: id, weighings, by: dispensary.reviewer).reason == "host.forbidden")
        // An account that is nobody's dispenses what is not controlled; nothing shows whose hand it was.
        #expect(
            try await clinic.pharmacy.pharmacist.call(
                "decoction.prescription.dispense", dispensary.dispensing(id, weighings))["state"] == "dispensed")
    }
}
