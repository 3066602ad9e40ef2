import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Domain rule 8.2: inspections and counts by storage class.
struct CareTests {
    /// What is due by a day: kind, lot and since when.
    private static func due(_ pharmacy: Pharmacy, by day: String? = nil) async throws -> [String] {
        var params: [String: JSONValue] = ["limit": 500]
        params["by"] = day.map { .string($0) }
        let reply = try await pharmacy.pharmacist.call("decoction.care.due", .object(params))
        return (reply["due"]?.arrayValue ?? []).map {
            "\($0["kind"]?.stringValue ?? "") \($0["nameZh"]?.stringValue ?? "") \($0["dueOn"]?.stringValue ?? "")"
        }
    }

    private static func record(
        _ pharmacy: Pharmacy, _ lot: String, _ finding: String = "good", at place: String? = nil, counted: Int64? = nil
    ) async throws -> JSONValue {
        try await pharmacy.pharmacist.call(
            "decoction.care.record", Self.params(lot, finding, at: place, counted: counted))
    }

    private static func params(
        _ lot: String, _ finding: String, at place: String? = nil, counted: Int64? = nil
    ) -> JSONValue {
        var params: [String: JSONValue] = [
            "lotId": .string(lot), "finding": .string(finding), "kind": counted == nil ? "inspection" : "count",
        ]
        params["locationId"] = place.map { .string($0) }
        params["countedMg"] = counted.map { .integer($0) }
        params["note"] = finding == "good" ? nil : "有虫蛀"
        return .object(params)
    }

    @Test("the interval is by storage class: quarterly, monthly for what spoils easily, a fortnight of it in summer")
    func intervals() async throws {
        let pharmacy = try await Pharmacy.open()
        // 麻黄 is normal, 细辛 volatile, 人参 precious.
        let volatile = Clinic.code("细辛")
        for piece in [Pharmacy.mahuang, volatile, Clinic.code("人参")] { _ = try await pharmacy.stock(piece, 1000) }
        #expect(try await Self.due(pharmacy) == [])
        #expect(try await Self.due(pharmacy, by: "2026-11-29") == ["count 人参 2026-11-29"])
        #expect(
            try await Self.due(pharmacy, by: "2026-12-31") == ["count 人参 2026-11-29", "inspection 细辛 2026-12-22"])
        let winter = try await Self.due(pharmacy, by: "2027-02-22")
        #expect(Set(winter).count == 4 && winter.contains("inspection 麻黄 2027-02-22"))
        // In July the same lot of what spoils easily was due a fortnight after its receipt.
        let july = try await Self.due(pharmacy, by: "2027-07-01")
        #expect(july.contains("inspection 细辛 2026-12-06") && july.contains("inspection 麻黄 2027-02-22"))
    }

    @Test("an inspection counts for its place alone, and puts the next one off by the interval")
    func places() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        let drawer = try await pharmacy.place("A1", "drawer", piece: Pharmacy.mahuang)
        try await pharmacy.transfer(lot, 4_000, to: drawer)
        let reply = try await Self.record(pharmacy, lot, at: drawer)
        #expect(reply["persons"] == 1 && reply["state"] == "accepted" && reply["proposal"] == nil)
        // Both were due on the same day; a month later the inspected one is no more.
        let later = try await pharmacy.later(Pharmacy.now.adding(seconds: 92 * 86_400))
        let due = try await later.pharmacist.call("decoction.care.due")
        #expect(due["due"]?.arrayValue?.map { $0["onHandMg"] }.count == 2)
        _ = try await Self.record(later, lot, at: drawer)
        let left = try await later.pharmacist.call("decoction.care.due")["due"]?.arrayValue ?? []
        #expect(left.map { $0["onHandMg"] } == [6_000])
        let nothing = try await later.place("A2", "drawer", piece: Pharmacy.mahuang)
        let refused = try await later.refusal("decoction.care.record", Self.params(lot, "good", at: nothing))
        #expect(refused.reason == "decoction.nothingThere")
    }

    @Test("a count of toxic pieces is daily and takes two persons: it counts once another one has confirmed it")
    func twoPersons() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.receive(Pharmacy.chuanwu, 5_000)
        let reviewer = try await pharmacy.reviewer()
        try await pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": .string(lot)])
        try await reviewer.call("decoction.lot.accept", ["lotId": .string(lot)])
        #expect(try await Self.due(pharmacy, by: "2026-11-23").contains("count 生川乌 2026-11-23"))
        let reply = try await Self.record(pharmacy, lot, counted: 4_990)
        #expect(reply["persons"] == 2 && reply["differenceMg"] == -10 && reply["proposal"] == "stocktake")
        let id: JSONValue = ["inspectionId": reply["inspectionId"] ?? .null]
        #expect(try await Self.due(pharmacy, by: "2026-11-23").contains("count 生川乌 2026-11-23"))
        let own = try await pharmacy.refusal("decoction.care.confirm", id)
        #expect(own.reason == "decoction.secondCounterRequired")
        try await reviewer.call("decoction.care.confirm", id)
        #expect(try await pharmacy.refusal("decoction.care.confirm", id, by: reviewer).reason == "host.conflict")
        let next = try await Self.due(pharmacy, by: "2026-11-23")
        #expect(next == ["count 生川乌 2026-11-23"])
        #expect(try await Self.due(pharmacy) == [])
        let list = try await pharmacy.pharmacist.call("decoction.care.list", ["lotId": .string(lot)])
        #expect(list["records"]?[0]?["expectedMg"] == 5_000 && list["records"]?[0]?["confirmedBy"] != nil)
    }

    @Test("what is condemned is withheld at once, leaves by disposal, or is released by another person")
    func condemned() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 5_000)
        let bare = try await pharmacy.refusal(
            "decoction.care.record", ["lotId": .string(lot), "kind": "inspection", "finding": "condemned"])
        #expect(bare.reason == "host.invalidParams")
        let reply = try await Self.record(pharmacy, lot, "condemned")
        #expect(reply["state"] == "withheld" && reply["proposal"] == "dispose")
        let issue = Pharmacy.document([Line(Pharmacy.mahuang, 1)])
        #expect(try await pharmacy.refusal("decoction.stock.issue", issue).reason == "decoction.insufficientStock")
        let release: JSONValue = ["lotId": .string(lot), "reason": "复检合格"]
        let reviewer = try await pharmacy.reviewer()
        #expect(try await pharmacy.refusal("decoction.lot.release", release).reason == "host.forbidden")
        #expect(try await reviewer.call("decoction.lot.release", release)["state"] == "accepted")
        let again = try await pharmacy.refusal("decoction.lot.release", release, by: reviewer)
        #expect(again.reason == "decoction.lotStateConflict")
        try await pharmacy.issue(Line(Pharmacy.mahuang, 1_000))
        // Who condemned it does not release it.
        try await reviewer.call("decoction.care.record", Self.params(lot, "condemned"))
        let own = try await pharmacy.refusal("decoction.lot.release", release, by: reviewer)
        #expect(own.reason == "decoction.secondPersonRequired")
        try await pharmacy.pharmacist.call("decoction.lot.dispose", ["lotId": .string(lot), "reason": "虫蛀销毁"])
        try await pharmacy.expectSound()
    }
}
