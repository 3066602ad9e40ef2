import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// RX-13: review, and the reservations that it makes.
struct ReviewTests {
    static let method = "decoction.prescription.review"

    @Test("an approval reserves over several lots, first expiry first, and nothing else takes what is reserved")
    func reserves() async throws {
        let dispensary = try await Dispensary.open()
        let pharmacy = dispensary.pharmacy
        let late = try await pharmacy.stock(Pharmacy.mahuang, 10_000, expiresIn: 90)
        let early = try await pharmacy.stock(Pharmacy.mahuang, 10_000, expiresIn: 30)
        let id = try await dispensary.submit(("麻黄", 5_000))
        let reply = try await dispensary.approve(id)
        #expect(reply["state"] == "approved" && reply["stateZh"] == "审方通过")
        #expect(reply["reservedUntil"] == .string(Pharmacy.now.adding(seconds: 86_400).description))
        #expect(
            try reply["reservations"]?.arrayValue?.map { try Moved($0) } == [Moved(early, 10_000), Moved(late, 5_000)])
        #expect(try await dispensary.reserved() == [early: 10_000, late: 5_000])
        // RX-13 no longer waits: it was reviewed by somebody of the grade.
        let card = try await dispensary.reviewer.call("decoction.prescription.get", ["prescriptionId": id])
        #expect(card["findings"]?.arrayValue?.contains { $0["rule"] == "RX-13" } == false)
        #expect(card["checkNo"] == 2)

