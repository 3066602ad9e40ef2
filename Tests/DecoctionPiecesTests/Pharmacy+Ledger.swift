import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What the tests of the ledger ask of a pharmacy.
extension Pharmacy {
    func reviewer() async throws -> TestClient { try await self.host.client(role: .reviewer, site: "t1") }

    /// Adds a place; gives its id.
    func place(_ code: String, _ kind: String, piece: String? = nil) async throws -> String {
        var params: [String: JSONValue] = ["code": .string(code), "nameZh": .string(code), "kind": .string(kind)]
        params["pieceCode"] = piece.map { .string($0) }
        let reply = try await self.pharmacist.call("decoction.location.create", .object(params))
        return try #require(reply["locationId"]?.stringValue)
    }

    static func transfer(_ lot: String, _ quantity: Int64, from: String?, to: String?) -> JSONValue {
        var params: [String: JSONValue] = ["lines": [["lotId": .string(lot), "quantityMg": .integer(quantity)]]]
        params["fromLocationId"] = from.map { .string($0) }
        params["toLocationId"] = to.map { .string($0) }
        return .object(params)
    }

    /// Moves a lot; gives the document. The main store is where nothing is said.
    @discardableResult
    func transfer(_ lot: String, _ quantity: Int64, from: String? = nil, to: String? = nil) async throws -> String {
        let reply = try await self.pharmacist.call(
            "decoction.stock.transfer", Self.transfer(lot, quantity, from: from, to: to))
        return try #require(reply["documentId"]?.stringValue)
    }

    func refusal(transfer lot: String, _ quantity: Int64, to: String) async throws -> CallRefused {
        try await self.refusal("decoction.stock.transfer", Self.transfer(lot, quantity, from: nil, to: to))
    }

    @discardableResult
    func reverse(_ document: String) async throws -> JSONValue {
        try await self.pharmacist.call(
            "decoction.movement.reverse", ["documentId": .string(document), "reason": "录入错误"])
    }

    static func document(_ lines: [Line], at place: String? = nil, on day: LocalDate? = nil) -> JSONValue {
        var members = Self.document(lines).objectValue ?? [:]
        members["locationId"] = place.map { .string($0) }
        members["bookedOn"] = day.map { .string($0.description) }
        return .object(members)
    }

    func issue(at place: String? = nil, on day: LocalDate? = nil, _ lines: Line...) async throws {
        try await self.pharmacist.call("decoction.stock.issue", Self.document(lines, at: place, on: day))
    }

    /// What lies at a place, by lot; in the main store where none is given.
    func lying(at place: String? = nil) async throws -> [String: Int64] {
        var params: [String: JSONValue] = ["limit": 500]
        params["locationId"] = place.map { .string($0) }
        let lots = try await self.pharmacist.call("decoction.location.contents", .object(params))["lots"]?.arrayValue
        return Dictionary(
            uniqueKeysWithValues: (lots ?? []).map {
                ($0["lotId"]?.stringValue ?? "", $0["onHandMg"]?.integerValue ?? -1)
            }
        )
    }

    /// The ledger verifies, by the module's own method and by the test's.
    func expectSound() async throws {
        let report = try await self.pharmacist.call("decoction.ledger.verify")
        #expect(report["ok"] == true, "\(report)")
        #expect(try self.wrongLots().isEmpty)
    }
}
