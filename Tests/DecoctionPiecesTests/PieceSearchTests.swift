import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

struct PieceSearchTests {
    private static func names(_ reply: JSONValue) -> [String] {
        reply["pieces"]?.arrayValue?.compactMap { $0["nameZh"]?.stringValue } ?? []
    }

    @Test("mh finds 麻黄, in either case, full width, with blanks; so do its name, its pinyin and its code")
    func findsMahuang() async throws {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        let doctor = try await host.client(role: .doctor, site: "t1")
        for query in ["mh", "MH", "ｍｈ", "m h", "麻黄", "麻　黄", "mahuang", "MaHuang", "xlyp0001"] {
            let reply = try await doctor.call("decoction.piece.search", ["query": .string(query)])
            #expect(Self.names(reply).first == "麻黄", "\(query)")
        }
    }

    @Test("a piece is shown as the file has it, with codes, labels and exact milligrams")
    func shape() async throws {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        let client = try await host.client(role: .pharmacist, site: "t1")
        let mahuang = try await client.call("decoction.piece.search", ["query": "XLYP0001"])["pieces"]?[0]
        #expect(
            mahuang == [
                "code": "XLYP0001", "nameZh": "麻黄", "pinyin": "mahuang", "initials": "MH", "categoryZh": "解表药",
                "baseMaterialZh": "麻黄", "processingZh": "净制切段", "doseMinMg": 2000, "doseMaxMg": 10000,
                "doseRoute": "decoct", "doseRouteZh": "煎服", "toxicity": "none", "toxicityZh": "无毒性标注",
                "controlClass": "none", "controlClassZh": "普通", "pregnancy": "none", "pregnancyZh": "未见标注",
                "storageClass": "normal", "storageClassZh": "普通", "cooking": "none", "cookingZh": "无特殊煎法",
            ])
        let chuanwu = try await client.call("decoction.piece.search", ["query": "生川乌"])["pieces"]?[0]
        #expect(chuanwu?["toxicity"] == "severe")
        #expect(chuanwu?["controlClass"] == "toxic")
        // 0–0 in the file is no oral dose.
        #expect(chuanwu?["doseMinMg"] == nil)
        #expect(chuanwu?["doseMaxMg"] == nil)
        let counted = try host.sql(
            """
            SELECT count(*), count(*) FILTER (WHERE controlled_toxic_28), count(*) FILTER (WHERE dose_min_mg IS NULL),
                sum(dose_max_mg), min(dose_min_mg) FROM decoction.piece
            """)
        let pieces = try Catalogue(parsing: CatalogueTests.file()).pieces
        let greatest = pieces.compactMap(\.dose?.upperBound).reduce(0, +)
        #expect(counted == [["767", "28", "23", String(greatest), "2"]])
    }

    @Test("the best match comes first: the whole, then what begins so, then what contains it; shorter names first")
    func order() async throws {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        let client = try await host.client(role: .reviewer, site: "t1")
        let names = Self.names(try await client.call("decoction.piece.search", ["query": "麻黄", "limit": 500]))
        #expect(Array(names.prefix(2)) == ["麻黄", "麻黄根"])
        #expect(names.contains("蜜麻黄"))
        let pieces = try Catalogue(parsing: CatalogueTests.file()).pieces
        for query in ["黄", "gan", "C", "炒"] {
            let typed = try #require(SearchQuery(query))
            let expected = pieces.compactMap { piece -> (Int, Int, String, String)? in
                let distance: Int
                if piece.nameZh == typed.name || piece.pinyin == typed.pinyin || piece.initials == typed.capitals {
                    distance = 0
                } else if piece.nameZh.hasPrefix(typed.name) || piece.pinyin.hasPrefix(typed.pinyin)
                    || piece.initials.hasPrefix(typed.capitals)
                {
                    distance = 1
                } else if piece.nameZh.contains(typed.name) {
                    distance = 2
                } else {
                    return nil
                }
                return (distance, piece.nameZh.unicodeScalars.count, piece.code, piece.nameZh)
            }.sorted { $0 < $1 }.map(\.3)
            #expect(expected.count > 3, "\(query)")
            let found = try await client.call("decoction.piece.search", ["query": .string(query), "limit": 500])
            #expect(Self.names(found) == expected, "\(query)")
        }
    }

    @Test("pages follow each other without a gap or a repetition", arguments: [1, 7, 100])
    func pages(limit: Int64) async throws {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        let client = try await host.client(role: .siteAdmin, site: "t1")
        let all = Self.names(try await client.call("decoction.piece.search", ["query": "黄", "limit": 500]))
        var paged: [String] = []
        var next: JSONValue? = nil
        repeat {
            var params: [String: JSONValue] = ["query": "黄", "limit": .integer(limit)]
            params["after"] = next
            let page = try await client.call("decoction.piece.search", .object(params))
            #expect(Self.names(page).count <= Int(limit))
            paged += Self.names(page)
            next = page["next"]
        } while next != nil && paged.count <= all.count
        #expect(paged == all)
    }

    @Test("percent and underscore mean themselves", arguments: ["%", "_", "麻_", "m%", "\\", "%黄%"])
    func wildcards(query: String) async throws {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        let client = try await host.client(role: .doctor, site: "t1")
        #expect(try await client.call("decoction.piece.search", ["query": .string(query)])["pieces"] == [])
    }

    @Test("a query of nothing and a role without the right are refused")
    func refused() async throws {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        let doctor = try await host.client(role: .doctor, site: "t1")
        let nothing = await #expect(throws: CallRefused.self) {
            try await doctor.call("decoction.piece.search", ["query": "''"])
        }
        #expect(nothing?.reason == "host.invalidParams")
        let nurse = try await host.client(role: .nurse, site: "t1")
        let forbidden = await #expect(throws: CallRefused.self) {
            try await nurse.call("decoction.piece.search", ["query": "mh"])
        }
        #expect(forbidden?.reason == "host.forbidden")
    }
}
