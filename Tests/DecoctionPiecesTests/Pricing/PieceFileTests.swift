import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A site's own files about pieces: local codes and prices, looked at, taken in, and out again.
struct PieceFileTests {
    /// The same client works on the files and in the pharmacy of `t1`.
    private static func open() async throws -> CatalogueOffice {
        let pharmacy = try await Pharmacy.open()
        return CatalogueOffice(pharmacy: pharmacy, bureau: pharmacy.pharmacist)
    }

    private static func file(_ office: CatalogueOffice, _ lines: String...) async throws -> JSONValue {
        try await office.upload(Array((lines.joined(separator: "\r\n") + "\r\n").utf8))
    }

    private static func counts(_ preview: JSONValue) -> [Int64?] {
        ["unchanged", "changed", "added", "faulty"].map { preview[$0]?.integerValue }
    }

    private static func codes(_ office: CatalogueOffice) async throws -> [String: String] {
        let reply = try await office.bureau.call("decoction.localCode.list")
        return (reply["codes"]?.arrayValue ?? []).reduce(into: [:]) {
            $0[$1["pieceCode"]?.stringValue ?? ""] = $1["localCode"]?.stringValue
        }
    }

    @Test("local codes: out and in again is the same, pieces exchange their codes, and a second time nothing changes")
    func localCodes() async throws {
        let office = try await Self.open()
        let kind = LocalCodeImport.kind
        let first = try await Self.file(
            office, "饮片代码,饮片名称,本院编码", "XLYP0001,麻黄,ZY1", "xlyp0003,,ＺＹ 2")
        let preview = try await office.preview(first, kind)
        #expect(Self.counts(preview) == [0, 0, 2, 0])
        #expect(
            preview["changes"]?[1] == [
                "line": 2, "code": "XLYP0003", "isNew": true, "field": "localCode", "fieldZh": "本院编码", "new": "ZY2",
            ])
        #expect(try await Self.codes(office) == [:])
        #expect(try await office.importing(first, kind)["state"] == "applied")
        #expect(try await Self.codes(office) == ["XLYP0001": "ZY1", "XLYP0003": "ZY2"])
        let out = try await office.export(kind)
        #expect(String(decoding: out.bytes, as: UTF8.self).contains("XLYP0003,桂枝,ZY2\r\n"))
        #expect(Self.counts(try await office.preview(out.file, kind)) == [2, 0, 0, 0])
        #expect(try await office.importing(out.file, kind)["state"] == "applied")
        #expect(try await office.export(kind).bytes == out.bytes)
        #expect(try office.host.sql("SELECT count(*) FROM decoction.local_code") == [["2"]])

