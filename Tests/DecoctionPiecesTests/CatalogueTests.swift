import Foundation
import Testing
import XinglinKit

@testable import DecoctionPieces

struct CatalogueTests {
    /// The module's data file.
    static func file() throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return [UInt8](
            try Data(contentsOf: root.appendingPathComponent("Plugins/DecoctionPieces/Data/decoction_pieces.csv")))
    }

    private static let header = Piece.columns.joined(separator: ",")
    private static let good =
        "XLYP0001,麻黄,mahuang,MH,EPHEDRAE HERBA,麻黄,解表药,草质茎,净制切段,辛、微苦，温,肺、膀胱,2,10,煎服,none,0,none,none,none,普通,1,,high"

    private static func file(_ lines: String...) -> [UInt8] {
        Array(([Self.header] + lines).joined(separator: "\r\n").utf8) + [0x0D, 0x0A]
    }

    @Test("the catalogue has 767 pieces, 28 of them toxic by law, 23 without an oral dose")
    func totals() throws {
        let pieces = try Catalogue(parsing: Self.file()).pieces
        #expect(pieces.count == 767)
        #expect(Set(pieces.map(\.baseMaterial)).count == 554)
        #expect(pieces.filter(\.isControlledToxic28).count == 28)
        #expect(
            pieces.filter { $0.controlClass == .toxic }.map(\.code) == pieces.filter(\.isControlledToxic28).map(\.code))
        #expect(pieces.filter { $0.controlClass == .narcotic }.map(\.nameZh) == ["罂粟壳", "蜜罂粟壳"])
        #expect(pieces.filter { $0.controlClass == .house }.count == 5)
        #expect(pieces.filter { $0.dose == nil }.count == 23)
        #expect(pieces.filter { $0.dose == nil }.allSatisfy { [.external, .noOral].contains($0.doseRoute) })
        #expect(pieces.filter { !$0.isChP2020Listed }.count == 50)
        #expect(pieces.filter { $0.confidence == .high }.count == 693)
    }

    @Test("a line's cells become codes, flags and exact weights")
    func oneLine() throws {
        let mahuang = try #require(try Catalogue(parsing: Self.file(Self.good)).pieces.first)
        #expect(mahuang.nameZh == "麻黄")
        #expect(mahuang.dose == 2_000...10_000)
        #expect(mahuang.doseRoute == .decoct)
        #expect(mahuang.natureFlavour == "辛、微苦，温")
        #expect(mahuang.notes.isEmpty)
        let pieces = try Catalogue(parsing: Self.file()).pieces
        // 0.002 g would be lost by rounding to centigrams.
        #expect(pieces.compactMap(\.dose?.lowerBound).min() == 2)
    }

    @Test(
        "an unknown label or a malformed cell refuses the file with its line",
        arguments: [
            (",none,0,none,none,none,普通", ",剧毒,0,none,none,none,普通"), (",普通,", ",普通 ,"), (",煎服,", ",,"),
            (",none,0,", ",none,yes,"), (",2,10,", ",10,2,"), (",2,10,", ",0,10,"), (",2,10,", ",2.0001,10,"),
            (",2,10,", ",-2,10,"), ("mahuang", "Mahuang"), (",MH,", ",mh,"), ("XLYP0001", "XLYP001"),
            ("麻黄,mahuang", ",mahuang"),
            (",high", ",certain"), (",普通,1,", ",普通,2,"), (",high", ""), (",high", ",high,"),
            ("麻黄,mahuang", "麻\"黄,mahuang"),
        ])
    func refused(good: String, bad: String) {
        let line = Self.good.replacing(good, with: bad, maxReplacements: 1)
        #expect(line != Self.good)
        let error = #expect(throws: CatalogueRefused.self) {
            try Catalogue(parsing: Self.file(Self.good.replacing("XLYP0001,麻黄", with: "XLYP0009,桂枝"), line))
        }
        #expect(error?.line == 3)
    }

    @Test("a code or a name that stands twice, another header, an empty line and bad UTF-8 are refused")
    func refusedFiles() {
        let renamed = Self.good.replacing("XLYP0001,麻黄", with: "XLYP0001,桂枝")
        #expect(throws: CatalogueRefused(line: 3, problem: "the code or the name stands above already")) {
            try Catalogue(parsing: Self.file(Self.good, renamed))
        }
        #expect(throws: CatalogueRefused.self) { try Catalogue(parsing: Self.file(Self.good, "")) }
        #expect(throws: CatalogueRefused(line: 1, problem: "the columns are not as expected")) {
            try Catalogue(parsing: Array(Self.header.replacing("pinyin,initials", with: "initials,pinyin").utf8))
        }
        #expect(throws: DelimitedTable.Malformed.self) {
            try Catalogue(
                parsing: Self.file(Self.good.replacing("EPHEDRAE HERBA", with: "\u{1}")).map { $0 == 1 ? 0xFF : $0 })
        }
    }

    @Test("every label of the file has one code, and every code a Chinese label")
    func labels() {
        Self.check(Toxicity.self)
        Self.check(ControlClass.self)
        Self.check(Pregnancy.self)
        Self.check(StorageClass.self)
        Self.check(Cooking.self)
        Self.check(DoseRoute.self)
        Self.check(Confidence.self)
        #expect(Toxicity(fileLabel: "大毒") == .severe)
        #expect(ControlClass(fileLabel: "院内加严") == .house)
        #expect(Cooking(fileLabel: "烊化") == .melted)
    }

    private static func check<Code: CatalogueCode>(_ type: Code.Type) {
        #expect(Set(Code.allCases.map(\.fileLabel)).count == Code.allCases.count)
        for code in Code.allCases {
            #expect(Code(fileLabel: code.fileLabel)?.rawValue == code.rawValue)
            #expect(!code.labelZh.isEmpty)
            #expect(code.labelZh != "none")
        }
        #expect(Code(fileLabel: "") == nil)
    }
}
