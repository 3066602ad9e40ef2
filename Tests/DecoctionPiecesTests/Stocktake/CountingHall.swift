import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A pharmacy with two who count and one who approves.
struct CountingHall {
    let pharmacy: Pharmacy
    let second: TestClient
    let reviewer: TestClient

    static func open() async throws -> CountingHall {
        let pharmacy = try await Pharmacy.open()
        return CountingHall(
            pharmacy: pharmacy, second: try await pharmacy.host.client(role: .pharmacist, site: "t1"),
            reviewer: try await pharmacy.reviewer())
    }

    func start(at place: String? = nil, scope: String? = nil) async throws -> String {
        var params: [String: JSONValue] = [:]
        params["locationId"] = place.map { .string($0) }
        params["scope"] = scope.map { .string($0) }
        let reply = try await self.pharmacy.pharmacist.call("decoction.stocktake.start", .object(params))
        return try #require(reply["stocktakeId"]?.stringValue)
    }

    private static func counted(_ stocktake: String, _ lot: String, _ quantity: Int64) -> JSONValue {
        ["stocktakeId": .string(stocktake), "lotId": .string(lot), "countedMg": .integer(quantity)]
    }

    /// Gives where the lot stands.
    func count(_ stocktake: String, _ lot: String, _ quantity: Int64, by client: TestClient? = nil) async throws
        -> String?
    {
        let reply = try await (client ?? self.pharmacy.pharmacist).call(
            "decoction.stocktake.count", Self.counted(stocktake, lot, quantity))
        return reply["status"]?.stringValue
    }

    func refusal(counting stocktake: String, _ lot: String, _ quantity: Int64) async throws -> CallRefused {
        try await self.pharmacy.refusal("decoction.stocktake.count", Self.counted(stocktake, lot, quantity))
    }

    func refusal(_ method: String, _ stocktake: String) async throws -> CallRefused {
        try await self.pharmacy.refusal("decoction.stocktake.\(method)", ["stocktakeId": .string(stocktake)])
    }

    func differences(_ stocktake: String) async throws -> [JSONValue] {
        try await self.pharmacy.pharmacist.call("decoction.stocktake.get", ["stocktakeId": .string(stocktake)])[
            "differences"]?.arrayValue ?? []
    }

    private static func approval(_ stocktake: String, _ reasons: [String: String], _ lossReason: String?) -> JSONValue {
        var params: [String: JSONValue] = ["stocktakeId": .string(stocktake), "reason": "称量误差"]
        if !reasons.isEmpty {
            params["lots"] = .array(reasons.map { ["lotId": .string($0), "reason": .string($1)] })
        }
        params["lossReason"] = lossReason.map { .string($0) }
        return .object(params)
    }

    func approve(_ stocktake: String, reasons: [String: String] = [:], lossReason: String? = nil) async throws
        -> JSONValue
    {
        try await self.reviewer.call("decoction.stocktake.approve", Self.approval(stocktake, reasons, lossReason))
    }

    func refusal(
        approving stocktake: String, reasons: [String: String] = [:], by client: TestClient? = nil
    ) async throws -> CallRefused {
        try await self.pharmacy.refusal(
            "decoction.stocktake.approve", Self.approval(stocktake, reasons, nil), by: client ?? self.reviewer)
    }
}
