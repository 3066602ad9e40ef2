import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What comes back before the hand-over, and that nothing does after it.
struct ReturnTests {
    private static let method = "decoction.prescription.return"

    private static func returning(_ id: JSONValue, _ more: [String: JSONValue] = [:]) -> JSONValue {
        .object(["prescriptionId": id, "reason": "患者未取药"].merging(more) { one, _ in one })
    }

    @Test("a return is a linked reversal that puts the pieces where they lay; then it is reviewed and dispensed anew")
    func restores() async throws {
        let dispensary = try await Dispensary.open()
        let pharmacy = dispensary.pharmacy
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 30_000)
        let drawer = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        try await pharmacy.transfer(lot, 10_000, to: drawer)
        let id = try await dispensary.submit(("麻黄", 5_000))
        try await dispensary.approve(id)
        let weighings = dispensary.weighings(("麻黄", 5_000))
        #expect(
            try await dispensary.clinic.refusal(Self.method, Self.returning(id), by: dispensary.dispenser).reason
                == "decoction.prescriptionStateConflict")
        try await dispensary.dispense(id, weighings)
        #expect(try await pharmacy.lying(at: drawer) == [:])
        #expect(try await pharmacy.lying() == [lot: 15_000])
        let reply = try await dispensary.dispenser.call(Self.method, Self.returning(id))
        #expect(reply["state"] == "readyForReview" && reply["disposalId"] == nil)
        #expect(try await pharmacy.lying(at: drawer) == [lot: 10_000])
        #expect(try await pharmacy.lying() == [lot: 20_000])
        let dump = try dispensary.host.sql("SELECT r::text FROM decoction.returned AS r")[0][0] ?? ""
        #expect(!dump.contains("未取药"))
        #expect(
            try dispensary.host.sql(
                "SELECT count(*) FROM decoction.movement WHERE kind = 'reversal' AND reverses_seq IS NOT NULL") == [
                    ["2"]
                ])
        try await dispensary.approve(id)
        // What was weighed before the return counts no longer.
        #expect(try await dispensary.refusal(dispensing: id, []).reason == "decoction.weighingsIncomplete")
        try await dispensary.dispense(id, weighings)
        #expect(try await pharmacy.onHand() == [lot: 15_000])
        try await dispensary.expectSound()
    }

    @Test(
        "toxic pieces that left the scale are destroyed before two persons, as is all of it where the doses were mixed")
    func destroys() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("雄黄", "麻黄", "桂枝")
        let id = try await dispensary.submit(("雄黄", 100), ("麻黄", 6_000), doses: 1)
        try await dispensary.approve(id)
        try await dispensary.dispense(id, dispensary.weighings(("雄黄", 100), ("麻黄", 6_000), doses: 1))
        let checked = ["checkedByStaffId": .string(dispensary.checkerStaff)] as [String: JSONValue]
        for (client, params, missing) in [
            (dispensary.dispenser, Self.returning(id), "anotherPerson"),
            (
                dispensary.dispenser, Self.returning(id, ["checkedByStaffId": .string(dispensary.dispenserStaff)]),
                "anotherPerson"
            ),
            (dispensary.pharmacy.pharmacist, Self.returning(id, checked), "ownAccount"),
        ] as [(TestClient, JSONValue, JSONValue)] {
            let refused = try await dispensary.clinic.refusal(Self.method, params, by: client)
            #expect(refused.reason == "decoction.staffNotEntitled" && refused.details?["missing"] == missing)
        }
        let reply = try await dispensary.dispenser.call(Self.method, Self.returning(id, checked))
        let disposal = try #require(reply["disposalId"])
        func onHand(_ name: String) async throws -> [Int64] {
            Array(try await dispensary.pharmacy.onHand(Clinic.code(name)).values)
        }
        #expect(try await onHand("雄黄") == [9_999_900])
        #expect(try await onHand("麻黄") == [10_000_000])
        #expect(
            try await dispensary.pharmacy.refusal(
                "decoction.movement.reverse", ["documentId": disposal, "reason": "错"]
            ).reason
                == "decoction.documentDispensed")
        let mixed = try await dispensary.submit(("麻黄", 6_000), ("桂枝", 6_000), doses: 1)
        try await dispensary.approve(mixed)
        try await dispensary.dispense(mixed, dispensary.weighings(("麻黄", 6_000), ("桂枝", 6_000), doses: 1))
        let second = try await dispensary.dispenser.call(Self.method, Self.returning(mixed, ["destroyAll": true]))
        #expect(second["disposalId"] != nil)
        #expect(try await onHand("麻黄") == [9_994_000])
        #expect(try await onHand("桂枝") == [9_994_000])
        try await dispensary.expectSound()
    }

    @Test("what was handed over does not come back, and the refusal names the rule; names and counselling are sealed")
    func handedOver() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let id = try await dispensary.submit(("麻黄", 6_000))
        let method = "decoction.prescription.handOver"
        try await dispensary.approve(id)
        #expect(
            try await dispensary.clinic.refusal(method, ["prescriptionId": id], by: dispensary.dispenser).reason
                == "decoction.prescriptionStateConflict")
        let document = try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000)))["documentId"]
        let reply = try await dispensary.dispenser.call(
            method,
            ["prescriptionId": id, "receivedBy": "family", "receiverName": "测试家属", "counselling": "饭后温服"])
        #expect(reply["state"] == "handedOver" && reply["stateZh"] == "已发药")
        let dump = try dispensary.host.sql("SELECT h::text FROM decoction.hand_over AS h")[0][0] ?? ""
        #expect(!dump.contains("家属") && !dump.contains("温服"))
        let refused = try await dispensary.clinic.refusal(
            Self.method, Self.returning(id), by: dispensary.dispenser)
        #expect(refused.reason == "decoction.handedOver")
        #expect(
            refused.details
                == ["rule": "DISPENSING", "parameter": "noReturnAfterHandOver", "ruleVersion": "1.0"])
        #expect(
            try await dispensary.pharmacy.refusal(
                "decoction.movement.reverse", ["documentId": try #require(document), "reason": "错"]
            ).reason
                == "decoction.documentDispensed")
        #expect(
            try await dispensary.clinic.refusal(method, ["prescriptionId": id], by: dispensary.dispenser).reason
                == "decoction.prescriptionStateConflict")
        #expect(try await dispensary.pharmacy.onHand().values.map { $0 } == [9_982_000])
    }
}
