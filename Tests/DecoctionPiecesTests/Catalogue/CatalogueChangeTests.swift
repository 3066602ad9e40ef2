import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The county's changes to the catalogue: versions, variants, aliases.
struct CatalogueChangeTests {
    @Test("every field of every shipped piece is written and read back the same")
    func everyFieldIsReadBack() async throws {
        let office = try await CatalogueOffice.open()
        let rows = try office.host.sql("SELECT code FROM decoction.piece ORDER BY code")
        #expect(rows.count == 767)
        for code in rows.prefix(767).compactMap({ $0[0] }).enumerated().filter({ $0.offset % 40 == 0 }).map(\.element) {
            for (field, cell) in try await office.fields(code) {
                guard case .value(let value)? = PieceField.byCode[field]?.read(cell) else {
                    Issue.record("\(code) \(field) is not read back")
                    continue
                }
                #expect(PieceField.byCode[field]?.cell(value) == cell)
            }
        }
        let versions = try office.host.sql(
            "SELECT origin, revision, count(*), min(valid_from) FROM decoction.piece_revision GROUP BY 1, 2")
        #expect(versions == [["shipped", "1", "767", "2020-12-30"]])
    }

    @Test("a revision is a version of its own with who, when and why; the former stays readable by its day")
    func versions() async throws {
        let office = try await CatalogueOffice.open()
        let reply = try await office.revise(Pharmacy.mahuang, ["storageClass": "易霉变", "doseMaxMg": "9000"])
        #expect(reply["revision"] == 2)
        #expect(
            reply["changes"] == [
                ["field": "doseMaxMg", "fieldZh": "每日最大量（毫克）", "old": "10000", "new": "9000"],
                ["field": "storageClass", "fieldZh": "贮藏类别", "old": "普通", "new": "易霉变"],
            ])
        // The same once more is no version.
        #expect(try await office.revise(Pharmacy.mahuang, ["storageClass": "mould"])["revision"] == 2)
        #expect(try await office.fields(Pharmacy.mahuang)["doseMaxMg"] == "9000")
        #expect(try await office.fields(Pharmacy.mahuang, asOf: "2026-11-21")["doseMaxMg"] == "10000")
        let history = try await office.bureau.call("decoction.piece.history", ["code": .string(Pharmacy.mahuang)])
        let versions = history["versions"]?.arrayValue ?? []
        #expect(versions.map { $0["origin"] } == ["county", "shipped"])
        #expect(versions.first?["reason"] == "县药事会决议" && versions.first?["source"] == "测试依据")
        #expect(versions.first?["changes"] == reply["changes"] && versions.last?["changes"] == [])
        #expect(versions.first?["accountId"] != nil && versions.last?["accountId"] == nil)
        let found = try await office.pharmacy.pharmacist.call("decoction.piece.search", ["query": "XLYP0001"])
        #expect(found["pieces"]?[0]?["storageClass"] == "mould" && found["pieces"]?[0]?["storageClassZh"] == "易霉变")
    }

    @Test("the bureau alone changes the catalogue; identity, the law's control and impossible values are refused")
    func refusals() async throws {
        let office = try await CatalogueOffice.open()
        let site = try await office.host.client(role: .siteAdmin, site: "t1")
        let change = CatalogueOffice.revision(Pharmacy.mahuang, ["notesZh": "试"])
        #expect(try await office.pharmacy.refusal("decoction.piece.revise", change).reason == "host.forbidden")
        let elsewhere = try await office.pharmacy.refusal("decoction.piece.revise", change, by: site)
        #expect(elsewhere.reason == "decoction.catalogueOfCounty")
        for (code, changes, pointer) in [
            (Pharmacy.mahuang, ["nameZh": "麻黄草"], "/changes/0/field"),
            (Pharmacy.mahuang, ["storageClass": "潮湿"], "/changes/0/value"),
            (Pharmacy.mahuang, ["doseMaxMg": "1000"], "/changes/0/value"),
            (Pharmacy.mahuang, ["doseMaxMg": ""], "/changes/0/value"),
            (Pharmacy.mahuang, ["gbt31774": "0601234"], "/changes/0/value"),
            (Pharmacy.mahuang, ["controlClass": "毒性药品"], "/changes/0/value"),
            (Pharmacy.chuanwu, ["controlClass": "none", "controlledToxic28": "0"], "/changes/0/value"),
        ] {
            let refused = try await office.pharmacy.refusal(
                "decoction.piece.revise", CatalogueOffice.revision(code, changes), by: office.bureau)
            #expect(refused.reason == "host.invalidParams", "\(changes)")
            #expect(refused.details?[0]?["pointer"] == .string(pointer), "\(changes)")
        }
        let unknown = try await office.pharmacy.refusal(
            "decoction.piece.revise", CatalogueOffice.revision("XLYP8888", ["notesZh": "试"]), by: office.bureau)
        #expect(unknown.reason == "decoction.pieceUnknown")
        #expect(try office.host.sql("SELECT count(*) FROM decoction.piece_revision") == [["767"]])
    }

    @Test("RX-05: a variant that the county adds has its incompatible pairs in the same transaction")
    func aVariantHasItsPairs() async throws {
        let office = try await CatalogueOffice.open()
        let base = Clinic.code("姜半夏")
        let added = try await office.add("竹沥半夏", basedOn: base, ["processingZh": "竹沥制"])
        #expect(added == ["code": "XLYP9001", "incompatiblePairs": 9])
        #expect(
            try office.host.sql(
                "SELECT count(*) FROM decoction.incompatibility WHERE 'XLYP9001' IN (a_code, b_code)") == [["9"]])
        #expect(try office.host.sql("SELECT count(*) FROM decoction.incompatibility") == [["221"]])
        let fields = try await office.fields("XLYP9001")
        #expect(fields["baseMaterialZh"] == "半夏" && fields["processingZh"] == "竹沥制" && fields["nhsaCode"] == nil)
        #expect(try await office.add("另一种", basedOn: base)["code"] == "XLYP9002")
        let twice = try await office.pharmacy.refusal(
            "decoction.piece.add",
            [
                "basedOn": .string(base), "reason": "重复",
                "changes": CatalogueOffice.changes(["nameZh": "竹沥半夏", "pinyin": "zhu", "initials": "Z"]),
            ], by: office.bureau)
        #expect(twice.reason == "decoction.pieceNameTaken" && twice.details?["pieceCode"] == "XLYP9001")
        #expect(try await office.search("竹沥半夏") == ["XLYP9001"])
    }

    @Test(
        "an alias finds its piece by name, pinyin and initials, stands for one piece, and stays on record when removed")
    func aliases() async throws {
        let office = try await CatalogueOffice.open()
        let code = Clinic.code("金银花")
        let alias: JSONValue = [
            "code": .string(code), "nameZh": "双 花", "pinyin": "shuanghua", "initials": "SHH", "reason": "处方常用名",
        ]
        #expect(try await office.bureau.call("decoction.alias.add", alias)["nameZh"] == "双花")
        for query in ["双花", "shuanghua", "shuangh", "shh"] { #expect(try await office.search(query).first == code) }
        let found = try await office.pharmacy.pharmacist.call("decoction.piece.search", ["query": "双花"])
        #expect(found["pieces"]?[0]?["aliasZh"] == "双花" && found["pieces"]?[0]?["nameZh"] == "金银花")
        for (other, name) in [(Pharmacy.mahuang, "双花"), (code, "麻黄")] {
            let taken = try await office.pharmacy.refusal(
                "decoction.alias.add", ["code": .string(other), "nameZh": .string(name), "reason": "试"],
                by: office.bureau)
            #expect(taken.reason == "decoction.pieceNameTaken")
        }
        try await office.bureau.call(
            "decoction.alias.remove", ["code": .string(code), "nameZh": "双花", "reason": "易混淆"])
        #expect(try await office.search("双花") == [])
        let card = try await office.bureau.call("decoction.piece.get", ["code": .string(code)])
        #expect(card["aliases"]?[0]?["removedReason"] == "易混淆" && card["aliases"]?[0]?["reason"] == "处方常用名")
        // Free again.
        #expect(try await office.bureau.call("decoction.alias.add", alias)["nameZh"] == "双花")
    }

    @Test("a withdrawn piece is neither received nor prescribed and found by its code alone, until it is restored")
    func withdrawal() async throws {
        let office = try await CatalogueOffice.open()
        let params: JSONValue = ["code": .string(Pharmacy.mahuang), "reason": "停用"]
        let lot = try await office.pharmacy.stock(Pharmacy.mahuang, 1000)
        let withdrawn = try await office.bureau.call("decoction.piece.withdraw", params)
        #expect(withdrawn["withdrawnOn"] == "2026-11-22" && withdrawn["revision"] == 2)
        #expect(
            try await office.pharmacy.refusal("decoction.piece.withdraw", params, by: office.bureau).reason
                == "decoction.pieceStateConflict")
        let delivery = Pharmacy.delivery(
            Pharmacy.mahuang, 1, supplier: office.pharmacy.supplier, batch: "B",
            expiresOn: Pharmacy.now.localDate.adding(days: 9))
        #expect(
            try await office.pharmacy.refusal("decoction.lot.receive", delivery).reason == "decoction.pieceOutOfUse")
        let doctor = try await office.host.client(role: .doctor, site: "t1")
        let draft: JSONValue = [
            "patient": ["sex": "male", "ageYears": 40], "doses": 3,
            "pieces": [["code": .string(Pharmacy.mahuang), "perDoseMg": 6000]],
        ]
        let refused = try await office.pharmacy.refusal("decoction.prescription.check", draft, by: doctor)
        #expect(refused.reason == "decoction.pieceOutOfUse")
        let others = try await office.search("麻黄")
        #expect(!others.contains(Pharmacy.mahuang))
        #expect(try await office.search(Pharmacy.mahuang) == [Pharmacy.mahuang])
        // What there is keeps its meaning.
        #expect(try await office.pharmacy.onHand() == [lot: 1000])
        #expect(try await office.bureau.call("decoction.piece.restore", params)["revision"] == 3)
        #expect(try await office.search("麻黄").first == Pharmacy.mahuang)
        _ = try await office.pharmacy.receive(Pharmacy.mahuang, 1)
    }
}
