import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Lines that name a piece as doctors write it.
struct NamingTests {
    private static func alias(_ host: TestHost, _ code: String, _ name: String) async throws -> TestClient {
        let bureau = try await host.client(role: .siteAdmin, site: "county")
        try await bureau.call(
            "decoction.alias.add", ["code": .string(code), "nameZh": .string(name), "reason": "处方常用名"])
        return bureau
    }

    private static func named(_ clinic: Clinic, _ name: String, _ member: String = "name") -> Draft {
        Draft(clinic).with("pieces", [[member: .string(name), "perDoseMg": 9000]])
    }

    @Test(
        "an alias, an own name and a base material stand for their piece, and the prescription keeps what was written")
    func kept() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("金银花", "桂枝", "制川乌")
        let bureau = try await Self.alias(clinic.host, Clinic.code("金银花"), "双花")
        try await bureau.call(
            "decoction.piece.revise",
            [
                "code": .string(Clinic.code("金银花")), "changes": [["field": "notesZh", "value": "测试"]], "reason": "修订",
            ])
        let draft = Draft(clinic).with(
            "pieces",
            [
                ["name": " 双花 ", "perDoseMg": 9000], ["nameZh": "桂枝", "perDoseMg": 6000],
                ["name": "川乌", "perDoseMg": 1500, "cooking": "first"],
                ["code": .string(Pharmacy.mahuang), "perDoseMg": 6000],
            ])
        try clinic.shelve("麻黄")
        let reply = try await clinic.doctor.call("decoction.prescription.submit", draft.handedIn(clinic.woman).json)
        let id = try #require(reply["prescriptionId"])
        let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id])
        let pieces = card["pieces"]?.arrayValue ?? []
        #expect(pieces.map { $0["nameZh"] } == ["金银花", "桂枝", "制川乌", "麻黄"])
        #expect(pieces.map { $0["naming"] } == ["alias", "name", "processed", "code"])
        #expect(pieces.map { $0["written"] } == ["双花", "桂枝", "川乌", nil])
        #expect(pieces.map { $0["pieceRevision"] } == [2, 1, 1, 1])
        // What was taken as processed is said again when it is checked again.
        let again = try await clinic.doctor.call("decoction.prescription.recheck", ["prescriptionId": id])
        let said = again["findings"]?.arrayValue?.filter { $0["rule"] == "RX-09" } ?? []
        #expect(said.map { $0["pieces"] } == [[.string(Clinic.code("制川乌"))]])
    }

    @Test(
        "an alias of the raw piece of a toxic material gives the processed one; ambiguous names are refused with the candidates"
    )
    func safe() async throws {
        let clinic = try await Clinic.open()
        _ = try await Self.alias(clinic.host, Clinic.code("生川乌"), "川乌")
        let found = try await clinic.findings(Self.named(clinic, "川乌")).filter { $0["rule"] == "RX-09" }
        #expect(found.map { $0["pieces"] } == [[.string(Clinic.code("制川乌"))]])
        let refused = try await clinic.refusal("decoction.prescription.check", Self.named(clinic, "半夏").json)
        #expect(refused.reason == "decoction.pieceAmbiguous")
        let names = refused.details?["candidates"]?.arrayValue?.compactMap { $0["nameZh"]?.stringValue } ?? []
        #expect(names.contains("法半夏") && !names.contains("生半夏"))
        // A prohibited material stays prohibited, and is nobody's alias.
        let alias = await #expect(throws: CallRefused.self) {
            try await Self.alias(clinic.host, Clinic.code("麻黄"), "马兜铃")
        }
        #expect(alias?.reason == "decoction.pieceWithdrawn")
        // Nor does what other pieces are made of become the name of this one.
        let material = await #expect(throws: CallRefused.self) {
            try await Self.alias(clinic.host, Clinic.code("麻黄"), "川乌")
        }
        #expect(material?.reason == "decoction.pieceNameTaken")
        #expect(
            try await clinic.refusal("decoction.prescription.check", Self.named(clinic, "马兜铃").json).reason
                == "decoction.pieceWithdrawn")
        let two = Draft(clinic).with("pieces", [["name": "麻黄", "nameZh": "麻黄", "perDoseMg": 6000]])
        #expect(try await clinic.refusal("decoction.prescription.check", two.json).reason == "host.invalidParams")
    }

    @Test("an alias that was removed stands for nothing, and one of a withdrawn piece is refused by it")
    func ended() async throws {
        let clinic = try await Clinic.open()
        let code = Clinic.code("金银花")
        let bureau = try await Self.alias(clinic.host, code, "双花")
        _ = try await clinic.findings(Self.named(clinic, "双花"))
        try await bureau.call("decoction.piece.withdraw", ["code": .string(code), "reason": "停用"])
        let refused = try await clinic.refusal("decoction.prescription.check", Self.named(clinic, "双花").json)
        #expect(refused.reason == "decoction.pieceOutOfUse" && refused.details == [["pieceCode": .string(code)]])
        try await bureau.call("decoction.piece.restore", ["code": .string(code), "reason": "恢复"])
        try await bureau.call(
            "decoction.alias.remove", ["code": .string(code), "nameZh": "双花", "reason": "不再使用"])
        #expect(
            try await clinic.refusal("decoction.prescription.check", Self.named(clinic, "双花").json).reason
                == "decoction.pieceUnknown")
    }
}
