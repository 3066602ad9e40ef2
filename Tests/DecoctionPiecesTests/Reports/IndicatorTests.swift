import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// C01 to C06 (domain-rules chapter 11: missing is not 0, and nothing is divided by 0).
struct IndicatorTests {
    static let record = "decoction.outpatientCount.record"

    @Test("C01 counts kinds of which accepted, unexpired stock is there at the end of the day")
    func kinds() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        _ = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        _ = try await pharmacy.stock(Pharmacy.guizhi, 10_000, expiresIn: 8)
        let waiting = try await pharmacy.receive(Pharmacy.fangfeng, 10_000)
        #expect(try await pharmacy.indicators("2026-11-01")["C01"]?["value"] == "2")
        #expect(try await pharmacy.indicators("2026-11-01")["C01"]?["reason"] == nil)
        #expect(try await pharmacy.indicatorLines("C01", "numerator", "2026-11-01") == LineSum(count: 2, fen: 2))
        let later = try await pharmacy.later(Timestamp.midnight("2026-12-02"))
        try await later.pharmacist.call("decoction.lot.accept", ["lotId": .string(waiting)])
        try await later.issue(Line(Pharmacy.mahuang, 20_000))
        // 桂枝 had expired on 1 December, and 防风 was accepted in December.
        #expect(try await later.indicators("2026-12-01")["C01"]?["value"] == "1")
        #expect(try await later.indicators("2026-11-01")["C01"]?["value"] == "2")
        let reviewer = try await later.reviewer()
        try await reviewer.call("decoction.lot.recall", ["lotId": .string(waiting), "reason": "厂家召回"])
        #expect(try await later.indicators("2026-12-01")["C01"]?["value"] == "0")
        #expect(try await later.indicators("2026-10-01")["C01"]?["value"] == "0")
    }

    @Test("C02 and C03 are missing until somebody has recorded the visits; a correction is a new version")
    func recorded() async throws {
        let opened = try await Dispensary.open()
        try opened.clinic.shelve("麻黄")
        _ = try await opened.submit(("麻黄", 6_000))
        _ = try await opened.submit(("麻黄", 5_000))
        let dispensary = try await opened.later(Timestamp.midnight("2026-12-02"))
        let (pharmacy, admin) = (dispensary.pharmacy, dispensary.clinic.admin)
        let missing = try await pharmacy.indicators("2026-11-01")
        for code in ["C02", "C03"] {
            #expect(missing[code]?["reason"] == "missing" && missing[code]?["value"] == nil)
            #expect(missing[code]?["denominator"] == nil)
        }
        #expect(missing["C02"]?["numerator"] == nil && missing["C03"]?["numerator"] == 1)
        var count: [String: JSONValue] = [
            "month": "2026-11-01", "outpatientVisits": 0, "tcmVisits": 0, "source": "HIS 门诊月报",
        ]
        #expect(try await admin.call(Self.record, .object(count))["version"] == 1)
        #expect(try await pharmacy.indicators("2026-11-01")["C02"]?["reason"] == "D0")
        #expect(try await pharmacy.indicators("2026-11-01")["C03"]?["reason"] == "missing")
        count["outpatientVisits"] = 4_200
        count["tcmVisits"] = 1_180
        count["outpatientPrescriptions"] = 3
        let twice = try await pharmacy.refusal(Self.record, .object(count), by: admin)
        #expect(twice.reason == "decoction.outpatientCountExists" && twice.details?["version"] == 1)
        count["corrects"] = 1
        #expect(
            try await pharmacy.refusal(Self.record, .object(count), by: admin).details?[0]?["pointer"] == "/reason")
        count["reason"] = "漏报"
        #expect(try await admin.call(Self.record, .object(count))["version"] == 2)
        #expect(
            try await pharmacy.refusal(Self.record, .object(count), by: admin).reason
                == "decoction.outpatientCountExists")
        let known = try await pharmacy.indicators("2026-11-01")
        #expect(known["C02"]?["value"] == "28.10" && known["C02"]?["reason"] == nil)
        // One patient on one day is one visit, however many prescriptions.
        #expect(known["C03"]?["numerator"] == 1 && known["C03"]?["value"] == "33.33")
        #expect(try await pharmacy.indicatorLines("C02", "denominator", "2026-11-01").fen == 4_200)
        #expect(try await pharmacy.indicatorLines("C03", "denominator", "2026-11-01").fen == 3)
        let listed = try await admin.call("decoction.outpatientCount.list")["counts"]?.arrayValue ?? []
        #expect(listed.map { $0["version"] } == [2, 1] && listed.map { $0["holds"] } == [true, false])
        #expect(listed[0]["reason"] == "漏报" && listed[0]["accountId"] != nil)
        let running = try await pharmacy.refusal(
            Self.record, ["month": "2026-12-01", "tcmVisits": 1, "source": "HIS"], by: admin)
        #expect(running.reason == "decoction.monthNotOver")
    }

    @Test("C04 and C05: doses weighed again within 5 %, and dispensings checked by another person who is known")
    func checks() async throws {
        let dispensary = try await Dispensary.open()
        let pharmacy = dispensary.pharmacy
        try dispensary.clinic.shelve("麻黄")
        let empty = try await pharmacy.indicators("2026-11-01")
        #expect(empty["C04"]?["reason"] == "D0" && empty["C05"]?["reason"] == "D0")
        #expect(empty["C05"]?["denominator"] == 0)
        // Five per cent of 18 g is 0.9 g: just within, just outside, and not weighed.
        for reweighed in [18_900, 17_099, nil] as [Int64?] {
            let id = try await dispensary.submit(("麻黄", 6_000))
            try await dispensary.approve(id)
            try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000)))
            var check: [String: JSONValue] = ["prescriptionId": id, "passed": true]
            check["reweighedMg"] = reweighed.map { .integer($0) }
            try await dispensary.reviewer.call("decoction.spotCheck.record", .object(check))
        }
        // By an account that is nobody's: nothing shows that the checker is another.
        let unknown = try await dispensary.submit(("麻黄", 6_000))
        try await dispensary.approve(unknown)
        try await pharmacy.pharmacist.call(
            "decoction.prescription.dispense",
            dispensary.dispensing(unknown, dispensary.weighings(("麻黄", 6_000))))
        // What was taken back was not dispensed.
        let back = try await dispensary.submit(("麻黄", 6_000))
        try await dispensary.approve(back)
        try await dispensary.dispense(back, dispensary.weighings(("麻黄", 6_000)))
        try await dispensary.dispenser.call(
            "decoction.prescription.return", ["prescriptionId": back, "reason": "患者未取"])
        let found = try await pharmacy.indicators("2026-11-01")
        #expect(found["C04"]?["numerator"] == 3 && found["C04"]?["denominator"] == 6)
        #expect(found["C04"]?["value"] == "50.00" && found["C04"]?["ruleVersion"] == "1.0")
        #expect(found["C05"]?["numerator"] == 3 && found["C05"]?["denominator"] == 4)
        #expect(found["C05"]?["value"] == "75.00" && found["C05"]?["nameZh"] == "饮片处方复核率")
        for (code, part, amount) in [
            ("C04", "numerator", 3), ("C04", "denominator", 6), ("C04", "unmeasured", 3), ("C05", "numerator", 3),
            ("C05", "denominator", 4),
        ] as [(String, String, Int64)] {
            #expect(try await pharmacy.indicatorLines(code, part, "2026-11-01").fen == amount, "\(code) \(part)")
        }
    }

    @Test("two who record one month at once: one version, and the other is told")
    func race() async throws {
        let pharmacy = try await Pharmacy.open()
        var made: [TestClient] = []
        for _ in 0..<8 { made.append(try await pharmacy.host.client(role: .siteAdmin, site: "t1")) }
        let clients = made
        let next = Mutex(0)
        let outcomes = await Task.detached {
            Racing.run(8) {
                let number = next.withLock { count in
                    defer { count += 1 }
                    return count
                }
                do {
                    _ = try clients[number].callAndWait(
                        Self.record, ["month": "2026-10-01", "tcmVisits": .integer(Int64(number)), "source": "HIS"])
                    return ""
                } catch let refused as CallRefused {
                    return refused.reason
                }
            }
        }.value
        let results = try outcomes.map { try $0.get() }
        #expect(results.filter { $0 == "" }.count == 1)
        #expect(results.filter { $0 == "decoction.outpatientCountExists" }.count == 7)
        #expect(try pharmacy.host.sql("SELECT count(*) FROM decoction.outpatient_count") == [["1"]])
    }

    @Test("the rows of the list are the county's, and none is missing")
    func file() throws {
        let lines = try IndicatorLine.lines(parsing: DataFilesOfTests.shipped("indicators.csv"))
        #expect(lines.map(\.code) == IndicatorCode.codes)
        #expect(lines[5].denominatorZh == "期内出库金额+期末库存金额" && lines[0].denominatorZh == "")
        #expect(throws: IndicatorsMalformed.self) {
            try IndicatorLine.lines(parsing: Array("code,name_zh\nC01,x\n".utf8))
        }
    }

    @Test(
        "per cent is rounded half away from zero, to two decimals",
        arguments: [
            (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (-1, 800, "-0.13"), (0, 7, "0.00"), (1, 1, "100.00"),
            (Int64.max, Int64.max, "100.00"),
        ] as [(Int64, Int64, String)])
    func percent(above: Int64, below: Int64, text: String) {
        #expect(IndicatorValue.percent(above, of: below) == text)
    }
}
