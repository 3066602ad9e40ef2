import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Stocktakes: blind, recounted, approved with reasons.
struct StocktakeTests {
    @Test("8.2: what differs is counted again by another, approved by a third, and booked with its reason")
    func wholeWay() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.stock(Pharmacy.mahuang, 100_000)
        let right = try await hall.pharmacy.stock(Pharmacy.guizhi, 50_000)
        let stocktake = try await hall.start()
        let sheet = try await hall.pharmacy.pharmacist.call(
            "decoction.stocktake.sheet", ["stocktakeId": .string(stocktake)])["lots"]?.arrayValue
        #expect(sheet?.count == 2)
        #expect(sheet?.allSatisfy { $0["status"] == "open" && $0["bookMg"] == nil && $0["onHandMg"] == nil } == true)
        let unfinished = try await hall.refusal("finish", stocktake)
        #expect(unfinished.reason == "decoction.countIncomplete" && unfinished.details?["count"] == 2)
        #expect(try await hall.count(stocktake, right, 50_000) == "counted")
        #expect(try await hall.count(stocktake, lot, 90_000) == "recount")
        let same = try await hall.refusal(counting: stocktake, lot, 90_000)
        #expect(same.reason == "decoction.recountByAnother")
        #expect(try await hall.refusal("finish", stocktake).details?["lots"]?[0]?["status"] == "recount")
        #expect(try await hall.differences(stocktake).isEmpty)
        #expect(try await hall.count(stocktake, lot, 90_100, by: hall.second) == "counted")
        // What is issued between count and approval is no part of the difference.
        try await hall.pharmacy.issue(Line(Pharmacy.mahuang, 20_000))
        let finished = try await hall.pharmacy.pharmacist.call(
            "decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        #expect(finished["state"] == "awaitingApproval" && finished["differences"] == 1)
        #expect(try await hall.differences(stocktake).map { $0["differenceMg"] } == [-9900])
        let unexplained = try await hall.refusal(approving: stocktake)
        #expect(
            unexplained.reason == "decoction.reasonMissing"
                && unexplained.details?["lots"]?[0]?["lotId"] == .string(lot))
        let tooMuch = try await hall.refusal(approving: stocktake, reasons: [lot: "虫蛀"])
        #expect(tooMuch.reason == "decoction.reasonMissing" && tooMuch.details?["losses"]?.arrayValue?.count == 1)
        let approved = try await hall.approve(stocktake, reasons: [lot: "虫蛀"], lossReason: "梅雨季受潮")
        // 9.9 g at 68.00 yuan a kilogram.
        #expect(approved["lossFen"] == 67 && approved["gainFen"] == 0 && approved["differences"] == 1)
        #expect(approved["losses"]?[0]?["volatile"] == true || approved["losses"]?[0]?["volatile"] == false)
        #expect(try await hall.pharmacy.onHand() == [lot: 70_100, right: 50_000])
        let moves = try await hall.pharmacy.pharmacist.call(
            "decoction.movement.list", ["documentId": try #require(approved["documentId"])])["movements"]
        #expect(moves?[0]?["kind"] == "stocktake" && moves?[0]?["reason"] == "虫蛀")
        #expect(try await hall.refusal(approving: stocktake).reason == "decoction.stocktakeStateConflict")
        try await hall.pharmacy.expectSound()
    }

    @Test("PC-03, 8.2: what is found where it may not lie is not booked there")
    func foundElsewhere() async throws {
        let hall = try await CountingHall.open()
        _ = try await hall.pharmacy.stock(Pharmacy.mahuang, 10_000)
        let other = try await hall.pharmacy.stock(Pharmacy.guizhi, 10_000)
        try await hall.pharmacy.issue(Line(Pharmacy.guizhi, 5_000))
        let drawer = try await hall.pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        let stocktake = try await hall.start(at: drawer)
        _ = try await hall.count(stocktake, other, 100)
        _ = try await hall.count(stocktake, other, 100, by: hall.second)
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        let refused = try await hall.refusal(approving: stocktake, reasons: [other: "错放"])
        #expect(refused.reason == "decoction.locationUnsuitable")
        #expect(refused.details?["why"] == "drawerHoldsAnotherPiece" && refused.details?["lotId"] == .string(other))
    }

    @Test("who has counted does not approve; a place is counted once at a time, by whoever comes first")
    func separation() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.stock(Pharmacy.mahuang, 1000)
        let stocktake = try await hall.start()
        let running = try await hall.pharmacy.refusal("decoction.stocktake.start", [:])
        #expect(running.reason == "decoction.stocktakeRunning" && running.details?["stocktakeId"] == .string(stocktake))
        #expect(try await hall.count(stocktake, lot, 995) == "counted")
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        // Somebody who has both roles.
        try hall.pharmacy.host.script(
            """
            INSERT INTO host.role_grant (account_id, role, site_id, reach)
            SELECT account_id, 'reviewer', (SELECT site_id FROM host.site WHERE code = 't1'), 'site'
            FROM host.account WHERE account = '\(hall.pharmacy.pharmacist.account)'
            """)
        _ = try await hall.pharmacy.reviewer()  // a new account makes the host read its directory anew
        #expect(
            try await hall.refusal(approving: stocktake, by: hall.pharmacy.pharmacist).reason
                == "decoction.approverCounted")
        _ = try await hall.approve(stocktake, lossReason: "称量误差")
        #expect(try await hall.pharmacy.onHand() == [lot: 995])
        _ = try await hall.start()
    }

    @Test("8.2: toxic pieces are counted by two, in their cupboard, and are due again the next day")
    func toxic() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.receive(Pharmacy.chuanwu, 10_000)
        for client in [hall.pharmacy.pharmacist, hall.second] {
            try await client.call("decoction.lot.accept", ["lotId": .string(lot)])
        }
        let plain = try await hall.pharmacy.stock(Pharmacy.mahuang, 1000)
        let cupboard = try await hall.pharmacy.place("DX", "toxicCupboard")
        try await hall.pharmacy.transfer(lot, 10_000, to: cupboard)
        let stocktake = try await hall.start(at: cupboard, scope: "toxic")
        let outside = try await hall.refusal(counting: stocktake, plain, 1000)
        #expect(outside.reason == "host.invalidParams" && outside.details?[0]?["pointer"] == "/lotId")
        #expect(try await hall.count(stocktake, lot, 10_000) == "recount")
        #expect(try await hall.count(stocktake, lot, 10_000, by: hall.second) == "counted")
        let finished = try await hall.second.call(
            "decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        #expect(finished["state"] == "approved" && finished["differences"] == 0)
        let due = try await hall.pharmacy.pharmacist.call("decoction.stocktake.due")["due"]?.arrayValue ?? []
        let toxic = due.first { $0["scope"] == "toxic" }
        #expect(toxic?["locationId"] == .string(cupboard))
        #expect(toxic?["dueOn"] == .string(Pharmacy.now.localDate.adding(days: 1).description))
        #expect(due.contains { $0["scope"] == "all" && $0["lastOn"] == nil && $0["overdue"] == false })
        let later = try await hall.pharmacy.later(Pharmacy.now.adding(seconds: 2 * 86_400))
        let overdue = try await later.pharmacist.call("decoction.stocktake.due")["due"]?.arrayValue ?? []
        #expect(overdue.first { $0["scope"] == "toxic" }?["overdue"] == true)
    }

    @Test("a count is outdated by a reversal or a late entry since; sent back, it is counted anew")
    func outdated() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.stock(Pharmacy.mahuang, 100_000)
        let wrong = try await hall.pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 500)]))
        hall.pharmacy.host.setClock(Pharmacy.now.adding(seconds: 60))
        let stocktake = try await hall.start()
        #expect(try await hall.count(stocktake, lot, 100_000) == "counted")
        hall.pharmacy.host.setClock(Pharmacy.now.adding(seconds: 120))
        try await hall.pharmacy.reverse(try #require(wrong["documentId"]?.stringValue))
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        let refused = try await hall.refusal(approving: stocktake)
        #expect(refused.reason == "decoction.countOutdated" && refused.details?["lots"]?[0]?["lotId"] == .string(lot))
        try await hall.reviewer.call(
            "decoction.stocktake.recount", ["stocktakeId": .string(stocktake), "lotIds": [.string(lot)]])
        #expect(try await hall.refusal("finish", stocktake).details?["lots"]?[0]?["status"] == "open")
        #expect(try await hall.count(stocktake, lot, 100_000) == "counted")
        let finished = try await hall.pharmacy.pharmacist.call(
            "decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        #expect(finished["state"] == "approved")
        #expect(try await hall.pharmacy.onHand() == [lot: 100_000])
        let counts = try hall.pharmacy.host.sql("SELECT count(*) FROM decoction.stocktake_count")
        #expect(counts == [["2"]])
        try await hall.pharmacy.expectSound()
    }

    @Test("more than was received, or less than is left, is not booked; a cancelled count books nothing")
    func limits() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.stock(Pharmacy.mahuang, 1000)
        let stocktake = try await hall.start()
        _ = try await hall.count(stocktake, lot, 1100)
        _ = try await hall.count(stocktake, lot, 1100, by: hall.second)
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        let surplus = try await hall.refusal(approving: stocktake, reasons: [lot: "多发"])
        #expect(surplus.reason == "decoction.surplusBeyondReceipt")
        try await hall.reviewer.call(
            "decoction.stocktake.recount", ["stocktakeId": .string(stocktake), "lotIds": [.string(lot)]])
        _ = try await hall.count(stocktake, lot, 400)
        _ = try await hall.count(stocktake, lot, 400, by: hall.second)
        try await hall.pharmacy.issue(Line(Pharmacy.mahuang, 500))
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        #expect(
            try await hall.refusal(approving: stocktake, reasons: [lot: "少"]).reason == "decoction.countOutdated")
        try await hall.reviewer.call(
            "decoction.stocktake.cancel", ["stocktakeId": .string(stocktake), "reason": "停电，改日重盘"])
        #expect(try await hall.pharmacy.onHand() == [lot: 500])
        #expect(
            try await hall.refusal(counting: stocktake, lot, 500).reason == "decoction.stocktakeStateConflict")
        let listed = try await hall.reviewer.call("decoction.stocktake.list", ["state": "cancelled"])["stocktakes"]
        #expect(listed?[0]?["reason"] == "停电，改日重盘" && listed?[0]?["lots"] == 1)
        try await hall.pharmacy.expectSound()
    }

    @Test("100 approvals of one stocktake book its differences once")
    func approvalRace() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.stock(Pharmacy.mahuang, 100_000)
        let stocktake = try await hall.start()
        _ = try await hall.count(stocktake, lot, 99_500)
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        var made: [TestClient] = []
        for _ in 0..<10 { made.append(try await hall.pharmacy.host.client(role: .reviewer, site: "t1")) }
        let clients = made
        let outcomes = await Task.detached {
            Racing.run(100) { () -> String in
                let client = clients[Int.random(in: 0..<10)]
                for _ in 0..<50 {
                    do {
                        _ = try client.callAndWait(
                            "decoction.stocktake.approve", ["stocktakeId": .string(stocktake), "reason": "称量误差"])
                        return "approved"
                    } catch let refused as CallRefused where !refused.retryable {
                        return refused.reason
                    }
                }
                return "busy"
            }
        }.value
        let reasons = try outcomes.map { try $0.get() }
        #expect(reasons.filter { $0 == "approved" }.count == 1)
        #expect(reasons.filter { $0 == "decoction.stocktakeStateConflict" }.count == 99)
        #expect(try await hall.pharmacy.onHand() == [lot: 99_500])
        try await hall.pharmacy.expectSound()
    }
}
