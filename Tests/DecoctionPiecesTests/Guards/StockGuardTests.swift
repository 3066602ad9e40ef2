import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What is condemned, was never received, or is booked where it cannot be.
struct StockGuardTests {
    private static func condemned(_ lot: String) -> JSONValue {
        ["lotId": .string(lot), "kind": "inspection", "finding": "condemned", "note": "有虫蛀"]
    }

    @Test(
        "8.2: a lot that is condemned in quarantine is kept: it is not accepted until released, and then awaits acceptance"
    )
    func condemnedInQuarantine() async throws {
        let pharmacy = try await Pharmacy.open()
        let reviewer = try await pharmacy.reviewer()
        let lot = try await pharmacy.receive(Pharmacy.mahuang, 1000)
        let found = try await pharmacy.pharmacist.call("decoction.care.record", Self.condemned(lot))
        #expect(found["state"] == "withheld" && found["proposal"] == "dispose")
        let kept = try await pharmacy.refusal("decoction.lot.accept", ["lotId": .string(lot)])
        #expect(kept.reason == "decoction.lotStateConflict" && kept.details?["state"] == "withheld")
        let released = try await reviewer.call(
            "decoction.lot.release", ["lotId": .string(lot), "reason": "复检合格"])
        #expect(released["state"] == "quarantined")
        let issue = Pharmacy.document([Line(Pharmacy.mahuang, 1)])
        #expect(try await pharmacy.refusal("decoction.stock.issue", issue).reason == "decoction.insufficientStock")
        let accepted = try await pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": .string(lot)])
        #expect(accepted["state"] == "accepted")
        // The first of two acceptances stays one.
        let toxic = try await pharmacy.receive(Pharmacy.chuanwu, 1000)
        _ = try await pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": .string(toxic)])
        _ = try await pharmacy.pharmacist.call("decoction.care.record", Self.condemned(toxic))
        #expect(
            try await reviewer.call("decoction.lot.release", ["lotId": .string(toxic), "reason": "复检合格"])["state"]
                == "awaitingSecond")
        // What was condemned before it was accepted is rejected without being released.
        _ = try await pharmacy.pharmacist.call("decoction.care.record", Self.condemned(toxic))
        let rejected = try await pharmacy.pharmacist.call(
            "decoction.lot.reject", ["lotId": .string(toxic), "reason": "有虫蛀"])
        #expect(rejected["state"] == "rejected")
    }

    @Test(
        "PC-04: the mark-up follows lots that were really received: one whose receipt was taken back is neither accepted nor a cost"
    )
    func receiptTakenBack() async throws {
        let pharmacy = try await Pharmacy.open()
        func receive(_ fen: Int64) async throws -> (lot: JSONValue, document: JSONValue) {
            var members =
                Pharmacy.delivery(
                    Pharmacy.mahuang, 1000, supplier: pharmacy.supplier,
                    batch: RecordID.make(at: HostClock.system.now).description,
                    expiresOn: Pharmacy.now.localDate.adding(days: 365)
                ).objectValue ?? [:]
            members["unitCostFenPerKg"] = .integer(fen)
            let lot = try #require(
                try await pharmacy.pharmacist.call("decoction.lot.receive", .object(members))["lotId"])
            let moved = try await pharmacy.pharmacist.call("decoction.movement.list", ["lotId": lot])["movements"]
            return (lot, try #require(moved?[0]?["documentId"]))
        }
        func price(_ fen: Int64) -> JSONValue {
            ["pieceCode": .string(Pharmacy.mahuang), "priceFenPerKg": .integer(fen), "reason": "定价"]
        }
        let cheap = try await receive(6_800)
        try await pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": cheap.lot])
        try await pharmacy.issue(Line(Pharmacy.mahuang, 1000))
        // Accepted before it is taken back: it was last, and is no cost.
        let first = try await receive(9_000_000)
        try await pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": first.lot])
        try await pharmacy.reverse(try #require(first.document.stringValue))
        let dear = try await pharmacy.refusal("decoction.price.set", price(10_000_000))
        #expect(dear.reason == "decoction.priceAboveMarkUp" && dear.details?["costFenPerKg"] == 6_800)
        // Taken back before: it is not accepted.
        let second = try await receive(9_000_000)
        try await pharmacy.reverse(try #require(second.document.stringValue))
        let empty = try await pharmacy.refusal("decoction.lot.accept", ["lotId": second.lot])
        #expect(empty.reason == "decoction.lotEmpty")
        try await pharmacy.pharmacist.call("decoction.price.set", price(8_500))
    }

    @Test(
        "nothing is booked before it was produced, or longer ago than PC-04 backDatingDays allows; the field is named")
    func backDating() async throws {
        let pharmacy = try await Pharmacy.open()
        let today = Pharmacy.now.localDate
        func receipt(_ day: LocalDate, producedOn: LocalDate) -> JSONValue {
            var members =
                Pharmacy.delivery(
                    Pharmacy.mahuang, 1000, supplier: pharmacy.supplier, batch: "B",
                    expiresOn: today.adding(days: 365), producedOn: producedOn
                ).objectValue ?? [:]
            members["bookedOn"] = .string(day.description)
            return .object(members)
        }
        let old = today.adding(days: -400)
        for (day, producedOn) in [
            (today.adding(days: -11), today.adding(days: -10)), (today.adding(days: -63), old),
            (try #require(LocalDate("1900-01-01")), old), (try #require(LocalDate("0001-01-01")), old),
        ] {
            let refused = try await pharmacy.refusal("decoction.lot.receive", receipt(day, producedOn: producedOn))
            #expect(refused.reason == "host.invalidParams", "\(day)")
            #expect(refused.details?[0]?["pointer"] == "/bookedOn", "\(day)")
        }
        let issue = try await pharmacy.refusal(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)], on: today.adding(days: -63)))
        #expect(issue.details?[0]?["pointer"] == "/bookedOn")
        for day in [today.adding(days: -10), today.adding(days: -62)] {
            let received = try await pharmacy.pharmacist.call(
                "decoction.lot.receive", receipt(day, producedOn: today.adding(days: -62)))
            #expect(received["state"] == "quarantined")
        }
        // A site books less far back; the county's value is no bound for nonsense.
        let admin = try await pharmacy.host.client(role: .siteAdmin, site: "t1")
        try await admin.call(
            "decoction.rules.revise",
            [
                "rule": "PC-04", "parameter": "backDatingDays", "value": "7",
                "validFrom": .string(today.adding(days: 1).description), "source": "院内规定", "reviewer": "主任中药师",
            ])
        let next = try await pharmacy.later(Pharmacy.now.adding(seconds: 86_400))
        let site = try await next.refusal(
            "decoction.lot.receive", receipt(today.adding(days: -7), producedOn: today.adding(days: -60)))
        #expect(site.details?[0]?["pointer"] == "/bookedOn")
        _ = try await next.pharmacist.call(
            "decoction.lot.receive", receipt(today.adding(days: -6), producedOn: today.adding(days: -60)))
    }

    @Test("a clock that was set back books nothing in a closed month, whichever document it is")
    func clockSetBack() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        let drawer = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        let reply = try await pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)]))
        let december = try await pharmacy.later(Pharmacy.now.adding(seconds: 12 * 86_400))
        try await december.reviewer().call("decoction.period.close", ["month": "2026-11-01"])
        let back = try await december.later(Pharmacy.now.adding(seconds: 86_400))
        for (method, params) in [
            ("stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)])),
            ("stock.transfer", Pharmacy.transfer(lot, 1, from: nil, to: drawer)),
            ("movement.reverse", ["documentId": try #require(reply["documentId"]), "reason": "录入错误"]),
            ("lot.dispose", ["lotId": .string(lot), "quantityMg": 1, "reason": "破损"]),
            (
                "lot.receive",
                Pharmacy.delivery(
                    Pharmacy.mahuang, 1, supplier: pharmacy.supplier, batch: "B",
                    expiresOn: Pharmacy.now.localDate.adding(days: 99))
            ),
        ] as [(String, JSONValue)] {
            let refused = try await back.refusal("decoction.\(method)", params)
            #expect(refused.reason == "decoction.periodClosed", "\(method)")
        }
        let forth = try await back.later(Pharmacy.now.adding(seconds: 13 * 86_400))
        try await forth.issue(Line(Pharmacy.mahuang, 1))
        #expect(try await forth.onHand() == [lot: 9_998])
        try await forth.expectSound()
    }

    @Test("8.2: no drawer is made for a toxic piece")
    func toxicDrawer() async throws {
        let pharmacy = try await Pharmacy.open()
        let drawer: JSONValue = [
            "code": "A-01", "nameZh": "生川乌", "kind": "drawer", "pieceCode": .string(Pharmacy.chuanwu),
        ]
        let refused = try await pharmacy.refusal("decoction.location.create", drawer)
        #expect(refused.reason == "decoction.locationUnsuitable" && refused.details?["why"] == "toxicCupboardOnly")
        _ = try await pharmacy.place("A-01", "drawer", piece: Pharmacy.mahuang)
        #expect(
            try await pharmacy.refusal("decoction.location.create", drawer).reason == "decoction.locationExists")
    }

    @Test(
        "an arrival is not booked on another supplier that has the sender's licence; a sender that changes its name stays who it is"
    )
    func sameLicence() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 9_000)
        let reply = try await sites.township.call(
            "decoction.supplier.create", ["nameZh": "别家公司", "licence": .string(TwoSites.licence)])
        let other = try #require(reply["supplierId"])
        let (order, _) = try await sites.shipped((Pharmacy.mahuang, 1_000))
        let counted = TwoSites.counted(order, [(lot, 1_000)])
        let refused = try await sites.refusal(sites.township, "decoction.order.receive", counted)
        #expect(refused.reason == "decoction.senderUnlikeSupplier" && refused.details?["supplierId"] == other)
        #expect(try await sites.amounts(order, seenBy: sites.township) == [1_000, 0, 0, 1_000])
        // The name is put right; what came once keeps the two together.
        try sites.host.script("UPDATE decoction.supplier SET name_zh = '测试机构' WHERE name_zh = '别家公司'")
        _ = try await sites.receive(order, (lot, 1_000))
        try sites.host.script("UPDATE decoction.supplier SET name_zh = '旧名' WHERE licence = '\(TwoSites.licence)'")
        let (second, _) = try await sites.shipped((Pharmacy.mahuang, 1_000))
        let arrived = try await sites.receive(second, (lot, 1_000))
        #expect(arrived["state"] == "received")
        #expect(try sites.differences().isEmpty)
    }

    @Test("the board of a day to come is empty, up to the last day that can be written")
    func lastBoard() async throws {
        let pharmacy = try await Pharmacy.open()
        for day in ["2026-11-23", "9999-12-31"] {
            let board = try await pharmacy.pharmacist.call("decoction.board.get", ["day": .string(day)])
            #expect(board["day"] == .string(day) && board["jobs"] == [] && board["waiting"] == [])
        }
    }
}
