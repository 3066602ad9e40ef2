import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Medicine of the county that does not reach the township's patient: lost, damaged, or recalled on its way.
struct UndeliveredTests {
    private static func recall(_ lot: String) -> JSONValue { ["lotId": .string(lot), "reason": "药监部门通报"] }
    private static func delivery(_ id: JSONValue) -> JSONValue {
        ["prescriptionId": id, "villageZh": "示例村三组", "carrier": "配送员甲"]
    }
    private static func price(_ id: JSONValue, _ client: TestClient) async throws -> JSONValue {
        try await client.call("decoction.prescription.price", ["prescriptionId": id])
    }
    private static func handingOver(_ id: JSONValue) -> JSONValue { ["prescriptionId": id, "receivedBy": "family"] }

    /// Dispensed at the county; with the lot that it was taken from.
    private static func dispensed(
        _ both: TwoPharmacies
    ) async throws -> (home: JSONValue, forwarding: JSONValue, made: JSONValue, lot: String) {
        try both.host.script("UPDATE decoction.lot SET expires_on = '2029-01-01'")
        try both.shelve("麻黄")
        let at = try await both.taken()
        try await both.approve(at.made)
        let lot = try await both.dispense(at.made)["moves"]?[0]?["lotId"]?.stringValue
        return (at.home, at.forwarding, at.made, try #require(lot))
    }

    @Test(
        "what was lost on its way is given up: the prescription is at home again, and may be sent anew; nothing said is readable"
    )
    func lost() async throws {
        let both = try await TwoPharmacies.open()
        let at = try await Self.dispensed(both)
        // Its lots cost 1 yuan a kilogram, and 18 g of it are 2 fen.
        try await both.dispenser.call(
            "decoction.price.set",
            ["pieceCode": .string(Clinic.code("麻黄")), "priceFenPerKg": 110, "reason": "定价"])
        #expect(try await Self.price(at.home, both.doctor)["totalFen"] == nil)
        try await both.ship(at.forwarding)
        let due = try await Self.price(at.home, both.doctor)
        #expect(due["pricedAt"] == "county" && due["pieces"] == [] && due["frozen"] == .bool(due["totalFen"] != nil))
        let unrecalled: JSONValue = ["forwardingId": at.forwarding, "why": "recalled"]
        let refused = try await both.refusal(both.township, "decoction.forwarded.giveUp", unrecalled)
        #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == "/why")
        try await both.giveUp(at.forwarding)
        let refund = try await Self.price(at.made, both.reviewer)
        #expect(refund["returned"] == true && refund["dueFen"] == 0)
        #expect(try await Self.price(at.home, both.doctor)["pricedAt"] == nil)
        let recalled = try await both.dispenser.call("decoction.lot.recall", Self.recall(at.lot))
        #expect(
            recalled["patients"]?[0]?["prescriptionId"] == at.made && recalled["patients"]?[0]?["givenUp"] == "lost")
        try both.shelve("麻黄")
        let card = try await both.card(at.home)
        #expect(card["state"] == "submitted")
        for seen in [card["forwardings"]?[0], try await both.countyCard(at.made)["forwardings"]?[0]] {
            #expect(seen?["state"] == "givenUp" && seen?["whyGivenUp"] == "lost")
            #expect(seen?["giveUpReason"] == "已电话告知县院" && seen?["givenUpAt"] != nil && seen?["receivedAt"] == nil)
        }
        let stored = try both.host.sql("SELECT forwarding::text FROM decoction.forwarding")[0][0] ?? ""
        #expect(!stored.contains("电话"))
        let late = try await both.refusal(
            both.township, "decoction.forwarded.receive", TwoPharmacies.forwarding(at.forwarding))
        #expect(late.reason == "decoction.forwardingStateConflict" && late.details?["state"] == "givenUp")
        // Taken, shipped and given up are told at both sites.
        try await both.host.expect(
            """
            SELECT code, count(*) FROM host.event JOIN host.site USING (site_id)
            WHERE topic = 'decoction.forwarded.moved' GROUP BY code ORDER BY code
            """, [["county", "3"], ["t1", "3"]])
        let again = try await both.forward(at.home)
        #expect(try await both.take(again) != at.made)
        #expect(try both.contradictions().isEmpty)
    }