        let swapped = try await Self.file(office, "pieceCode,localCode", "XLYP0001,ZY2", "XLYP0003,ZY1")
        #expect(Self.counts(try await office.preview(swapped, kind)) == [0, 2, 0, 0])
        #expect(try await office.importing(swapped, kind)["state"] == "applied")
        #expect(try await Self.codes(office) == ["XLYP0001": "ZY2", "XLYP0003": "ZY1"])
        #expect(try office.host.sql("SELECT count(*) FROM decoction.local_code WHERE ended_at IS NOT NULL") == [["2"]])
    }

    @Test("local codes: every fault stands at its line and field, in both languages, and keeps the whole file out")
    func faultyCodes() async throws {
        let office = try await Self.open()
        try await office.bureau.call(
            "decoction.localCode.set", ["pieceCode": "XLYP0012", "localCode": "TAKEN"])
        let file = try await Self.file(
            office, "pieceCode,pieceName,localCode", "XLYP0001,桂枝,A", "XLYP9999,,B", "XLYP0003,,TAKEN", "XLYP0004,,",
            "XLYP0005,,C", "XLYP0006,,C", "XLYP0002,,\(String(repeating: "x", count: 41))", "XLYP0007,,D", "XLYP0007,,E"
        )
        let preview = try await office.preview(file, LocalCodeImport.kind)
        let faults = (preview["faults"]?.arrayValue ?? []).map {
            "\($0["line"]?.integerValue ?? 0) \($0["field"]?.stringValue ?? "")"
        }
        #expect(
            faults == [
                "1 pieceName", "2 pieceCode", "3 localCode", "4 localCode", "5 localCode", "6 localCode", "7 localCode",
                "9 pieceCode",
            ])
        for fault in preview["faults"]?.arrayValue ?? [] {
            #expect(fault["textZh"]?.stringValue?.isEmpty == false && fault["textEn"]?.stringValue?.isEmpty == false)
        }
        let checked = try await office.importing(file, LocalCodeImport.kind)
        #expect(checked["state"] == "checked" && checked["faulty"] == 8)
        #expect(try await Self.codes(office) == ["XLYP0012": "TAKEN"])
        let short = try await Self.file(office, "pieceCode,pieceName", "XLYP0001,麻黄")
        let refused = try await office.pharmacy.refusal(
            "decoction.localCode.preview", ["fileId": short], by: office.bureau)
        #expect(refused.reason == "host.invalidParams")
    }

    @Test(
        "prices: judged by the mark-up, from a day on, with former and new in the preview; out and in again is the same"
    )
    func prices() async throws {
        let office = try await Self.open()
        let kind = PriceImport.kind
        for piece in [Pharmacy.mahuang, Pharmacy.guizhi] { _ = try await office.pharmacy.stock(piece, 1_000) }
        try await office.bureau.call(
            "decoction.price.set", ["pieceCode": "XLYP0001", "priceFenPerKg": 8_000, "reason": "首次定价"])
        let file = try await Self.file(
            office, "饮片代码,零售价（元/千克）,执行日期,定价依据", "XLYP0001,85.00,2026-12-01,新进价", "XLYP0003,80.5,,",
            "XLYP0003,８４,2026/12/1,")
        let preview = try await office.preview(file, kind)
        #expect(Self.counts(preview) == [0, 1, 2, 0])
        #expect(preview["changes"]?[0]?["old"] == "80" && preview["changes"]?[0]?["new"] == "85")
        #expect(try await office.importing(file, kind)["state"] == "applied")
        func price(_ day: String) async throws -> [Int64?] {
            let listed = try await office.bureau.call("decoction.price.list", ["asOf": .string(day)])
            return (listed["prices"]?.arrayValue ?? []).map { $0["priceFenPerKg"]?.integerValue }
        }
        #expect(try await price("2026-11-22") == [8_000, 8_050])
        #expect(try await price("2026-12-01") == [8_500, 8_400])

        let out = try await office.export(kind)
        #expect(
            String(decoding: out.bytes, as: UTF8.self).split(separator: "\r\n").dropFirst() == [
                "XLYP0001,麻黄,80,2026-11-22,首次定价", "XLYP0001,麻黄,85,2026-12-01,新进价",
                "XLYP0003,桂枝,80.5,2026-11-22,价格文件导入", "XLYP0003,桂枝,84,2026-12-01,价格文件导入",
            ])
        #expect(Self.counts(try await office.preview(out.file, kind)) == [4, 0, 0, 0])
        #expect(try await office.importing(out.file, kind)["state"] == "applied")
        #expect(try office.host.sql("SELECT count(*) FROM decoction.price") == [["4"]])
        // The same days later: prices that hold since then stay as they are, and still go out and in.
        office.host.setClock(Timestamp(microseconds: Pharmacy.now.microseconds + 30 * 86_400_000_000))
        let later = CatalogueOffice(
            pharmacy: office.pharmacy, bureau: try await office.host.client(role: .pharmacist, site: "t1"))
        let held = try await later.export(kind)
        #expect(Self.counts(try await later.preview(held.file, kind)) == [2, 0, 0, 0])
        #expect(try await later.importing(held.file, kind)["state"] == "applied")
        #expect(try await later.export(kind).bytes == held.bytes)
    }

    @Test(
        "PC-04: a file is judged by the same cost as a price that is set: a receipt that was taken back tells nothing")
    func reversedReceipt() async throws {
        let office = try await Self.open()
        let pharmacy = office.pharmacy
        let cheap = try await pharmacy.stock(Pharmacy.mahuang, 1_000)
        try await pharmacy.issue(Line(Pharmacy.mahuang, 1_000))
        let dear = try await pharmacy.stock(Pharmacy.mahuang, 1_000)
        try pharmacy.host.script(
            """
            UPDATE decoction.lot SET unit_cost_fen_per_kg = CASE lot_id WHEN '\(dear)' THEN 1000000 ELSE 1000 END
            """)
        let receipt = try await pharmacy.pharmacist.call(
            "decoction.movement.list", ["lotId": .string(dear)])["movements"]?[0]?["documentId"]
        try await pharmacy.pharmacist.call(
            "decoction.movement.reverse", ["documentId": try #require(receipt), "reason": "重复录入"])
        #expect(cheap != dear)
        let set = try await pharmacy.refusal(
            "decoction.price.set", ["pieceCode": .string(Pharmacy.mahuang), "priceFenPerKg": 1_251, "reason": "定价"])
        #expect(set.reason == "decoction.priceAboveMarkUp")
        let file = try await Self.file(office, "pieceCode,priceYuanPerKg", "XLYP0001,12500")
        #expect(Self.counts(try await office.preview(file, PriceImport.kind)) == [0, 0, 0, 1])
        #expect(try await office.importing(file, PriceImport.kind)["state"] == "checked")
        let within = try await Self.file(office, "pieceCode,priceYuanPerKg", "XLYP0001,12.50")
        #expect(try await office.importing(within, PriceImport.kind)["state"] == "applied")
    }

    @Test("a line with more fields than the header is refused whole, as the import does: no figure is cut at its comma")
    func surplus() async throws {
        let office = try await Self.open()
        _ = try await office.pharmacy.stock(Pharmacy.mahuang, 1_000)
        let file = try await Self.file(office, "pieceCode,priceYuanPerKg", "XLYP0001,1,250.00")
        let refused = try await office.pharmacy.refusal(
            "decoction.price.preview", ["fileId": file], by: office.bureau)
        #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == "/fileId")
    }

    @Test("prices: every fault stands at its line and field; a lot that came in cheaper after the check is one too")
    func faultyPrices() async throws {
        let office = try await Self.open()
        let kind = PriceImport.kind
        _ = try await office.pharmacy.stock(Pharmacy.mahuang, 1_000)
        let file = try await Self.file(
            office, "pieceCode,priceYuanPerKg,validFrom,reason", "XLYP0001,85.01,,", "XLYP0001,80,2026-11-21,",
            "XLYP0001,80.123,,", "XLYP0001,-1,,", "XLYP0001,,,", "XLYP0001,80,明天,", "XLYP0003,80,,", "XLYP9999,80,,")
        let preview = try await office.preview(file, kind)
        let faults = (preview["faults"]?.arrayValue ?? []).map {
            "\($0["line"]?.integerValue ?? 0) \($0["field"]?.stringValue ?? "")"
        }
        #expect(
            faults == [
                "1 priceYuanPerKg", "2 validFrom", "3 priceYuanPerKg", "4 priceYuanPerKg", "5 priceYuanPerKg",
                "6 validFrom", "7 priceYuanPerKg", "8 pieceCode",
            ])
        let good = try await Self.file(office, "pieceCode,priceYuanPerKg", "XLYP0001,85")
        let begun = try await office.bureau.call("imports.begin", ["kind": .string(kind), "fileId": good])
        let id = try #require(begun["importId"])
        func state() async throws -> JSONValue { try await office.bureau.call("imports.get", ["importId": id]) }
        while try await state()["state"] == "open" { try await Task.sleep(for: .milliseconds(20)) }
        try office.host.script("UPDATE decoction.lot SET unit_cost_fen_per_kg = 100")
        try await office.bureau.call("imports.apply", ["importId": id, "mode": "allOrNothing"])
        while try await state()["state"] == "applying" { try await Task.sleep(for: .milliseconds(20)) }
        #expect(try await state()["state"] != "applied")
        #expect(try office.host.sql("SELECT count(*) FROM decoction.price") == [["0"]])
    }
}
