import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The catalogue as a file: out, looked at, and in again.
struct CatalogueFileTests {
    private static func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    private static func bytes(_ lines: [String]) -> [UInt8] {
        Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    @Test(
        "export, import and export again is the same byte for byte, and an import that changes nothing makes no version"
    )
    func roundTrip() async throws {
        let office = try await CatalogueOffice.open()
        try await office.bureau.call(
            "decoction.alias.add",
            [
                "code": .string(Clinic.code("金银花")), "nameZh": "双花", "pinyin": "shuanghua", "initials": "SH",
                "reason": "处方常用名",
            ])
        try await office.revise(
            Pharmacy.mahuang,
            ["notesZh": "“引号”, 逗号 \"与\" 换", "gbt31774": "06143000011003114", "nhsaCode": "T000100001"])
        _ = try await office.add("竹沥半夏", basedOn: Clinic.code("姜半夏"))
        let first = try await office.export()
        #expect(Self.lines(first.bytes).count == 769)
        let preview = try await office.preview(first.file)
        #expect(preview["lines"] == 768 && preview["unchanged"] == 768 && preview["faulty"] == 0)
        let done = try await office.importing(first.file)
        #expect(done["state"] == "applied" && done["applied"] == 768)
        #expect(try office.host.sql("SELECT count(*) FROM decoction.piece_revision") == [["769"]])
        #expect(try await office.export().bytes == first.bytes)

        // Another county takes the file over: it holds the same then.
        let other = try await CatalogueOffice.open()
        let file = try await other.upload(first.bytes)
        #expect(try await other.preview(file)["added"] == 1)
        #expect(try await other.importing(file)["state"] == "applied")
        #expect(try await other.export().bytes == first.bytes)
        #expect(
            try other.host.sql(
                "SELECT count(*) FROM decoction.incompatibility WHERE 'XLYP9001' IN (a_code, b_code)") == [["9"]])
    }

    @Test("the preview lists line, field, old and new, changes nothing, and is what the import then does")
    func previewed() async throws {
        let office = try await CatalogueOffice.open()
        var lines = Self.lines(try await office.export().bytes)
        #expect(lines[1].hasPrefix("XLYP0001,麻黄,") && lines[2].hasPrefix("XLYP0002,蜜麻黄,"))
        lines[1] = lines[1].replacing(",普通,1,", with: ",易霉变,1,")
        lines[2] += "炙麻黄/zhimahuang/ZMH"
        let file = try await office.upload(Self.bytes(lines))
        let preview = try await office.preview(file)
        #expect(preview["changed"] == 2 && preview["unchanged"] == 765 && preview["next"] == nil)
        #expect(
            preview["changes"] == [
                [
                    "line": 1, "code": "XLYP0001", "isNew": false, "field": "storageClass", "fieldZh": "贮藏类别",
                    "old": "普通", "new": "易霉变",
                ],
                [
                    "line": 2, "code": "XLYP0002", "isNew": false, "field": "aliases", "fieldZh": "别名",
                    "new": "炙麻黄/zhimahuang/ZMH",
                ],
            ])
        #expect(try office.host.sql("SELECT count(*) FROM decoction.piece_revision") == [["767"]])
        // A page of one line at a time says the same.
        let page = try await office.bureau.call("decoction.catalogue.preview", ["fileId": file, "limit": 1])
        #expect(page["changes"]?.arrayValue?.count == 1 && page["next"] == "1")
        let rest = try await office.bureau.call(
            "decoction.catalogue.preview", ["fileId": file, "limit": 1, "after": "1"])
        #expect(rest["changes"]?[0]?["line"] == 2 && rest["next"] == nil)

