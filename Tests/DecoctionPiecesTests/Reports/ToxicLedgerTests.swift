import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The separate ledger of toxic and narcotic pieces.
struct ToxicLedgerTests {
    @Test("8.2: every entry has its document, two persons and what is left after it")
    func entries() async throws {
        let dispensary = try await Dispensary.open()
        let pharmacy = dispensary.pharmacy
        try dispensary.clinic.shelve("雄黄", "麻黄")
        let code = Clinic.code("雄黄")
        let lot = try await pharmacy.receive(code, 50_000)
        for client in [pharmacy.pharmacist, dispensary.reviewer] {
            try await client.call("decoction.lot.accept", ["lotId": .string(lot)])
        }
        let id = try await dispensary.submit(("雄黄", 100), ("麻黄", 6_000), doses: 2)
        try await dispensary.approve(id)
        let dispensed = try await dispensary.dispense(id, dispensary.weighings(("雄黄", 100), ("麻黄", 6_000), doses: 2))
        try await dispensary.dispenser.call(
            "decoction.prescription.return",
            [
                "prescriptionId": id, "reason": "患者未取", "checkedByStaffId": .string(dispensary.checkerStaff),
            ])
        let report = try await pharmacy.report("toxicLedger")
        #expect(
            report["pieces"] == [
                [
                    "pieceCode": .string(code), "nameZh": "雄黄", "controlClass": "toxic", "openingMg": 10_000_000,
                    "inMg": 50_200, "outMg": 400, "closingMg": 10_049_800, "entries": 4, "withoutSecond": 0,
                ]
            ])
        let entries = try #require(report["entries"]?.arrayValue)
        #expect(entries.map { $0["kind"]?.stringValue } == ["receipt", "issue", "reversal", "disposal"])
        #expect(entries.map { $0["quantityMg"]?.integerValue } == [50_000, -200, 200, -200])
        #expect(
            entries.map { $0["balanceMg"]?.integerValue } == [10_050_000, 10_049_800, 10_050_000, 10_049_800])
        #expect(entries[0]["secondAccountId"] != nil && entries[0]["secondAccountId"] != entries[0]["accountId"])
        #expect(entries[1]["documentId"] == dispensed["documentId"] && entries[1]["prescriptionId"] == id)
        #expect(entries[1...].allSatisfy { $0["secondStaffId"] == .string(dispensary.checkerStaff) })
        // Page by page it is the same.
        var paged: [JSONValue] = []
        var params: [String: JSONValue] = ["limit": 1]
        while true {
            let page = try await pharmacy.report("toxicLedger", .object(params))
            paged += page["entries"]?.arrayValue ?? []
            guard let next = page["next"] else { break }
            params["after"] = next
        }
        #expect(paged == entries)
        let file = try await pharmacy.export("decoction.toxicLedger")
        #expect(columnSum(file, "quantityG", decimals: 3) == 49_800)
        #expect(file.map { $0["balanceG"] } == ["10050", "10049.8", "10050", "10049.8"])
        // What one person alone has entered stands out.
        try await pharmacy.pharmacist.call(
            "decoction.lot.dispose", ["lotId": .string(lot), "quantityMg": 1_000, "reason": "潮解"])
        #expect(try await pharmacy.report("toxicLedger")["pieces"]?[0]?["withoutSecond"] == 1)
        // Until another has confirmed it; who is named at once stands there at once.
        let waiting = try await dispensary.reviewer.call("decoction.toxic.unconfirmed")["documents"]?[0]
        try await dispensary.reviewer.call(
            "decoction.toxic.confirm", ["documentId": try #require(waiting?["documentId"])])
        try await dispensary.dispenser.call(
            "decoction.lot.dispose",
            [
                "lotId": .string(lot), "quantityMg": 500, "reason": "潮解",
                "confirmedByStaffId": .string(dispensary.checkerStaff),
            ])
        let confirmed = try await pharmacy.report("toxicLedger")
        #expect(confirmed["pieces"]?[0]?["withoutSecond"] == 0)
        let last = try #require(confirmed["entries"]?.arrayValue?.suffix(2).map { $0 })
        #expect(last[0]["secondAccountId"] != nil && last[0]["secondAccountId"] != last[0]["accountId"])
        #expect(last[1]["secondStaffId"] == .string(dispensary.checkerStaff) && last[1]["secondAccountId"] == nil)
    }

    @Test("8.2: the second person of a stocktake is one who counted what another approved")
    func counted() async throws {
        let hall = try await CountingHall.open()
        let lot = try await hall.pharmacy.receive(Pharmacy.chuanwu, 9_000)
        for client in [hall.pharmacy.pharmacist, hall.reviewer] {
            try await client.call("decoction.lot.accept", ["lotId": .string(lot)])
        }
        let stocktake = try await hall.start(scope: "toxic")
        _ = try await hall.count(stocktake, lot, 8_000)
        _ = try await hall.count(stocktake, lot, 8_000, by: hall.second)
        try await hall.pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        _ = try await hall.approve(stocktake, reasons: [lot: "潮解"], lossReason: "梅雨季受潮")
        let entry = try await hall.pharmacy.report("toxicLedger")["entries"]?.arrayValue?.last
        #expect(entry?["kind"] == "stocktake" && entry?["secondAccountId"] != nil)
        #expect(entry?["secondAccountId"] != entry?["accountId"])
    }

    @Test("the balance runs over days that were booked later, and begins with what there was")
    func backDated() async throws {
        let pharmacy = try await Pharmacy.open()
        let reviewer = try await pharmacy.reviewer()
        let lot = try await pharmacy.receive(Pharmacy.chuanwu, 9_000)
        for client in [pharmacy.pharmacist, reviewer] {
            try await client.call("decoction.lot.accept", ["lotId": .string(lot)])
        }
        let later = try await pharmacy.later(Pharmacy.now.adding(seconds: 86_400 * 3))
        try await later.issue(Line(Pharmacy.chuanwu, 500))
        try await later.issue(on: Pharmacy.now.localDate.adding(days: 1), Line(Pharmacy.chuanwu, 1_000))
        let report = try await later.report("toxicLedger", ["from": "2026-11-23"])
        #expect(report["pieces"]?[0]?["openingMg"] == 9_000 && report["pieces"]?[0]?["closingMg"] == 7_500)
        #expect(report["entries"]?.arrayValue?.map { $0["balanceMg"] } == [8_000, 7_500])
        #expect(report["entries"]?.arrayValue?.map { $0["bookedOn"] } == ["2026-11-23", "2026-11-25"])
    }
}
