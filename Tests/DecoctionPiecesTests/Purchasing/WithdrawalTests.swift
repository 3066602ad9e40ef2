import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What was approved, and then withdrawn from the catalogue or recalled.
struct WithdrawalTests {
    private static func withdraw(_ dispensary: Dispensary, _ what: String = "withdraw") async throws {
        let bureau = try await dispensary.host.client(role: .siteAdmin, site: "county")
        try await bureau.call(
            "decoction.piece.\(what)", ["code": .string(Pharmacy.mahuang), "reason": "标准撤销"])
    }

    @Test("RX-14: a withdrawn piece is neither reserved, dispensed nor issued, and leaves by disposal; transfers go on")
    func withdrawn() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 100_000)
        let drawer = try await dispensary.pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        let waiting = try await dispensary.submit(("麻黄", 6_000))
        let approved = try await dispensary.submit(("麻黄", 3_000))
        try await dispensary.approve(approved)
        try await Self.withdraw(dispensary)

        let blocked = try await dispensary.clinic.refusal(
            ReviewTests.method, Dispensary.approval(waiting), by: dispensary.reviewer)
        #expect(blocked.reason == "decoction.reviewBlocked")
        let finding = blocked.details?.arrayValue?.first { $0["rule"] == "RX-14" }
        #expect(finding?["severity"] == "block" && finding?["resolution"] == "substituteByDoctor")
        #expect(finding?["textZh"]?.stringValue?.contains("麻黄自 2026-11-22 起停用") == true)
        let checked = try await dispensary.reviewer.call("decoction.prescription.recheck", ["prescriptionId": waiting])
        #expect(checked["state"] == "submitted")
        let refused = try await dispensary.refusal(dispensing: approved, dispensary.weighings(("麻黄", 3_000)))
        #expect(refused.reason == "decoction.pieceOutOfUse")
        let issued = try await dispensary.pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)]))
        #expect(issued.reason == "decoction.pieceOutOfUse")
        #expect(issued.details == [["pieceCode": .string(Pharmacy.mahuang)]])

        try await dispensary.pharmacy.transfer(lot, 1_000, to: drawer)
        let there = try await dispensary.pharmacy.refusal(
            "decoction.stock.issue",
            ["lines": [Line(Pharmacy.mahuang, 1).json], "reason": "领用", "locationId": .string(drawer)])
        #expect(there.reason == "decoction.pieceOutOfUse")
        try await dispensary.dispenser.call("decoction.prescription.release", ["prescriptionId": approved])
        try await dispensary.pharmacy.pharmacist.call(
            "decoction.lot.dispose", ["lotId": .string(lot), "quantityMg": 50_000, "reason": "退回供应商"])
        try await dispensary.expectSound()

        // Taken into use again, it is as before.
        try await Self.withdraw(dispensary, "restore")
        #expect(try await dispensary.approve(approved)["state"] == "approved")
        try await dispensary.dispense(approved, dispensary.weighings(("麻黄", 3_000)))
        try await dispensary.expectSound()
    }

    @Test(
        "a recall lets go of what was reserved of its lots; those prescriptions are named, and are reviewed again with other lots"
    )
    func recalled() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 100_000, expiresIn: 100)
        try dispensary.clinic.shelve("桂枝")
        let other = try await dispensary.submit(("桂枝", 3_000))
        let touched = try await dispensary.submit(("麻黄", 6_000), ("桂枝", 3_000))
        let weighed = try await dispensary.submit(("麻黄", 2_000))
        for id in [other, touched, weighed] { try await dispensary.approve(id) }
        var weighing = dispensary.weighing("麻黄", dose: 1, 2_000).objectValue ?? [:]
        weighing["prescriptionId"] = weighed
        try await dispensary.dispenser.call("decoction.weighing.record", .object(weighing))
        let later = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 100_000, expiresIn: 300)

        let report = try await dispensary.pharmacy.pharmacist.call(
            "decoction.lot.recall", ["lotId": .string(lot), "reason": "药监部门通报"])
        let reopened = report["reopened"]?.arrayValue ?? []
        #expect(Set(reopened.map { $0["prescriptionId"] ?? .null }) == [touched, weighed])
        #expect(Set(reopened.map { $0["quantityMg"] ?? .null }) == [18_000, 6_000])
        #expect(try await dispensary.state(other) == "approved")
        for id in [touched, weighed] { #expect(try await dispensary.state(id) == "readyForReview") }
        try await dispensary.expectSound()
        let card = try await dispensary.reviewer.call("decoction.prescription.get", ["prescriptionId": touched])
        let told = card["findings"]?.arrayValue?.first { $0["rule"] == "RX-14" && $0["resolution"] == "review" }
        #expect(told?["pieces"] == [.string(Pharmacy.mahuang)])
        let refused = try await dispensary.clinic.refusal(
            "decoction.weighing.record", .object(weighing), by: dispensary.dispenser)
        #expect(refused.reason == "decoction.prescriptionStateConflict")
        #expect(try await dispensary.reserve(weighed) == [Moved(later, 6_000)])
        let again = try await dispensary.pharmacy.pharmacist.call("decoction.recall.get", ["lotId": .string(lot)])
        #expect(again["reopened"] == report["reopened"])
    }

    @Test(
        "approvals and dispensings race a recall: nothing of the lot is dispensed after it, and nothing of it stays reserved"
    )
    func race() async throws {
        let dispensary = try await Dispensary.open()
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 1_000_000)
        var ids: [JSONValue] = []
        for number in 0..<24 {
            let id = try await dispensary.submit(("麻黄", 3_000), doses: 1)
            if number % 2 == 0 { try await dispensary.approve(id) }
            ids.append(id)
        }
        let params = ids.map { dispensary.dispensing($0, dispensary.weighings(("麻黄", 3_000), doses: 1)) }
        let turns = Turns()
        let outcomes = await Racing.aside(25) { [ids, dispensary] in
            let number = turns.next()
            return try Racing.retrying {
                if number == 12 {
                    return try dispensary.pharmacy.pharmacist.callAndWait(
                        "decoction.lot.recall", ["lotId": .string(lot), "reason": "药监部门通报"])
                }
                let which = number < 12 ? number : number - 1
                return which % 2 == 0
                    ? try dispensary.dispenser.callAndWait("decoction.prescription.dispense", params[which])
                    : try dispensary.reviewer.callAndWait(ReviewTests.method, Dispensary.approval(ids[which]))
            }
        }
        let replies = outcomes.compactMap { try? $0.get() }
        let report = try #require(replies.first { $0["recallId"] != nil })
        let dispensed = replies.filter { $0["documentId"] != nil }.count
        #expect(report["patients"]?.arrayValue?.count == dispensed)
        #expect(report["onHandMg"] == .integer(1_000_000 - 3_000 * Int64(dispensed)))
        #expect(try await dispensary.reserved().isEmpty)
        let open = try dispensary.host.sql(
            "SELECT count(*) FROM decoction.prescription WHERE state IN ('approved', 'dispensing')")
        #expect(open == [["0"]])
        for result in outcomes {
            guard case .failure(let error as CallRefused) = result else { continue }
            #expect(
                ["decoction.prescriptionStateConflict", "decoction.reservationLost", "decoction.insufficientStock"]
                    .contains(error.reason), "\(error.reason)")
        }
        try await dispensary.expectSound()
    }
}

/// Numbers that threads draw, each once.
private final class Turns: Sendable {
    private let drawn = Mutex(0)

    func next() -> Int {
        self.drawn.withLock { number in
            defer { number += 1 }
            return number
        }
    }
}
