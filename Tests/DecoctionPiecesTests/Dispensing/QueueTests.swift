import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Who waits, how long the stages took, and the spot-checks of a month.
struct QueueTests {
    @Test(
        "urgent ones come first, then who has waited longest; a recheck does not begin the wait anew; the list comes in pages"
    )
    func queue() async throws {
        var dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let first = try await dispensary.submit(("麻黄", 6_000))
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 600))
        let second = try await dispensary.submit(("麻黄", 6_000))
        let urgent = try await dispensary.submit(Draft(dispensary.clinic).with("kind", "emergency"))
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 1_230))
        try await dispensary.clinic.doctor.call("decoction.prescription.recheck", ["prescriptionId": first])
        try await dispensary.approve(second)
        func list(_ params: JSONValue = [:]) async throws -> [JSONValue] {
            var members = params.objectValue ?? [:]
            members["limit"] = 2
            var found: [JSONValue] = []
            repeat {
                let page = try await dispensary.dispenser.call("decoction.queue.list", .object(members))
                found += page["prescriptions"]?.arrayValue ?? []
                members["after"] = page["next"]
            } while members["after"] != nil && found.count < 20
            return found
        }
        let entries = try await list()
        #expect(entries.map { $0["prescriptionId"] } == [urgent, first, second])
        #expect(entries.map { $0["waitedMinutes"] } == [10, 20, 0])
        #expect(entries.map { $0["urgent"] } == [true, false, false])
        #expect(try await list(["state": "approved"]).map { $0["prescriptionId"] } == [second])
        #expect(
            try await dispensary.clinic.refusal("decoction.queue.list", [:]).reason == "host.forbidden")
    }

    @Test("median and ninth decile of each stage come from the states that prescriptions were in")
    func waiting() async throws {
        var dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        var ids: [JSONValue] = []
        for _ in 0..<3 { ids.append(try await dispensary.submit(("麻黄", 6_000))) }
        // Reviewed after 10, 20 and 40 minutes; dispensed 30 minutes after the last, handed over another 15 later.
        for (minutes, id) in zip([10, 20, 40] as [Int64], ids) {
            dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: minutes * 60))
            try await dispensary.approve(id)
        }
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 70 * 60))
        for id in ids { try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000))) }
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 85 * 60))
        try await dispensary.dispenser.call("decoction.prescription.handOver", ["prescriptionId": ids[0]])
        let today = JSONValue.string(Pharmacy.now.localDate.description)
        let reply = try await dispensary.dispenser.call("decoction.queue.waiting", ["from": today, "to": today])
        #expect(
            reply["stages"] == [
                ["stage": "review", "count": 3, "medianMinutes": 20, "p90Minutes": 36],
                ["stage": "queue", "count": 3, "medianMinutes": 50, "p90Minutes": 58],
                ["stage": "pickup", "count": 1, "medianMinutes": 15, "p90Minutes": 15],
            ])
        #expect(
            try await dispensary.dispenser.call(
                "decoction.queue.waiting", ["from": "2026-11-01", "to": "2026-11-21"])["stages"] == [])
        #expect(
            try await dispensary.clinic.refusal(
                "decoction.queue.waiting", ["from": today, "to": "2026-11-21"], by: dispensary.dispenser
            ).reason
                == "host.invalidParams")
    }

    @Test(
        "8.4: two percent of a month's dispensings are spot-checked, once each, by somebody who did not dispense them")
    func spotChecks() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let id = try await dispensary.submit(("麻黄", 6_000))
        let method = "decoction.spotCheck.record"
        let passed: JSONValue = ["prescriptionId": id, "passed": true, "reweighedMg": 18_020]
        #expect(
            try await dispensary.clinic.refusal(method, passed, by: dispensary.reviewer).reason
                == "decoction.prescriptionStateConflict")
        try await dispensary.approve(id)
        try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000)))
        let due = try await dispensary.reviewer.call("decoction.spotCheck.due")
        #expect(
            due == ["month": "2026-11-01", "dispensed": 1, "required": 1, "checked": 0, "failed": 0, "due": 1])
        let own = try await dispensary.clinic.refusal(method, passed, by: dispensary.dispenser)
        #expect(own.reason == "decoction.staffNotEntitled" && own.details?["missing"] == "anotherPerson")
        #expect(
            try await dispensary.clinic.refusal(
                method, ["prescriptionId": id, "passed": false], by: dispensary.reviewer
            ).reason == "host.invalidParams")
        try await dispensary.reviewer.call(method, passed)
        #expect(
            try await dispensary.clinic.refusal(method, passed, by: dispensary.reviewer).reason
                == "decoction.spotCheckExists")
        #expect(try await dispensary.reviewer.call("decoction.spotCheck.due")["due"] == 0)
        #expect(
            try await dispensary.reviewer.call("decoction.spotCheck.due", ["month": "2026-10-05"])["dispensed"] == 0)
    }
}