    @Test(
        "RX-09: toxic pieces that were lost on their way are no earlier supply; sent anew, they are judged as the first time"
    )
    func lostToxic() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("雄黄")
        let most = try #require(try TestCase.piece("雄黄").dose?.upperBound)
        func sent(_ home: JSONValue) async throws -> (JSONValue, [String]) {
            let forwarding = try await both.forward(home)
            let reply = try await both.reviewer.call(
                "decoction.forwarded.take", TwoPharmacies.forwarding(forwarding))
            let holding = reply["findings"]?.arrayValue?.filter { ["block", "confirm"].contains($0["severity"]) } ?? []
            return (forwarding, holding.compactMap { $0["rule"]?.stringValue })
        }
        let home = try await both.submit { $0.of(("雄黄", most)).with("doses", 2) }
        let (forwarding, first) = try await sent(home)
        // What is tested is not the scale: the medicine has set out.
        try both.host.script(
            """
            UPDATE decoction.prescription SET state = 'handedOver' WHERE forwarding_id IS NOT NULL;
            UPDATE decoction.forwarding SET state = 'inTransit', carrier = ''::bytea, shipped_at = now(), due_on = '2026-11-25',
                rule_version = '1.0'
            """)
        try await both.giveUp(forwarding)
        #expect(try await sent(home).1 == first)
    }

    @Test("PC-02: what is recalled on its way arrives, and is neither handed over nor delivered; it is given up")
    func recalledOnItsWay() async throws {
        let both = try await TwoPharmacies.open()
        let at = try await Self.dispensed(both)
        try await both.ship(at.forwarding)
        try await both.dispenser.call("decoction.lot.recall", Self.recall(at.lot))
        try await both.receive(at.forwarding)
        #expect(try await both.card(at.home)["forwardings"]?[0]?["recalledAt"] != nil)
        for (method, params) in [
            ("prescription.handOver", Self.handingOver(at.home)), ("delivery.create", Self.delivery(at.home)),
        ] {
            let refused = try await both.refusal(both.township, "decoction.\(method)", params)
            #expect(refused.reason == "decoction.lotRecalled" && refused.details?["forwardingId"] == at.forwarding)
        }
        #expect(try await both.card(at.home)["state"] == "arrived")
        try await both.giveUp(at.forwarding, "recalled")
        #expect(try both.contradictions().isEmpty)
    }

    @Test("PC-02: what is recalled behind its arrival is not signed for in the village; brought back, it is given up")
    func recalledInTheVillage() async throws {
        let both = try await TwoPharmacies.open()
        let at = try await Self.dispensed(both)
        try await both.ship(at.forwarding)
        try await both.receive(at.forwarding)
        let delivery = try #require(
            try await both.township.call("decoction.delivery.create", Self.delivery(at.home))["deliveryId"])
        try await both.dispenser.call("decoction.lot.recall", Self.recall(at.lot))
        let unsigned = try await both.refusal(
            both.township, "decoction.delivery.handOver", Dispensary.signed(delivery))
        #expect(unsigned.reason == "decoction.lotRecalled")
        let ending: JSONValue = ["forwardingId": at.forwarding, "why": "recalled"]
        let early = try await both.refusal(both.township, "decoction.forwarded.giveUp", ending)
        #expect(early.reason == "decoction.deliveryExists" && early.details?["deliveryId"] == delivery)
        try await both.township.call(
            "decoction.delivery.bringBack", ["deliveryId": delivery, "reason": "批次召回"])
        try await both.giveUp(at.forwarding, "recalled")
        #expect(try await both.card(at.home)["state"] == "submitted")
    }

    @Test(
        "PC-02: what was recalled before it set out stays at the pharmacy; the recall marks nothing that is elsewhere")
    func recalledBefore() async throws {
        let both = try await TwoPharmacies.open()
        let at = try await Self.dispensed(both)
        try await both.dispenser.call("decoction.lot.recall", Self.recall(at.lot))
        let refused = try await both.refusal(
            both.dispenser, "decoction.forwarded.ship", ["forwardingId": at.forwarding, "carrier": "配送员"])
        #expect(refused.reason == "decoction.lotRecalled")
        #expect(try both.host.sql("SELECT state, recalled_at FROM decoction.forwarding") == [["taken", nil]])
        // Another lot, and another prescription: none of it is theirs.
        let other = try await Self.dispensed(both)
        try await both.ship(other.forwarding)
        try await both.receive(other.forwarding)
        try await both.township.call("decoction.prescription.handOver", Self.handingOver(other.home))
        #expect(try await both.card(other.home)["state"] == "handedOver")
    }

    @Test("a hand-over at the township waits for the county's recall that was begun before it, and is refused")
    func handOverBehindRecall() async throws {
        let both = try await TwoPharmacies.open()
        let at = try await Self.dispensed(both)
        try await both.ship(at.forwarding)
        try await both.receive(at.forwarding)
        let id = try #require(at.forwarding.stringValue)
        let held = try both.host.hold("SELECT 1 FROM decoction.forwarding WHERE forwarding_id = '\(id)' FOR UPDATE")
        let recall = Self.begin(both.dispenser, "decoction.lot.recall", Self.recall(at.lot))
        try await Self.waiting(1, both.host)
        let handOver = Self.begin(both.township, "decoction.prescription.handOver", Self.handingOver(at.home))
        try await Self.waiting(2, both.host)
        try held.release()
        #expect(await recall.value == "done")
        #expect(await handOver.value == "decoction.lotRecalled")
        #expect(try await both.card(at.home)["state"] == "arrived")
    }

    @Test(
        "recall and hand-over race: what was handed over first is in the report, and nothing is handed over behind it")
    func race() async throws {
        let both = try await TwoPharmacies.open()
        var handedOver = 0
        for _ in 0..<10 {
            let at = try await Self.dispensed(both)
            try await both.ship(at.forwarding)
            try await both.receive(at.forwarding)
            let turn = Mutex(0)
            let (county, township) = (both.dispenser, both.township)
            let outcomes = await Racing.aside(2) {
                let isFirst = turn.withLock { turn in
                    turn += 1
                    return turn == 1
                }
                return isFirst
                    ? try Self.outcome(county, "decoction.lot.recall", Self.recall(at.lot))
                    : try Self.outcome(township, "decoction.prescription.handOver", Self.handingOver(at.home))
            }
            let reasons = Set(try outcomes.map { try $0.get() })
            let state = try await both.card(at.home)["state"]
            #expect(reasons == (state == "handedOver" ? ["done"] : ["done", "decoction.lotRecalled"]))
            #expect(state == "handedOver" || state == "arrived")
            let report = try await both.dispenser.call("decoction.recall.get", ["lotId": .string(at.lot)])
            #expect(report["patients"]?[0]?["prescriptionId"] == at.made)
            if state == "handedOver" { handedOver += 1 }
        }
        print("handed over before the recall: \(handedOver) of 10")
    }

    private static func begin(_ client: TestClient, _ method: String, _ params: JSONValue) -> Task<String, Never> {
        Task.detached {
            let outcomes = await Racing.aside(1) { try Self.outcome(client, method, params) }
            return (try? outcomes[0].get()) ?? "failed"
        }
    }

    private static func outcome(_ client: TestClient, _ method: String, _ params: JSONValue) throws -> String {
        do {
            _ = try Racing.retrying(200) { try client.callAndWait(method, params) }
            return "done"
        } catch let refused as CallRefused {
            return refused.reason
        }
    }

    /// Waits until so many sessions wait for a lock.
    private static func waiting(_ count: Int, _ host: TestHost) async throws {
        try await host.expect(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            [["\(count)"]])
    }
}
