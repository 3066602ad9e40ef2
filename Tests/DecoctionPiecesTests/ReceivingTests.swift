import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Suppliers, receipt, acceptance, rejection (PC-01, PC-02).
struct ReceivingTests {
    private static func delivery(
        _ pharmacy: Pharmacy, _ change: (inout [String: JSONValue]) -> Void = { _ in }
    ) -> JSONValue {
        let base = Pharmacy.delivery(
            Pharmacy.mahuang, 5_000_000, supplier: pharmacy.supplier, batch: "20260923",
            expiresOn: Pharmacy.now.localDate.adding(days: 300))
        var members = base.objectValue ?? [:]
        change(&members)
        return .object(members)
    }

    @Test("PC-01: a licence has one supplier in a site, however it is written; another site has its own")
    func supplierExists() async throws {
        let pharmacy = try await Pharmacy.open()
        let refused = try await pharmacy.refusal(
            "decoction.supplier.create", ["nameZh": "同一家", "licence": " 皖２０２６ 0001"])
        #expect(refused.reason == "decoction.supplierExists")
        #expect(refused.code == 1101)
        #expect(refused.details == ["supplierId": .string(pharmacy.supplier)])
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        try await there.call("decoction.supplier.create", ["nameZh": "同一家", "licence": "皖20260001"])
        let listed = try await pharmacy.pharmacist.call("decoction.supplier.list")
        #expect(listed["suppliers"]?.arrayValue?.count == 1)
        #expect(listed["suppliers"]?[0]?["licence"] == "皖20260001")
        #expect(listed["suppliers"]?[0]?["supplierId"] == .string(pharmacy.supplier))
    }

