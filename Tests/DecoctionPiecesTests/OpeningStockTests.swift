import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

@Suite("Opening stock from a file")
struct OpeningStockTests {
    static let header = "饮片代码,饮片名称,批号,供应商许可证号,供应商名称,生产日期,有效期至,数量（千克）,数量（克）,单价（元/千克）"

    /// Uploads a file and has it applied; gives how it ended, or as it was checked where it is not to be applied.
    static func load(_ lines: [String], mode: String?, by client: TestClient) async throws -> JSONValue {
        let begun = try await client.call(
            "imports.begin", ["kind": "decoction.openingStock", "name": "期初.csv", "header": .string(Self.header)])
        let id = try #require(begun["importId"])
        let csv = lines.joined(separator: "\r\n") + "\r\n"
        try await client.call("imports.append", ["importId": id, "fromLine": 1, "csv": .string(csv)])
        let checked = try await client.call("imports.finish", ["importId": id, "lines": .integer(Int64(lines.count))])
        guard let mode else { return checked }
        try await client.call("imports.apply", ["importId": id, "mode": .string(mode)])
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            let state = try await client.call("imports.get", ["importId": id])
            if state["state"] != "applying" { return state }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the import did not end")
        return .null
    }

    static func faults(_ state: JSONValue, by client: TestClient) async throws -> [String] {
        let page = try await client.call("imports.faults", ["importId": state["importId"] ?? .null])
        return (page["faults"]?.arrayValue ?? []).map {
            "\($0["line"]?.integerValue ?? 0) \($0["field"]?.stringValue ?? "") \($0["textZh"]?.stringValue ?? "")"
        }
    }

    @Test("stock comes in accepted by the pharmacist who imports it, controlled pieces await the second person (PC-02)")
    func takenIn() async throws {
        let pharmacy = try await Pharmacy.open()
        let state = try await Self.load(
            [
                "XLYP0001,麻黄,B1,皖20260001,,2026-03-01,2028/2/29,12.5,,68.50",
                "XLYP0178,,B2,新20260002,新疆某饮片公司,20260301,2028年2月29日,,350.125,120",
                "xlyp0003,,Ｂ３,皖20260001,,2026.3.1,2028-02-29,0.000001,,0",
            ], mode: "allOrNothing", by: pharmacy.pharmacist)
        #expect(state["state"] == "applied" && state["applied"] == 3)
        let lots = try await pharmacy.pharmacist.call("decoction.stock.list")["lots"]?.arrayValue ?? []
        #expect(lots.map { $0["state"] } == ["accepted", "accepted", "awaitingSecond"])
        #expect(lots.map { $0["onHandMg"] } == [12_500_000, 1, 350_125])
        #expect(lots.map { $0["batchNumber"] } == ["B1", "B3", "B2"])
        #expect(lots.map { $0["expiresOn"] } == ["2028-02-29", "2028-02-29", "2028-02-29"])
        #expect(try pharmacy.wrongLots().isEmpty)
        let moves = try await pharmacy.pharmacist.call("decoction.movement.list")["movements"]?.arrayValue ?? []
        #expect(
            moves.map { $0["kind"] } == ["opening", "opening", "opening"] && moves.allSatisfy { $0["kindZh"] == "期初" })
        let costs = try pharmacy.host.sql("SELECT unit_cost_fen_per_kg FROM decoction.lot ORDER BY piece_code")
        #expect(costs == [["6850"], ["0"], ["12000"]])

