import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A township orders from the county's pharmacy: what is shipped is not received before it was counted.
struct SharedOrderTests {
    private static let piece = Pharmacy.mahuang

    @Test("shipped is in transit to both sites, on nobody's shelf, and becomes the receiver's own lot in quarantine")
    func wholeWay() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Self.piece, 5000)
        let (order, moves) = try await sites.shipped((Self.piece, 3000))
        #expect(moves == [Moved(lot, 3000)])
        #expect(try await sites.onHand(sites.county, Self.piece) == 2000)
        #expect(try await sites.onHand(sites.township, Self.piece) == 0)
        for (client, direction) in [(sites.county, "going"), (sites.township, "coming")] {
            let transit = try await client.call("decoction.transit.list")["transit"]
            #expect(transit?.arrayValue?.count == 1)
            #expect(transit?[0]?["inTransitMg"] == 3000 && transit?[0]?["direction"] == .string(direction))
            #expect(try await sites.amounts(order, seenBy: client) == [3000, 0, 0, 3000])
        }
        let reply = try await sites.receive(order, (lot, 3000))
        #expect(reply["claims"] == [] && reply["state"] == "received")
        let arrived = try #require(reply["lots"]?[0]?["lotId"])
        let trace = try await sites.township.call("decoction.lot.trace", ["lotId": arrived])
        let original = try await sites.county.call("decoction.lot.trace", ["lotId": .string(lot)])
        for member in ["pieceCode", "batchNumber", "producedOn", "expiresOn"] {
            #expect(trace[member] == original[member], "\(member)")
        }
        #expect(trace["state"] == "quarantined" && trace["onHandMg"] == 3000)
        #expect(trace["licence"] == .string(TwoSites.licence) && trace["moved"]?[0]?["kind"] == "arrival")
        #expect(try await sites.township.call("decoction.lot.accept", ["lotId": arrived])["state"] == "accepted")
        let shown = try await sites.county.call("decoction.order.get", TwoSites.id(order))
        #expect(shown["arrivals"]?[0]?["lotId"] == arrived)
        let withLot = try await sites.county.call("decoction.order.list", ["lotId": .string(lot)])["orders"]
        #expect(withLot?[0]?["siteCode"] == "t1" && withLot?.arrayValue?.count == 1)
        #expect(try await sites.county.call("decoction.order.list", ["lotId": arrived])["orders"] == [])
        #expect(shown["lots"]?[0]?["makerLicence"] == "皖20260001")
        #expect(try await sites.township.call("decoction.transit.list")["transit"] == [])
        for client in [sites.county, sites.township] {
            #expect(try await client.call("decoction.ledger.verify")["ok"] == true)
        }
        #expect(try sites.differences().isEmpty)
    }

    @Test(
        "what is missing becomes a claim, which the sender alone settles, once",
        arguments: ["resend", "found", "writeOff"])
    func shortage(settlement: String) async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Self.piece, 5000)
        let (order, _) = try await sites.shipped((Self.piece, 3000))
        let reply = try await sites.receive(order, (lot, 2900))
        let claim = reply["claims"]?[0]?["claimId"]
        #expect(reply["claims"]?[0]?["quantityMg"] == 100)
        #expect(try await sites.amounts(order, seenBy: sites.county) == [3000, 2900, 100, 0])
        let params: JSONValue = ["claimId": try #require(claim), "settlement": .string(settlement), "reason": "漏装"]
        #expect(try await sites.refusal(sites.township, "decoction.claim.settle", params).reason == "host.forbidden")
        let settled = try await sites.settle(claim, settlement)
        #expect(
            try await sites.refusal(sites.county, "decoction.claim.settle", params).reason == "decoction.claimSettled")
        switch settlement {
        case "resend":
            #expect(settled["documentId"] == nil)
            #expect(try await sites.amounts(order, seenBy: sites.township) == [3000, 2900, 0, 100])
            #expect(try await sites.receive(order, (lot, 100))["claims"] == [])
            #expect(try await sites.amounts(order, seenBy: sites.township) == [3000, 3000, 0, 0])
            #expect(try await sites.onHand(sites.township, Self.piece) == 3000)
        case "found":
            #expect(try await sites.onHand(sites.county, Self.piece) == 2100)
        default:
            #expect(try await sites.onHand(sites.county, Self.piece) == 2000)
            let entries = try await sites.county.call(
                "decoction.movement.list", ["documentId": try #require(settled["documentId"])])["movements"]
            #expect(entries?.arrayValue?.compactMap { $0["kind"]?.stringValue } == ["shipmentReturn", "disposal"])
        }
        let listed = try await sites.township.call("decoction.claim.list", TwoSites.id(order))["claims"]?[0]
        #expect(listed?["reason"] == "装车清点有误" && listed?["ours"] == true)
        #expect(try sites.differences().isEmpty)
    }

    @Test("8.4: toxic and narcotic pieces that are written off await their second person")
    func narcoticWrittenOff() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Self.piece, 5000)
        let (order, _) = try await sites.shipped((Self.piece, 3000))
        let claim = try await sites.receive(order, (lot, 2900))["claims"]?[0]?["claimId"]
        try sites.host.script("UPDATE decoction.piece SET control_class = 'narcotic' WHERE code = '\(Self.piece)'")
        let unknown = try await sites.refusal(
            sites.county, "decoction.claim.settle",
            [
                "claimId": try #require(claim), "settlement": "writeOff", "reason": "遗失",
                "confirmedByStaffId": .string(Sample.checker.description),
            ])
        #expect(unknown.reason == "decoction.staffNotEntitled")
        let settled = try await sites.settle(claim, "writeOff")
        let waiting = try await sites.county.call("decoction.toxic.unconfirmed")["documents"]
        #expect(waiting?.arrayValue?.count == 1 && waiting?[0]?["documentId"] == settled["documentId"])
        #expect(waiting?[0]?["kind"] == "disposal" && waiting?[0]?["quantityMg"] == 100)
        #expect(try sites.differences().isEmpty)
    }

    @Test("every lot in transit is counted once, none for more than was shipped")
    func counting() async throws {
        let sites = try await TwoSites.open()
        let early = try await sites.stock(Self.piece, 1000, expiresIn: 100)
        let late = try await sites.stock(Self.piece, 1000, expiresIn: 200)
        let (order, moves) = try await sites.shipped((Self.piece, 1500))
        #expect(moves == [Moved(early, 1000), Moved(late, 500)])
        for (counted, reason) in [
            ([(early, 1000)], "decoction.shipmentNotCounted"), ([], "host.invalidParams"),
            ([(early, 1000), (late, 501)], "decoction.receivedMoreThanShipped"),
            ([(early, 1000), (late, 500), (Sample.lot.description, 0)], "decoction.receivedMoreThanShipped"),
            ([(early, 500), (early, 500), (late, 500)], "host.invalidParams"),
        ] as [([(String, Int64)], String)] {
            let refused = try await sites.refusal(
                sites.township, "decoction.order.receive", TwoSites.counted(order, counted))
            #expect(refused.reason == reason)
        }
        #expect(try await sites.amounts(order, seenBy: sites.township) == [1500, 0, 0, 1500])
        let reply = try await sites.receive(order, (early, 0), (late, 500))
        #expect(reply["lots"]?.arrayValue?.count == 1 && reply["claims"]?[0]?["quantityMg"] == 1000)
        let again = try await sites.refusal(
            sites.township, "decoction.order.receive", TwoSites.counted(order, [(late, 500)]))
        #expect(again.reason == "decoction.orderStateConflict" && again.details?["state"] == "received")
        #expect(try sites.differences().isEmpty)
    }

    @Test("a step is taken by its own side and in its own state; nothing of a short document leaves")
    func states() async throws {
        let sites = try await TwoSites.open()
        try await sites.stock(Self.piece, 1000)
        let order = try await sites.place((Self.piece, 1500))
        let id = TwoSites.id(order)
        func reason(_ client: TestClient, _ step: String, _ params: JSONValue) async throws -> String {
            try await sites.refusal(client, "decoction.order.\(step)", params).reason
        }
        #expect(try await reason(sites.county, "ship", id) == "decoction.orderStateConflict")
        #expect(try await reason(sites.township, "accept", id) == "host.notFound")
        #expect(try await reason(sites.township, "ship", id) == "host.notFound")
        try await sites.accept(order)
        #expect(try await reason(sites.county, "accept", id) == "decoction.orderStateConflict")
        #expect(try await reason(sites.county, "ship", id) == "decoction.insufficientStock")
        #expect(try await sites.onHand(sites.county, Self.piece) == 1000)
        let excess: JSONValue = ["orderId": .string(order), "lines": TwoSites.lines([(Self.piece, 1501)])]
        #expect(try await reason(sites.county, "ship", excess) == "decoction.shippedMoreThanOrdered")
        let foreign: JSONValue = ["orderId": .string(order), "lines": TwoSites.lines([(Pharmacy.guizhi, 1)])]
        #expect(try await reason(sites.county, "ship", foreign) == "decoction.shippedMoreThanOrdered")
        let part: JSONValue = ["orderId": .string(order), "lines": TwoSites.lines([(Self.piece, 900)])]
        let shipped = try await sites.county.call("decoction.order.ship", part)
        #expect(shipped["dueOn"] == "2026-11-25")
        let refusing: JSONValue = ["orderId": .string(order), "reason": "缺货"]
        #expect(try await reason(sites.county, "refuse", refusing) == "decoction.orderStateConflict")
        let document = try #require(shipped["documentId"])
        let reversal = try await sites.refusal(
            sites.county, "decoction.movement.reverse", ["documentId": document, "reason": "发错"])
        #expect(reversal.reason == "decoction.shipmentNotReversible")

        let second = try await sites.place((Self.piece, 10))
        let cancelled = try await sites.township.call(
            "decoction.order.cancel", ["orderId": .string(second), "reason": "不需要了"])
        #expect(cancelled["state"] == "cancelled")
        let third = try await sites.place((Self.piece, 10))
        try await sites.accept(third)
        let refused = try await sites.county.call(
            "decoction.order.refuse", ["orderId": .string(third), "reason": "缺货"])
        #expect(refused["state"] == "refused")
        let listed = try await sites.township.call("decoction.order.list", ["state": "refused"])["orders"]
        #expect(listed?.arrayValue?.count == 1 && listed?[0]?["refusal"] == "缺货")
        #expect(try sites.differences().isEmpty)
    }

    @Test("bad orders are refused: nobody's pharmacy, one's own, a closed one, a piece twice, unknown or withdrawn")
    func badOrders() async throws {
        let sites = try await TwoSites.open()
        func reason(_ client: TestClient, _ site: String, _ lines: [(String, Int64)]) async throws -> String {
            try await sites.refusal(
                client, "decoction.order.place", ["supplierSite": .string(site), "lines": TwoSites.lines(lines)]
            ).reason
        }
        let line = [(Self.piece, Int64(1))]
        #expect(try await reason(sites.township, "t2", line) == "decoction.pharmacyUnknown")
        #expect(try await reason(sites.county, "county", line) == "host.invalidParams")
        #expect(try await reason(sites.township, "county", line + line) == "host.invalidParams")
        #expect(try await reason(sites.township, "county", [("XLYP0000", 1)]) == "decoction.pieceUnknown")
        try sites.host.script(
            "UPDATE decoction.piece SET withdrawn_on = '2026-11-01' WHERE code = '\(Pharmacy.fangfeng)'")
        #expect(
            try await reason(sites.township, "county", [(Pharmacy.fangfeng, 1)])
                == CatalogueFault.pieceOutOfUse.reason)
        let admin = try await sites.host.client(role: .siteAdmin, site: "county")
        try await admin.call("decoction.pharmacy.set", ["licence": "京20260009", "takesOrders": false])
        #expect(try await reason(sites.township, "county", line) == "decoction.pharmacyUnknown")
        let pharmacies = try await sites.stranger.call("decoction.pharmacy.list")["pharmacies"]
        #expect(pharmacies?[0]?["takesOrders"] == false && pharmacies?[0]?["code"] == "county")
    }

    @Test("what is in transit for too long is listed as overdue to both sites, by the day that the rule gave")
    func overdue() async throws {
        var sites = try await TwoSites.open()
        try await sites.stock(Self.piece, 1000)
        let (order, moves) = try await sites.shipped((Self.piece, 500))
        func overdue(_ client: TestClient) async throws -> [String] {
            let page = try await client.call("decoction.order.list", ["overdue": true])["orders"]?.arrayValue
            return (page ?? []).compactMap { $0["orderId"]?.stringValue }
        }
        sites = try await sites.later(days: 3)
        #expect(try await overdue(sites.county) == [])
        sites = try await sites.later(days: 4)
        #expect(try await overdue(sites.county) == [order])
        #expect(try await overdue(sites.township) == [order])
        #expect(try await overdue(sites.stranger) == [])
        #expect(try await sites.township.call("decoction.transit.list")["transit"]?[0]?["overdue"] == true)
        _ = try await sites.receive(order, (moves[0].lot, 500))
        #expect(try await overdue(sites.county) == [])
        let shown = try await sites.county.call("decoction.order.get", TwoSites.id(order))["order"]?[0]
        #expect(shown?["ruleVersion"] == "1.0" && shown?["dueOn"] == "2026-11-25")
    }
}