    @Test("a receipt puts the batch into quarantine and writes its movement")
    func receipt() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.pharmacist.call("decoction.lot.receive", Self.delivery(pharmacy))
        let id = try #require(lot["lotId"])
        #expect(lot["state"] == "quarantined")
        let listed = try await pharmacy.pharmacist.call("decoction.stock.list")["lots"]
        #expect(listed?.arrayValue?.count == 1)
        #expect(listed?[0]?["onHandMg"] == 5_000_000)
        #expect(listed?[0]?["stateZh"] == "待验收")
        #expect(listed?[0]?["nameZh"] == "麻黄")
        #expect(listed?[0]?["receivedAt"] == "2026-11-22T14:30:00+08:00")
        let movements = try await pharmacy.pharmacist.call("decoction.movement.list", ["lotId": id])["movements"]
        #expect(movements?.arrayValue?.count == 1)
        #expect(movements?[0]?["kind"] == "receipt")
        #expect(movements?[0]?["kindZh"] == "入库")
        #expect(movements?[0]?["quantityMg"] == 5_000_000)
        #expect(movements?[0]?["reason"] == nil)
        #expect(try pharmacy.wrongLots().isEmpty)
    }

    @Test("what cannot be received is refused, and nothing of it is kept")
    func refusedReceipts() async throws {
        let pharmacy = try await Pharmacy.open()
        let today = Pharmacy.now.localDate
        let unknown = RecordID.make(at: Pharmacy.now).description
        let cases: [(String, String?, (inout [String: JSONValue]) -> Void)] = [
            ("decoction.pieceUnknown", nil, { $0["pieceCode"] = "XLYP9999" }),
            ("host.notFound", nil, { $0["supplierId"] = .string(unknown) }),
            ("host.invalidParams", "/producedOn", { $0["producedOn"] = .string(today.adding(days: 1).description) }),
            ("host.invalidParams", "/expiresOn", { $0["expiresOn"] = $0["producedOn"] }),
            ("decoction.lotExpired", nil, { $0["expiresOn"] = .string(today.adding(days: -1).description) }),
            ("host.invalidParams", "/quantityMg", { $0["quantityMg"] = 0 }),
            ("host.invalidParams", "/quantityMg", { $0["quantityMg"] = 10_000_000_001 }),
            ("host.invalidParams", "/quantityMg", { $0["quantityMg"] = .number("27.56") }),
            ("host.invalidParams", "/unitCostFenPerKg", { $0["unitCostFenPerKg"] = -1 }),
            ("host.invalidParams", "/expiresOn", { $0["expiresOn"] = "2027-02-29" }),
        ]
        for (reason, pointer, change) in cases {
            let refused = try await pharmacy.refusal("decoction.lot.receive", Self.delivery(pharmacy, change))
            #expect(refused.reason == reason)
            if let pointer { #expect(refused.details?[0]?["pointer"] == .string(pointer)) }
        }
        #expect(try await pharmacy.onHand().isEmpty)
        #expect(try pharmacy.host.sql("SELECT count(*) FROM decoction.movement") == [["0"]])
    }

    @Test("another site's supplier is not found")
    func foreignSupplier() async throws {
        let pharmacy = try await Pharmacy.open()
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let refused = try await pharmacy.refusal("decoction.lot.receive", Self.delivery(pharmacy), by: there)
        #expect(refused.reason == "host.notFound")
        #expect(refused.details?["supplierId"] == .string(pharmacy.supplier))
    }

    @Test("part-deliveries of one batch are lots of their own; today is a day of the shelf life")
    func partDeliveries() async throws {
        let pharmacy = try await Pharmacy.open()
        let today = JSONValue.string(Pharmacy.now.localDate.description)
        let first = Self.delivery(pharmacy) { $0["expiresOn"] = today }
        let one = try await pharmacy.pharmacist.call("decoction.lot.receive", first)
        let two = try await pharmacy.pharmacist.call("decoction.lot.receive", first)
        #expect(one["lotId"] != two["lotId"])
        #expect(try await pharmacy.onHand().count == 2)
    }

    @Test("PC-02: a controlled piece takes two persons; the reviewer may be the second")
    func secondPerson() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = JSONValue.string(try await pharmacy.receive(Pharmacy.chuanwu, 1000))
        let first = try await pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": lot])
        #expect(first == ["lotId": lot, "state": "awaitingSecond"])
        let again = try await pharmacy.refusal("decoction.lot.accept", ["lotId": lot])
        #expect(again.reason == "decoction.secondPersonRequired")
        let short = try await pharmacy.refusal("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.chuanwu, 1)]))
        #expect(short.reason == "decoction.insufficientStock")
        #expect(short.details?[0]?["quarantinedMg"] == 1000)
        let reviewer = try await pharmacy.host.client(role: .reviewer, site: "t1")
        #expect(try await reviewer.call("decoction.lot.accept", ["lotId": lot])["state"] == "accepted")
        let third = try await pharmacy.refusal("decoction.lot.accept", ["lotId": lot], by: reviewer)
        #expect(third.reason == "decoction.lotStateConflict")
        #expect(third.details?["state"] == "accepted")
    }

    @Test("a rejected lot stays rejected; one that was accepted cannot be rejected any more")
    func rejection() async throws {
        let pharmacy = try await Pharmacy.open()
        let bad = JSONValue.string(try await pharmacy.receive(Pharmacy.mahuang, 1000))
        let reply = try await pharmacy.pharmacist.call("decoction.lot.reject", ["lotId": bad, "reason": "有霉味"])
        #expect(reply == ["lotId": bad, "state": "rejected"])
        for method in ["decoction.lot.accept", "decoction.lot.reject"] {
            var params: [String: JSONValue] = ["lotId": bad]
            params["reason"] = method.hasSuffix("reject") ? "再次" : nil
            let refused = try await pharmacy.refusal(method, .object(params))
            #expect(refused.reason == "decoction.lotStateConflict")
            #expect(refused.details?["state"] == "rejected")
        }
        let good = JSONValue.string(try await pharmacy.stock(Pharmacy.mahuang, 1000))
        let late = try await pharmacy.refusal("decoction.lot.reject", ["lotId": good, "reason": "迟了"])
        #expect(late.reason == "decoction.lotStateConflict")
        #expect(
            try pharmacy.host.sql("SELECT decision, reason FROM decoction.decision ORDER BY at, decision, reason")
                == [["accept", ""], ["reject", "有霉味"]])
    }

    @Test("another site's lot is not found, whatever is done with it")
    func foreignLot() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = JSONValue.string(try await pharmacy.receive(Pharmacy.mahuang, 1000))
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let calls: [(String, JSONValue)] = [
            ("decoction.lot.accept", ["lotId": lot]), ("decoction.lot.reject", ["lotId": lot, "reason": "x"]),
            ("decoction.lot.dispose", ["lotId": lot, "reason": "x"]),
            (
                "decoction.stock.issue",
                Pharmacy.document([Line(Pharmacy.mahuang, 1, lot: lot.stringValue)])
            ),
        ]
        for (method, params) in calls {
            let refused = try await pharmacy.refusal(method, params, by: there)
            #expect(refused.reason == "host.notFound", "\(method)")
            #expect(refused.details?["lotId"] == lot, "\(method)")
        }
        #expect(try await there.call("decoction.stock.list")["lots"] == [])
        #expect(try await there.call("decoction.movement.list", ["lotId": lot])["movements"] == [])
    }
}
