import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Reports with figures worked out by hand.
struct ReportTests {
    @Test("8.2: shortage and write-off, net of what was taken back, of what was issued and is left, by value")
    func loss() async throws {
        let hall = try await CountingHall.open()
        let pharmacy = hall.pharmacy
        // 100 g and 50 g at 68.00 yuan a kilogram.
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 100_000)
        let other = try await pharmacy.stock(Pharmacy.guizhi, 50_000)
        try await pharmacy.issue(Line(Pharmacy.mahuang, 20_000))
        let stocktake = try await hall.start()
        _ = try await hall.count(stocktake, other, 50_000)
        _ = try await hall.count(stocktake, lot, 70_100)
        _ = try await hall.count(stocktake, lot, 70_100, by: hall.second)
        try await pharmacy.pharmacist.call("decoction.stocktake.finish", ["stocktakeId": .string(stocktake)])
        _ = try await hall.approve(stocktake, reasons: [lot: "虫蛀"], lossReason: "梅雨季受潮")
        let gone = try await pharmacy.pharmacist.call(
            "decoction.lot.dispose", ["lotId": .string(other), "quantityMg": 5_000, "reason": "霉变"])
        // 6.80 yuan − 1.36 − 0.67 = 4.77; 3.40 − 0.34 = 3.06.
        let report = try await pharmacy.report("loss")
        #expect(report["lossFen"] == 101 && report["baseFen"] == 919 && report["ratePercent"] == "10.99")
        #expect(report["ruleVersion"] == "1.0")
        #expect(
            report["reasons"] == [
                ["figure": "shortage", "reason": "虫蛀", "movements": 1, "lossMg": 9_900, "lossFen": 67],
                ["figure": "writeOff", "reason": "霉变", "movements": 1, "lossMg": 5_000, "lossFen": 34],
            ])
        // Each group is the sum of its lines, and the groups are the whole.
        var grouped: Int64 = 0
        for group in report["groups"]?.arrayValue ?? [] {
            for figure in ["shortage", "writeOff"] {
                let lines = try await pharmacy.report(
                    "lines", ["figure": .string(figure), "volatile": try #require(group["volatile"])])
                #expect(lines["total"]?["valueFen"] == group["\(figure)Fen"], "\(figure)")
                grouped += lines["total"]?["valueFen"]?.integerValue ?? 0
            }
        }
        #expect(grouped == 101)
        let first = report["pieces"]?[0]
        #expect(first?["pieceCode"] == .string(Pharmacy.mahuang) && first?["shortageFen"] == 67)
        // 0.67 of 1.36 issued and 4.77 left.
        #expect(first?["baseFen"] == 613 && first?["ratePercent"] == "10.93" && first?["aboveLimit"] == true)
        let moved = try await pharmacy.report("movements")
        #expect(moved["total"]?["closingFen"] == 783 && moved["total"]?["outFen"] == .integer(136 + 67 + 34))

        try await pharmacy.reverse(try #require(gone["documentId"]?.stringValue))
        let after = try await pharmacy.report("loss")
        #expect(after["lossFen"] == 67 && after["baseFen"] == 953 && after["ratePercent"] == "7.03")
        #expect(
            after["reasons"]?[1] == ["figure": "writeOff", "reason": "霉变", "movements": 2, "lossMg": 0, "lossFen": 0])
        let loss = try await pharmacy.indicators("2026-11-22")["C06"]
        #expect(loss?["numerator"] == 67 && loss?["denominator"] == 953 && loss?["value"] == "7.03")
        #expect(try await pharmacy.indicatorLines("C06", "numerator", "2026-11-01").fen == 67)
        #expect(try await pharmacy.indicatorLines("C06", "denominator", "2026-11-01").fen == 953)
        let file = try await pharmacy.export("decoction.lossReport")
        #expect(columnSum(file, "lossYuan", decimals: 2) == 67 && file.count == 3)
    }

    @Test("PC-03: what has expired and is still there, and what is at risk, by month")
    func expiry() async throws {
        let pharmacy = try await Pharmacy.open()
        let today = Pharmacy.now.localDate
        for days in [0, 8, 9, 90, 91] { _ = try await pharmacy.stock(Pharmacy.mahuang, 10_000, expiresIn: days) }
        let report = try await pharmacy.report("expiry")
        #expect(report["expired"]?["lots"] == 0 && report["atRisk"]?["lots"] == 4)
        let risk = try await pharmacy.report(
            "lines",
            ["figure": "closing", "expired": false, "expiresBy": .string(today.adding(days: 90).description)])
        #expect(risk["total"]?["count"] == 4 && risk["total"]?["quantityMg"] == report["atRisk"]?["onHandMg"])
        #expect(
            report["months"]?.arrayValue?.map { $0["month"]?.stringValue } == [
                "2026-11-01", "2026-12-01", "2027-02-01",
            ])
        let later = try await pharmacy.later(Pharmacy.now.adding(seconds: 86_400 * 8))
        let eight = try await later.report("expiry", ["withinDays": 0])
        #expect(eight["expired"] == ["lots": 1, "onHandMg": 10_000, "valueFen": 68])
        #expect(eight["atRisk"] == ["lots": 1, "onHandMg": 10_000, "valueFen": 68])
        #expect(eight["months"]?.arrayValue?.prefix(2).map { $0["expired"] } == [true, false])
        // As of the day before it had not.
        let before = try await later.report("expiry", ["asOf": .string(today.description)])
        #expect(before["expired"]?["lots"] == 0)
        let file = try await later.export("decoction.expiryReport")
        #expect(columnSum(file, "valueYuan", decimals: 2) == 340 && columnSum(file, "expired", decimals: 0) == 1)
    }

    @Test("a movement belongs to its day in Shanghai: the last moment of a month, and the first of the next")
    func monthEdge() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 100_000)
        let midnight = Timestamp.midnight("2026-12-01")
        let last = try await pharmacy.later(Timestamp(microseconds: midnight.microseconds - 1000))
        try await last.issue(Line(Pharmacy.mahuang, 1_000))
        let first = try await last.later(midnight)
        try await first.issue(Line(Pharmacy.mahuang, 20_000))
        let november: JSONValue = ["from": "2026-11-01", "to": "2026-11-30"]
        #expect(try await first.report("movements", november)["total"]?["outMg"] == 1_000)
        let december = try await first.report("movements")
        #expect(december["from"] == "2026-12-01" && december["to"] == "2026-12-01")
        #expect(december["total"]?["openingMg"] == 99_000 && december["total"]?["outMg"] == 20_000)
        #expect(try await first.report("stock", ["asOf": "2026-11-30"])["total"]?["onHandMg"] == 99_000)
    }

    @Test("29 February is a day like another")
    func leapDay() async throws {
        let pharmacy = try await Pharmacy.open().later(Timestamp.midnight("2028-02-29"))
        let leap = Timestamp.midnight("2028-02-29").localDate
        _ = try await pharmacy.stock(Pharmacy.mahuang, 50_000, costing: 6800, on: leap)
        let last = try await pharmacy.later(
            Timestamp(microseconds: Timestamp.midnight("2028-03-01").microseconds - 1000))
        try await last.issue(Line(Pharmacy.mahuang, 3_000))
        let first = try await last.later(Timestamp.midnight("2028-03-01"))
        try await first.issue(Line(Pharmacy.mahuang, 400))
        let day: JSONValue = ["from": "2028-02-29", "to": "2028-02-29"]
        let report = try await first.report("turnover", day)
        #expect(report["issuedMg"] == 3_000 && report["days"] == 1)
        let month = try await first.pharmacist.call("decoction.indicator.list", ["period": "2028-02-10"])
        #expect(month["to"] == "2028-02-29" && month["complete"] == true)
        #expect(
            try await first.pharmacist.call("decoction.indicator.list", ["period": "2028-03-01"])["complete"] == false)
        let none = try await first.refusal("decoction.report.stock", ["asOf": "2027-02-29"])
        #expect(none.details?[0]?["pointer"] == "/asOf")
    }

    @Test("turnover: what was issued of the average stock, and the pieces that lie and do not move")
    func turnover() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 100_000)
        _ = try await pharmacy.stock(Pharmacy.guizhi, 50_000)
        let later = try await pharmacy.later(Pharmacy.now.adding(seconds: 86_400 * 10))
        try await later.issue(Line(Pharmacy.mahuang, 40_000))
        let days: JSONValue = ["from": "2026-11-23", "to": "2026-12-02"]
        let report = try await later.report("turnover", days)
        // 2.72 of (10.20 + 7.48) ÷ 2 yuan in ten days.
        #expect(report["issuedFen"] == 272 && report["openingFen"] == 1020 && report["closingFen"] == 748)
        #expect(report["turns"] == "0.3077" && report["daysOfStock"] == "32.5" && report["idlePieces"] == 1)
        let idle = try await later.report(
            "turnover", ["from": "2026-11-23", "to": "2026-12-02", "idleOnly": true])["pieces"]
        #expect(idle?.arrayValue?.count == 1 && idle?[0]?["pieceCode"] == .string(Pharmacy.guizhi))
        #expect(idle?[0]?["turns"] == "0.0000" && idle?[0]?["daysOfStock"] == nil)
        let file = try await later.export("decoction.turnoverReport", days)
        #expect(columnSum(file, "issuedYuan", decimals: 2) == 272 && columnSum(file, "idle", decimals: 0) == 1)
    }
}

extension Timestamp {
    /// When a day begins in Shanghai.
    static func midnight(_ day: String) -> Timestamp {
        let days = LocalDate(day)?.daysSince1970 ?? 0
        return Timestamp(microseconds: (Int64(days) * 86_400 - 28_800) * 1_000_000)
    }
}
