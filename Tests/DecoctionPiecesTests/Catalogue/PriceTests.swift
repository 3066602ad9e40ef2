import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// PC-04: what a site charges, and what it calls a piece.
struct PriceTests {
    @Test(
        "PC-04: the highest price is the cost with a quarter more, rounded to the fen",
        arguments: [(0, 0), (1, 1), (2, 3), (3, 4), (5, 6), (6, 8), (6_800, 8_500), (9_999, 12_499), (10_001, 12_501)])
    func greatest(cost: Int64, price: Int64) {
        #expect(MarkUp.greatest(on: cost, percent: 25) == price)
    }

    private static func price(_ fen: Int64, from day: String? = nil, _ piece: String = Pharmacy.mahuang) -> JSONValue {
        var params: [String: JSONValue] = [
            "pieceCode": .string(piece), "priceFenPerKg": .integer(fen), "reason": "定价",
        ]
        params["validFrom"] = day.map { .string($0) }
        return .object(params)
    }

    @Test("PC-04: a price up to the mark-up is set, one fen more is refused with the highest that is allowed")
    func bounded() async throws {
        let pharmacy = try await Pharmacy.open()
        let none = try await pharmacy.refusal("decoction.price.set", Self.price(1))
        #expect(none.reason == "decoction.priceWithoutCost")
        // What is not accepted has no price yet.
        _ = try await pharmacy.receive(Pharmacy.mahuang, 1000)
        #expect(try await pharmacy.refusal("decoction.price.set", Self.price(1)).reason == "decoction.priceWithoutCost")
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let reply = try await pharmacy.pharmacist.call("decoction.price.set", Self.price(8500))
        #expect(reply == ["pieceCode": "XLYP0001", "revision": 1, "costFenPerKg": 6800, "greatestFenPerKg": 8500])
        let refused = try await pharmacy.refusal("decoction.price.set", Self.price(8501))
        #expect(refused.reason == "decoction.priceAboveMarkUp")
        #expect(
            refused.details == [
                "rule": "PC-04", "pieceCode": "XLYP0001", "costFenPerKg": 6800, "markUpPercent": 25,
                "greatestFenPerKg": 8500, "ruleVersion": "1.0",
            ])
        let unknown = try await pharmacy.refusal("decoction.price.set", Self.price(1, from: nil, "XLYP9999"))
        #expect(unknown.reason == "decoction.pieceUnknown")
        let past = try await pharmacy.refusal("decoction.price.set", Self.price(1, from: "2026-11-21"))
        #expect(past.reason == "host.invalidParams")
    }

    @Test("the cheapest lot that can be issued bounds the price; the former price and its day stay readable")
    func cheapest() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        try await pharmacy.pharmacist.call("decoction.price.set", Self.price(8500))
        try await pharmacy.pharmacist.call("decoction.price.set", Self.price(8000, from: "2026-11-25"))
        func listed(_ day: String? = nil) async throws -> JSONValue {
            let params: JSONValue = day.map { ["asOf": .string($0)] } ?? .object([:])
            let reply = try await pharmacy.pharmacist.call("decoction.price.list", params)
            #expect(reply["markUpPercent"] == 25)
            return reply["prices"]?[0] ?? .null
        }
        let first = try await listed()
        #expect(first["priceFenPerKg"] == 8500 && first["aboveMarkUp"] == false)
        #expect(try await listed("2026-11-25")["priceFenPerKg"] == 8000)
        // A cheaper lot comes in: the price is too high by now, and a new one is judged by the cheaper.
        try pharmacy.host.script("UPDATE decoction.lot SET unit_cost_fen_per_kg = 4000")
        let late = try await listed()
        #expect(late["aboveMarkUp"] == true && late["greatestFenPerKg"] == 5000)
        let refused = try await pharmacy.refusal("decoction.price.set", Self.price(5001))
        #expect(refused.details?["greatestFenPerKg"] == 5000)
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        #expect(try await there.call("decoction.price.list")["prices"] == [])
    }

    @Test("100 prices of one piece at once are a hundred versions or are refused as changed meanwhile: no number twice")
    func race() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        var clients: [TestClient] = []
        for _ in 0..<5 { clients.append(try await pharmacy.host.client(role: .pharmacist, site: "t1")) }
        let all = clients
        let outcomes = await Racing.aside(100) {
            let client = all[Int.random(in: 0..<all.count)]
            return try Racing.retrying { try client.callAndWait("decoction.price.set", Self.price(8500)) }
        }
        let set = outcomes.compactMap { try? $0.get()["revision"]?.integerValue }
        #expect(Set(set).count == set.count && !set.isEmpty)
        for case .failure(let error) in outcomes { #expect((error as? CallRefused)?.reason == "host.conflict") }
        #expect(
            try pharmacy.host.sql("SELECT count(*), max(revision) FROM decoction.price")
                == [[String(set.count), String(set.count)]])
    }

    @Test("a site's own codes: one for a piece, one piece for a code, and another site has its own")
    func localCodes() async throws {
        let pharmacy = try await Pharmacy.open()
        func set(_ piece: String, _ code: String?) -> JSONValue {
            var params: [String: JSONValue] = ["pieceCode": .string(piece)]
            params["localCode"] = code.map { .string($0) }
            return .object(params)
        }
        let method = "decoction.localCode.set"
        #expect(try await pharmacy.pharmacist.call(method, set(Pharmacy.mahuang, "ＺＹ 01"))["localCode"] == "ZY01")
        let taken = try await pharmacy.refusal(method, set(Pharmacy.guizhi, "ZY01"))
        #expect(taken.reason == "decoction.localCodeTaken" && taken.details?["pieceCode"] == "XLYP0001")
        try await pharmacy.pharmacist.call(method, set(Pharmacy.mahuang, "ZY02"))
        try await pharmacy.pharmacist.call(method, set(Pharmacy.guizhi, "ZY01"))
        let codes = try await pharmacy.pharmacist.call("decoction.localCode.list")["codes"]?.arrayValue ?? []
        #expect(codes.map { $0["localCode"] } == ["ZY02", "ZY01"])
        try await pharmacy.pharmacist.call(method, set(Pharmacy.guizhi, nil))
        #expect(try pharmacy.host.sql("SELECT count(*), count(ended_at) FROM decoction.local_code") == [["3", "2"]])
        let there = try await pharmacy.host.client(role: .siteAdmin, site: "t2")
        #expect(try await there.call(method, set(Pharmacy.guizhi, "ZY02"))["localCode"] == "ZY02")
    }
}
