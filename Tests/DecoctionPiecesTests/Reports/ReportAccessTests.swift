import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Who reads reports, what is refused, and what becomes of text in files.
struct ReportAccessTests {
    static let reports = ["stock", "movements", "loss", "expiry", "prescriptions", "turnover"]

    @Test(
        "all: another site reads none of it; a doctor reads no report; a statistician reads figures, and not who keeps the toxic"
    )
    func access() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        try await pharmacy.issue(Line(Pharmacy.mahuang, 4_000))
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let stock = try await pharmacy.report("stock", by: there)
        #expect(stock["total"]?["onHandMg"] == 0 && stock["figures"] == [])
        let lines = try await pharmacy.report("lines", ["figure": "issued"], by: there)
        #expect(lines["lines"] == [] && lines["total"]?["count"] == 0)
        #expect(!lines.canonicalText.contains(lot))
        let statistician = try await pharmacy.host.client(role: .statistician, site: "t1")
        let doctor = try await pharmacy.host.client(role: .doctor, site: "t1")
        for report in Self.reports {
            _ = try await pharmacy.report(report, by: statistician)
            #expect(
                try await pharmacy.refusal("decoction.report.\(report)", [:], by: doctor).reason == "host.forbidden")
        }
        _ = try await statistician.call("decoction.indicator.list", ["period": "2026-11-01"])
        #expect(
            try await pharmacy.refusal("decoction.report.toxicLedger", [:], by: statistician).reason == "host.forbidden"
        )
        #expect(
            try await pharmacy.refusal("decoction.outpatientCount.record", ["month": "2026-10-01", "source": "x"])
                .reason
                == "host.forbidden")
    }

    @Test(
        "bad input is refused with the field named",
        arguments: [
            ("report.movements", ["from": "2026-11-23", "to": "2026-11-22"], "/from"),
            ("report.movements", ["to": "2026-11-23"], "/to"), ("report.loss", ["from": "2025-11-21"], "/from"),
            ("report.turnover", ["from": "2026-13-01"], "/from"), ("report.prescriptions", ["to": 20_261_122], "/to"),
            ("report.toxicLedger", ["from": "0001-01-01"], "/from"), ("report.stock", ["asOf": "2026-11-23"], "/asOf"),
            ("report.stock", ["by": "colour"], "/by"), ("report.expiry", ["asOf": "9999-12-31"], "/asOf"),
            ("report.expiry", ["withinDays": -1], "/withinDays"), ("report.lines", ["from": "2026-11-01"], "/figure"),
            ("report.lines", ["figure": "everything"], "/figure"),
            ("report.lines", ["figure": "submitted", "pieceCode": "XLYP0001"], "/pieceCode"),
            ("report.lines", ["figure": "loss", "locationId": .string(Sample.location.description)], "/locationId"),
            ("report.lines", ["figure": "closing", "rule": "RX-05"], "/rule"),
            ("report.lines", ["figure": "issued", "after": "x"], "/after"),
            ("report.lines", ["figure": "closing", "after": "1~2"], "/after"),
            ("report.toxicLedger", ["after": "a~b~c"], "/after"),
            ("indicator.list", ["period": "2026-12-01"], "/period"), ("indicator.list", [:], "/period"),
            ("indicator.lines", ["code": "C07", "part": "numerator", "period": "2026-11-01"], "/code"),
        ] as [(String, JSONValue, String)])
    func badInput(method: String, params: JSONValue, pointer: String) async throws {
        let pharmacy = try await Pharmacy.open()
        let refused = try await pharmacy.refusal("decoction.\(method)", params)
        #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == .string(pointer))
    }

    @Test("the longest range is 366 days, and a range of the deep past is empty and no error")
    func ranges() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        #expect(try await pharmacy.report("loss", ["from": "2025-11-22"])["baseFen"] == 68)
        let past: JSONValue = ["from": "1970-01-01", "to": "1970-02-01"]
        #expect(try await pharmacy.report("loss", past)["baseFen"] == 0)
        #expect(try await pharmacy.report("movements", past)["total"]?["closingMg"] == 0)
        #expect(try await pharmacy.report("stock", ["asOf": "0001-01-01"])["total"]?["lots"] == 0)
    }

    @Test(
        "a cell that a person typed never begins a formula",
        arguments: [
            ("=1+1", "'=1+1"), ("+86", "'+86"), ("-2", "'-2"), ("@SUM(A1)", "'@SUM(A1)"), ("＝1", "'＝1"), ("霉变", "霉变"),
            ("", ""), ("a=b", "a=b"),
        ])
    func formulas(typed: String, written: String) {
        #expect(SpreadsheetText.harmless(typed) == written)
    }

    @Test("weights and money in files are exact, negative ones too")
    func decimals() {
        #expect(SpreadsheetText.decimal(-1_005, decimals: 3) == "-1.005")
        #expect(SpreadsheetText.decimal(120_000, decimals: 3) == "120")
        #expect(SpreadsheetText.decimal(-7, decimals: 2) == "-0.07" && SpreadsheetText.decimal(0, decimals: 2) == "0")
    }

    @Test("every report's file adds up to the report, and what was typed is no formula in it")
    func files() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 100_000)
        let box = try await pharmacy.place("XZ", "outreachBox")
        try await pharmacy.transfer(lot, 33_333, to: box)
        try await pharmacy.issue(Line(Pharmacy.mahuang, 1_001))
        try await pharmacy.pharmacist.call(
            "decoction.lot.dispose",
            ["lotId": .string(lot), "quantityMg": 5_000, "reason": "=HYPERLINK(\"http://x\")"])
        let stock = try await pharmacy.export("decoction.stockReport")
        let report = try await pharmacy.report("stock")["total"]
        #expect(columnSum(stock, "quantityG", decimals: 3) == report?["onHandMg"]?.integerValue)
        #expect(columnSum(stock, "valueYuan", decimals: 2) == report?["valueFen"]?.integerValue && stock.count == 2)
        #expect(Set(stock.map { $0["locationName"] }) == ["主库", "XZ"])
        let moved = try await pharmacy.export("decoction.movementReport")
        let total = try await pharmacy.report("movements")["total"]
        for (column, decimals, member) in [
            ("openingG", 3, "openingMg"), ("openingYuan", 2, "openingFen"), ("inG", 3, "inMg"),
            ("inYuan", 2, "inFen"), ("outG", 3, "outMg"), ("outYuan", 2, "outFen"),
            ("closingG", 3, "closingMg"), ("closingYuan", 2, "closingFen"),
        ] {
            #expect(columnSum(moved, column, decimals: decimals) == total?[member]?.integerValue, "\(column)")
        }
        let lost = try await pharmacy.export("decoction.lossReport")
        #expect(lost.map { $0["reason"] } == ["'=HYPERLINK(\"http://x\")"])
    }
}
