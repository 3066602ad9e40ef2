import Foundation
import FoundationXML
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Labels for the bag and the pot (8.5).
struct LabelTests {
    /// Nobody: a made-up name with every character that XML minds.
    private static let card = LabelCard(
        siteZh: "一号镇卫生院", patientZh: "测<试>&\"患'者", sexZh: "女", ageYears: 36,
        number: "0198f3a2-7b00-7000-8000-000000000033", issuedOn: Pharmacy.now.localDate, kindZh: "普通", doses: 7,
        dosesPerDay: 1, isExternal: false,
        pieces: [
            .init(nameZh: "黑顺片", perDoseMg: 9_000, cooking: .first),
            .init(nameZh: "麻黄", perDoseMg: 6_000, cooking: .none),
            .init(nameZh: "薄荷", perDoseMg: 4_500, cooking: .last),
            .init(nameZh: "车前子", perDoseMg: 10_000, cooking: .wrapped),
        ],
        staff: [
            .init(dutyZh: "医师", nameZh: "测试医师"), .init(dutyZh: "审方", nameZh: "测试药师甲"),
            .init(dutyZh: "调剂", nameZh: "测试药师乙"), .init(dutyZh: "复核", nameZh: "＿＿＿＿"),
        ])

    @Test("a label is drawn as it was looked at, character by character", arguments: LabelKind.allCases)
    func snapshot(kind: LabelKind) throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Data/label-\(kind.rawValue).svg")
        let svg = LabelPage(card: Self.card, kind: kind).svg
        if ProcessInfo.processInfo.environment["XINGLIN_WRITE_SNAPSHOTS"] == "1" {
            try Data(svg.utf8).write(to: url)
        }
        let wanted = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        #expect(svg == wanted)
        #expect(XMLParser(data: Data(svg.utf8)).parse())
    }

    @Test("a name of sixty characters and eighty pieces still stand on the page, in as many lines as they need")
    func long() throws {
        let card = LabelCard(
            siteZh: "院", patientZh: String(repeating: "测", count: 60), sexZh: "女", ageYears: 36, number: "1",
            issuedOn: Pharmacy.now.localDate, kindZh: "普通", doses: 7, dosesPerDay: 1, isExternal: true,
            pieces: Array(repeating: .init(nameZh: "燀苦杏仁", perDoseMg: 9_000, cooking: .last), count: 80), staff: [])
        let svg = LabelPage(card: card, kind: .bag).svg
        #expect(svg.count(where: { $0 == "测" }) == 60)
        #expect(svg.contains("外用，不可内服"))
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        let heights = svg.split(separator: "\n").compactMap { line in
            line.firstRange(of: " y=\"").flatMap { Int(line[$0.upperBound...].prefix { $0.isNumber }) }
        }
        let height = try #require(
            svg.firstRange(of: "viewBox=\"0 0 1000 ").flatMap {
                Int(svg[$0.upperBound...].prefix { $0.isNumber })
            })
        #expect(heights.allSatisfy { $0 <= height - 40 })
    }

    @Test("H2: the label says what the room does with a toxic piece, whatever was written, and says that it differs")
    func agreesWithTheRoom() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        try clinic.shelve("白附片", "麻黄")
        func line(_ name: String, _ milligrams: Int64, _ cooking: String) -> JSONValue {
            [
                "code": .string(Clinic.code(name)), "perDoseMg": .integer(milligrams), "cooking": .string(cooking),
            ]
        }
        let id = try await dispensary.submit(
            Draft(clinic).with(
                "pieces", [line("白附片", 3_000, "last"), line("麻黄", 3_000, "first"), line("麻黄", 4_000, "last")]))
        try await dispensary.approve(id)
        for kind in ["bag", "pot"] {
            let svg = try #require(
                try await dispensary.dispenser.call(
                    "decoction.label.get", ["prescriptionId": id, "kind": .string(kind)])["svg"]?.stringValue)
            #expect(svg.contains("注意：白附片按先煎处理（处方写：后下）") && !svg.contains("白附片 3 g（后下）"), "\(svg)")
            // The same piece in two ways stands with its weights.
            #expect(svg.contains("先煎：白附片、麻黄 3 g") && svg.contains("后下：麻黄 4 g"), "\(svg)")
        }
    }

    @Test(
        "the label shows name, pieces, boiling and staff of a reviewed prescription; that the name was shown is audited"
    )
    func got() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄", "薄荷")
        let id = try await dispensary.submit(("麻黄", 6_000), ("薄荷", 4_500))
        let params: JSONValue = ["prescriptionId": id, "kind": "bag"]
        #expect(
            try await dispensary.clinic.refusal("decoction.label.get", params, by: dispensary.dispenser).reason
                == "decoction.prescriptionStateConflict")
        try await dispensary.approve(id)
        try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000), ("薄荷", 4_500)))
        let svg = try #require(
            try await dispensary.dispenser.call("decoction.label.get", params)["svg"]?.stringValue)
        for text in ["测试患者", "麻黄 6 g", "薄荷 4.5 g（后下）", "后下：薄荷", "共 3 剂", "复核：测试药师", id.stringValue ?? "?"] {
            #expect(svg.contains(text), "\(text)")
        }
        let audit =
            try dispensary.host.sql(
                "SELECT notes FROM host.audit WHERE method = 'decoction.label.get' ORDER BY seq DESC LIMIT 1")[0][0]
            ?? ""
        #expect(audit.contains(dispensary.clinic.woman) && !audit.contains("测试"))
        #expect(
            try await dispensary.clinic.refusal("decoction.label.get", params, by: dispensary.clinic.doctor).reason
                == "host.forbidden")
    }
}