        #expect(try await office.importing(file)["state"] == "applied")
        #expect(try await office.fields("XLYP0001")["storageClass"] == "易霉变")
        #expect(try await office.search("炙麻黄") == ["XLYP0002"])
        let after = try await office.preview(file)
        #expect(after["unchanged"] == 767)
    }

    @Test("every fault stands at its line and field, and a faulty line keeps the whole file out")
    func faulty() async throws {
        let office = try await CatalogueOffice.open()
        var lines = Self.lines(try await office.export().bytes)
        lines[1] = lines[1].replacing("XLYP0001", with: "XLYP7001")
        lines[2] = lines[2].replacing(",蜜麻黄,", with: ",蜜制麻黄,")
        lines[3] = lines[3].replacing(",high,", with: ",certain,")
        lines[4] += "麻黄"
        lines[5] += "甲//"
        lines[6] = lines[6].replacing("XLYP0006", with: "XLYP0007")
        let file = try await office.upload(Self.bytes(lines))
        let preview = try await office.preview(file)
        let faults = preview["faults"]?.arrayValue ?? []
        let expected = ["1 code", "2 nameZh", "3 confidence", "4 aliases", "5 aliases", "6 nameZh"]
        func told(_ faults: [JSONValue]) -> [String] {
            faults.map { "\($0["line"]?.integerValue ?? 0) \($0["field"]?.stringValue ?? "")" }
        }
        let previewed = told(faults)
        #expect(Set(previewed).isSuperset(of: expected), "\(previewed)")
        let checked = try await office.importing(file)
        #expect(checked["state"] == "checked" && (checked["faulty"]?.integerValue ?? 0) >= 6)
        let same = try await office.bureau.call("imports.faults", ["importId": checked["importId"] ?? .null])
        let imported = told(same["faults"]?.arrayValue ?? [])
        #expect(Set(imported).isSuperset(of: expected), "\(imported)")
        let error = await #expect(throws: CallRefused.self) {
            try await office.bureau.call(
                "imports.apply", ["importId": checked["importId"] ?? .null, "mode": "allOrNothing"])
        }
        #expect(error?.reason == "host.importFaulty")
        #expect(try office.host.sql("SELECT count(*) FROM decoction.piece_revision") == [["767"]])
    }

    @Test("a piece that was changed since the check is not overwritten, and nothing of the file is applied then")
    func changedMeanwhile() async throws {
        let office = try await CatalogueOffice.open()
        var lines = Self.lines(try await office.export().bytes)
        lines[1] = lines[1].replacing(",普通,1,", with: ",易霉变,1,")
        lines[3] += "桂枝尖"
        let file = try await office.upload(Self.bytes(lines))
        let checked = try await office.importing(file, apply: false)
        try await office.revise("XLYP0001", ["notesZh": "局里刚改"])
        let id = checked["importId"] ?? .null
        try await office.bureau.call("imports.apply", ["importId": id, "mode": "allOrNothing"])
        try await office.host.expect(
            "SELECT state FROM host.import WHERE import_id = '\(id.stringValue ?? "")'", [["refused"]])
        #expect(try await office.search("桂枝尖") == [])
        #expect(try await office.fields("XLYP0001")["notesZh"] == "局里刚改")
    }

    @Test(
        "what the county has revised or added survives a later data file; the rest takes the file's values as a version"
    )
    func reloaded() async throws {
        let office = try await CatalogueOffice.open()
        try await office.revise(Pharmacy.mahuang, ["storageClass": "易霉变", "doseMaxMg": "9000"])
        _ = try await office.add("新品", basedOn: Pharmacy.guizhi)
        let text = String(decoding: try CatalogueTests.file(), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        let changed =
            lines.map { line in
                line.hasPrefix("XLYP0001,")
                    ? line.replacing(",2,10,", with: ",3,12,").replacing(",普通,", with: ",易虫蛀,").replacing(
                        ",净制切段,", with: ",切段,") : line
            } + [lines[3].replacing("XLYP0003,桂枝,", with: "XLYP0768,新品,")]
        let pieces = try Catalogue(parsing: Array(changed.joined(separator: "\n").utf8)).pieces
        #expect(pieces.count == 768)
        for _ in 1...2 {
            let texts = try [PieceStore.upsert(pieces), RevisionStore.recordShipped].map { try Self.written($0) }
            try office.host.script(texts.joined(separator: ";\n"))
        }
        let fields = try await office.fields(Pharmacy.mahuang)
        #expect(fields["storageClass"] == "易霉变")
        // Both ends of the range are the county's, so that they still are a range.
        #expect(fields["doseMinMg"] == "2000" && fields["doseMaxMg"] == "9000")
        #expect(fields["processingZh"] == "切段")
        let history = try await office.bureau.call("decoction.piece.history", ["code": .string(Pharmacy.mahuang)])
        #expect(history["versions"]?.arrayValue?.map { $0["origin"] } == ["shipped", "county", "shipped"])
        #expect(history["versions"]?[0]?["changes"]?.arrayValue?.map { $0["field"] } == ["processingZh"])
        // The county's piece keeps its code; the file's of the same name stays out.
        #expect(
            try office.host.sql("SELECT code FROM decoction.piece WHERE name_zh = '新品'") == [["XLYP9001"]])
    }

    /// A statement with its values written into it, as the owner of the schema runs it.
    private static func written(_ sql: SQL) throws -> String {
        var text = sql.text
        for (index, value) in sql.values.enumerated().reversed() {
            let literal = value.map { "'" + $0.replacing("'", with: "''") + "'" } ?? "NULL"
            text = text.replacing("$\(index + 1):", with: literal + ":")
        }
        return text
    }
}