        let toxic: JSONValue = ["lotId": lots[2]["lotId"] ?? .null]
        #expect(try await pharmacy.refusal("decoction.lot.accept", toxic).reason == "decoction.secondPersonRequired")
        let second = try await pharmacy.host.client(role: .reviewer, site: "t1")
        #expect(try await second.call("decoction.lot.accept", toxic)["state"] == "accepted")
        try await pharmacy.issue(Line(Pharmacy.mahuang, 500_000), Line(Pharmacy.chuanwu, 125))
        #expect(try pharmacy.wrongLots().isEmpty)
    }

    @Test("every fault of a line is named with its field and never with its value")
    func faulty() async throws {
        let pharmacy = try await Pharmacy.open()
        let state = try await Self.load(
            [
                "XLYP9999,,B1,皖20260001,,2026-03-01,2028-02-29,1,,1",
                "XLYP0001,桂枝,B1,皖20260001,,2026-03-01,2028-02-29,1,,1",
                "XLYP0001,,B1,无此证号,,2026-03-01,2028-02-29,1,,1",
                "XLYP0001,,B1,皖20260001,,2026-11-23,2028-02-29,1,,1",
                "XLYP0001,,B1,皖20260001,,2026-03-01,2026-11-21,1,,1",
                "XLYP0001,,B1,皖20260001,,2026-03-01,2025-01-01,1,,1",
                "XLYP0001,,B1,皖20260001,,2026-02-30,后天,1,,1",
                "XLYP0001,,B1,皖20260001,,2026-03-01,2028-02-29,1,1,1",
                "XLYP0001,,B1,皖20260001,,2026-03-01,2028-02-29,,1.0001,1",
                "XLYP0001,,B1,皖20260001,,2026-03-01,2028-02-29,0,,1.234",
                "XLYP0001,,B1,皖20260001,,2026-03-01,2028-02-29,10000.1,,-1",
                ",,,,,,,,,",
                ",,,,,,,1,,",
            ], mode: nil, by: pharmacy.pharmacist)
        #expect(state["good"] == 0 && state["faulty"] == 12 && state["blank"] == 1)
        let found = try await Self.faults(state, by: pharmacy.pharmacist)
        #expect(
            found.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "1 pieceCode", "2 pieceName", "3 supplierName", "4 producedOn", "5 expiresOn", "6 expiresOn",
                "7 producedOn", "7 expiresOn", "8 quantityKg", "9 quantityG", "10 quantityKg", "10 unitCostYuanPerKg",
                "11 quantityKg", "11 unitCostYuanPerKg", "13 pieceCode", "13 batchNumber", "13 supplierLicence",
                "13 producedOn", "13 expiresOn", "13 unitCostYuanPerKg",
            ])
        #expect(!found.joined().contains("9999") && !found.joined().contains("无此证号") && !found.joined().contains("后天"))
    }

    @Test("a batch is opening stock once: in one file, in a second one, and when two files race")
    func once() async throws {
        let pharmacy = try await Pharmacy.open()
        let line = "XLYP0001,,B1,皖20260001,,2026-03-01,2028-02-29,1,,1"
        let twice = try await Self.load(
            [line, line.replacing("B1", with: "Ｂ1 ")], mode: "goodLines", by: pharmacy.pharmacist)
        #expect(twice["applied"] == 1 && twice["faulty"] == 1)
        let again = try await Self.load([line], mode: nil, by: pharmacy.pharmacist)
        #expect(try await Self.faults(again, by: pharmacy.pharmacist) == ["1 batchNumber 该供应商的这一批饮片已作为期初库存导入过"])
        // Two files are checked before either is applied.
        let other = line.replacing("B1", with: "B9")
        let first = try await Self.load([other], mode: nil, by: pharmacy.pharmacist)
        let second = try await Self.load([other], mode: "goodLines", by: pharmacy.pharmacist)
        #expect(second["applied"] == 1)
        let id = first["importId"] ?? .null
        try await pharmacy.pharmacist.call("imports.apply", ["importId": id, "mode": "goodLines"])
        let third = try await Self.load([line.replacing("B1", with: "B10")], mode: "goodLines", by: pharmacy.pharmacist)
        #expect(third["applied"] == 1)
        let late = try await pharmacy.pharmacist.call("imports.get", ["importId": id])
        #expect(late["applied"] == 0 && late["leftOut"] == 1 && late["state"] == "applied")
        #expect(try pharmacy.wrongLots().isEmpty)
        #expect(try await pharmacy.onHand(Pharmacy.mahuang).count == 3)
    }

    @Test("who is no pharmacist imports no stock; another site's stock is its own")
    func others() async throws {
        let pharmacy = try await Pharmacy.open()
        let reviewer = try await pharmacy.host.client(role: .reviewer, site: "t1")
        let params: JSONValue = ["kind": "decoction.openingStock", "name": "a.csv", "header": .string(Self.header)]
        #expect(try await pharmacy.refusal("imports.begin", params, by: reviewer).reason == "host.forbidden")
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let line = "XLYP0001,,B1,皖20260001,某供应商,2026-03-01,2028-02-29,1,,1"
        let known = try await Self.load(["XLYP0001,,B1,皖20260001,,2026-03-01,2028-02-29,1,,1"], mode: nil, by: there)
        #expect(known["faulty"] == 1, "the other site's supplier is not this one's")
        #expect(try await Self.load([line], mode: "goodLines", by: there)["applied"] == 1)
        #expect(try await pharmacy.onHand().isEmpty)
        #expect(try await Self.load([line], mode: "goodLines", by: pharmacy.pharmacist)["applied"] == 1)
    }
}

struct TypedValueTests {
    @Test(
        "dates are read as people write them",
        arguments: ["2026-09-03", "2026/9/3", "2026.9.3", "2026年9月3日", "20260903", "2026/09/03"])
    func dates(text: String) {
        #expect(TypedDate.parse(text) == LocalDate(year: 2026, month: 9, day: 3))
    }

    @Test(
        "what is no date is none",
        arguments: [
            "", "2026", "26-9-3", "2026-9", "2026-13-1", "2026-02-30", "2026-9-3x", "2026/9-3", "2026年9月3", "９",
            "-1-1-1",
        ])
    func noDates(text: String) {
        #expect(TypedDate.parse(text) == nil)
    }

    @Test(
        "kilograms have six decimals",
        arguments: [("1", 1_000_000), ("0.000001", 1), ("12.5", 12_500_000), ("1.0000001", nil)])
    func kilograms(text: String, milligrams: Int64?) {
        #expect(Milligrams.parse(kilograms: text) == milligrams)
    }
}