        // Issue, a named lot, a transfer, a disposal and another prescription get what is left.
        for (method, params) in [
            ("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 5_001)])),
            ("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1, lot: early)])),
            (
                "decoction.stock.transfer",
                Pharmacy.transfer(
                    early, 1, from: nil, to: try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang))
            ),
            ("decoction.lot.dispose", ["lotId": .string(late), "quantityMg": 5_001, "reason": "破损"]),
        ] as [(String, JSONValue)] {
            let refused = try await pharmacy.refusal(method, params)
            #expect(refused.reason == "decoction.insufficientStock", "\(method)")
        }
        let short = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 5_001)]))
        #expect(short.details?[0]?["availableMg"] == 5_000)
        let other = Draft(dispensary.clinic).of(("麻黄", 2_000)).woman(36, pregnant: "no").handedIn(
            dispensary.clinic.woman)
        let waiting = try await dispensary.clinic.doctor.call("decoction.prescription.submit", other.json)
        #expect(waiting["state"] == "submitted")
        #expect(waiting["findings"]?.arrayValue?.contains { $0["rule"] == "RX-14" } == true)
        #expect(try await pharmacy.issue(Line(Pharmacy.mahuang, 5_000)) == [Moved(late, 5_000)])
        // A receipt cannot be taken back from under a prescription.
        let receipt =
            try dispensary.host.sql(
                "SELECT document_id FROM decoction.movement WHERE kind = 'receipt' AND lot_id = '\(early)'")[0][0] ?? ""
        let reversal = try await pharmacy.refusal(
            "decoction.movement.reverse", ["documentId": .string(receipt), "reason": "录入错误"])
        #expect(reversal.reason == "decoction.stockReserved")
        try await dispensary.expectSound()
    }

    @Test(
        "drawers come before the main store within a lot; outreach boxes do not count; toxic pieces come from the toxic cupboard"
    )
    func places() async throws {
        let dispensary = try await Dispensary.open()
        let pharmacy = dispensary.pharmacy
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 20_000)
        let drawer = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        let box = try await pharmacy.place("XZ", "outreachBox")
        try await pharmacy.transfer(lot, 6_000, to: drawer)
        try await pharmacy.transfer(lot, 9_000, to: box)
        let id = try await dispensary.submit(("麻黄", 3_000))
        let reservations = try await dispensary.approve(id)["reservations"]?.arrayValue ?? []
        #expect(reservations.map { $0["quantityMg"] } == [6_000, 3_000])
        #expect(reservations.first?["locationId"] == .string(drawer))
        #expect(try await dispensary.reserved() == [lot: 9_000])
        let fromDrawer = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)], at: drawer))
        #expect(fromDrawer.reason == "decoction.insufficientStock" && fromDrawer.details?[0]?["availableMg"] == 0)
        // 2 g are left in the main store; the 9 g of the box are out with a team.
        let verdicts = try await dispensary.clinic.verdicts("RX-14", Draft(dispensary.clinic).of(("麻黄", 700)))
        #expect(verdicts == ["block"])
        #expect(try await dispensary.clinic.verdicts("RX-14", Draft(dispensary.clinic).of(("麻黄", 600))) == [])

        try dispensary.clinic.shelve("雄黄")
        let realgar = Draft(dispensary.clinic).of(("雄黄", 100)).with("doses", 2)
        #expect(try await dispensary.clinic.verdicts("RX-14", realgar) == [])
        let cupboard = try await pharmacy.place("DG", "toxicCupboard")
        #expect(try await dispensary.clinic.verdicts("RX-14", realgar) == ["block"])
        let toxic = try #require(try await pharmacy.onHand(Clinic.code("雄黄")).keys.first)
        try await pharmacy.transfer(toxic, 1_000, to: cupboard)
        let second = try await dispensary.approve(try await dispensary.submit(realgar))
        #expect(second["reservations"]?[0]?["locationId"] == .string(cupboard))
        try await dispensary.expectSound()
    }

    @Test("it is judged on the day of the review: what has expired, or whose stock is gone, is not approved")
    func judgedAgain() async throws {
        var dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 20_000, expiresIn: 1)
        let id = try await dispensary.submit(("麻黄", 6_000))
        try await dispensary.pharmacy.issue(Line(Pharmacy.mahuang, 2_001))
        let gone = try await dispensary.clinic.refusal(
            Self.method, Dispensary.approval(id), by: dispensary.reviewer)
        #expect(gone.reason == "decoction.insufficientStock")
        #expect(gone.details?[0]?["requestedMg"] == 18_000 && gone.details?[0]?["availableMg"] == 17_999)
        #expect(try await dispensary.reserved() == [:])
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 86_400))
        let expired = try await dispensary.clinic.refusal(
            Self.method, Dispensary.approval(id), by: dispensary.reviewer)
        #expect(expired.reason == "decoction.reviewBlocked")
        #expect(expired.details?.arrayValue?.map { $0["rule"] } == ["RX-02", "RX-14"])
        #expect(try await dispensary.state(id) == "readyForReview")
        #expect(try await dispensary.pharmacy.onHand() == [lot: 17_999])
    }

    @Test(
        "a refusal needs a note, which is sealed, and goes back to the doctor; a title that is too low reviews nothing")
    func refuses() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let id = try await dispensary.submit(("麻黄", 6_000))
        let bare = try await dispensary.clinic.refusal(
            Self.method, ["prescriptionId": id, "decision": "refuse"], by: dispensary.reviewer)
        #expect(bare.reason == "host.invalidParams" && bare.details?[0]?["pointer"] == "/note")
        let assistant = try await dispensary.clinic.client(.reviewer, of: dispensary.dispenserStaff)
        let low = try await dispensary.clinic.refusal(Self.method, Dispensary.approval(id), by: assistant)
        #expect(low.reason == "decoction.staffNotEntitled")
        #expect(low.details?["missing"] == "title" && low.details?["least"] == "tcmPharmacist")
        for client in [dispensary.dispenser, dispensary.clinic.doctor] {
            #expect(
                try await dispensary.clinic.refusal(Self.method, Dispensary.approval(id), by: client).reason
                    == "host.forbidden")
        }
        let refused = try await dispensary.reviewer.call(
            Self.method, ["prescriptionId": id, "decision": "refuse", "note": "剂量请复核"])
        #expect(refused["state"] == "refused" && refused["reservations"] == [])
        let dump = try dispensary.host.sql("SELECT r::text FROM decoction.review AS r")[0][0] ?? ""
        #expect(!dump.contains("剂量"))
        #expect(
            try await dispensary.clinic.refusal(Self.method, Dispensary.approval(id), by: dispensary.reviewer).reason
                == "decoction.prescriptionStateConflict")
        let rewritten = Draft(dispensary.clinic).woman(36, pregnant: "no").handedIn(dispensary.clinic.woman)
            .with("prescriptionId", id)
        let reply = try await dispensary.clinic.doctor.call("decoction.prescription.rewrite", rewritten.json)
        #expect(reply["state"] == "readyForReview")
    }

    @Test(
        "what is reserved is free again when it is withdrawn, rewritten, released, or lapses; then it is reviewed again"
    )
    func releases() async throws {
        var dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 20_000)
        func approved() async throws -> JSONValue {
            let id = try await dispensary.submit(("麻黄", 6_000))
            try await dispensary.approve(id)
            #expect(try await dispensary.reserved() == [lot: 18_000])
            return id
        }
        let first = try await approved()
        try await dispensary.clinic.doctor.call(
            "decoction.prescription.withdraw", ["prescriptionId": first, "reason": "患者改约"])
        #expect(try await dispensary.reserved() == [:])
        let second = try await approved()
        let draft = Draft(dispensary.clinic).woman(36, pregnant: "no").handedIn(dispensary.clinic.woman)
        let third = try await dispensary.clinic.doctor.call(
            "decoction.prescription.rewrite", draft.with("prescriptionId", second).json)
        #expect(third["state"] == "readyForReview")
        #expect(try await dispensary.reserved() == [:])
        let fourth = try await approved()
        let released = try await dispensary.reviewer.call(
            "decoction.prescription.release", ["prescriptionId": fourth])
        #expect(released["state"] == "readyForReview")
        #expect(try await dispensary.reserved() == [:])
        try await dispensary.approve(fourth)

        // A day later the reservation has lapsed.
        for (hours, expected) in [(Int64(23), "approved"), (24, "readyForReview")] as [(Int64, JSONValue)] {
            dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: hours * 3600))
            try await dispensary.clinic.admin.call("jobs.run", ["job": "decoction.reservationLapse", "site": "t1"])
            try dispensary.host.doJobs()
            #expect(try await dispensary.state(fourth) == expected, "after \(hours) hours")
        }
        #expect(try await dispensary.reserved() == [:])
        #expect(
            try dispensary.host.sql("SELECT release, count(*) FROM decoction.reservation GROUP BY 1 ORDER BY 1")
                == [["lapsed", "1"], ["released", "1"], ["withdrawn", "2"]])
        try await dispensary.expectSound()
    }
}
