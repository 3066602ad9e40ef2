import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A township's pharmacy on a host of its own, for the tests of the stock.
struct Pharmacy {
    let host: TestHost
    let pharmacist: TestClient
    let supplier: String

    /// 麻黄, 桂枝 and 防风 are under no control; 生川乌 is one of the 28 toxic kinds.
    static let mahuang = "XLYP0001"
    static let guizhi = "XLYP0003"
    static let fangfeng = "XLYP0012"
    static let chuanwu = "XLYP0178"
    /// 2026-11-22T14:30:00+08:00.
    static let now = Timestamp(microseconds: 1_795_329_000_000_000)

    /// Opens the pharmacy of `t1` at `now`.
    static func open() async throws -> Pharmacy {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        host.setClock(Self.now)
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        let supplier = try await pharmacist.call(
            "decoction.supplier.create", ["nameZh": "亳州某饮片有限公司", "licence": "皖20260001"])
        return Pharmacy(host: host, pharmacist: pharmacist, supplier: try #require(supplier["supplierId"]?.stringValue))
    }

    /// Moves the clock; sessions end in the meantime, so it gives the pharmacy with a new one.
    func later(_ instant: Timestamp) async throws -> Pharmacy {
        self.host.setClock(instant)
        return Pharmacy(
            host: self.host, pharmacist: try await self.host.client(role: .pharmacist, site: "t1"),
            supplier: self.supplier)
    }

    static func delivery(
        _ piece: String, _ quantity: Int64, supplier: String, batch: String, expiresOn: LocalDate,
        producedOn: LocalDate? = nil
    ) -> JSONValue {
        [
            "pieceCode": .string(piece), "supplierId": .string(supplier), "batchNumber": .string(batch),
            "producedOn": .string((producedOn ?? Self.now.localDate.adding(days: -60)).description),
            "expiresOn": .string(expiresOn.description), "quantityMg": .integer(quantity), "unitCostFenPerKg": 6800,
        ]
    }

    /// Receives a lot and leaves it in quarantine; gives its id.
    func receive(_ piece: String, _ quantity: Int64, expiresIn days: Int = 365) async throws -> String {
        let batch = RecordID.make(at: HostClock.system.now).description
        let reply = try await self.pharmacist.call(
            "decoction.lot.receive",
            Self.delivery(
                piece, quantity, supplier: self.supplier, batch: batch,
                expiresOn: Self.now.localDate.adding(days: days)))
        #expect(reply["state"] == "quarantined")
        return try #require(reply["lotId"]?.stringValue)
    }

    /// Receives and accepts a lot; gives its id.
    func stock(_ piece: String, _ quantity: Int64, expiresIn days: Int = 365) async throws -> String {
        let lot = try await self.receive(piece, quantity, expiresIn: days)
        let reply = try await self.pharmacist.call("decoction.lot.accept", ["lotId": .string(lot)])
        #expect(reply == ["lotId": .string(lot), "state": "accepted"])
        return lot
    }

    static func document(_ lines: [Line]) -> JSONValue {
        ["lines": .array(lines.map(\.json)), "reason": "病区领用"]
    }

    /// Issues a document; gives its moves.
    @discardableResult
    func issue(_ lines: Line...) async throws -> [Moved] {
        let reply = try await self.pharmacist.call("decoction.stock.issue", Self.document(lines))
        return try #require(reply["moves"]?.arrayValue).map { try Moved($0) }
    }

    /// The refusal of a call that must be refused.
    func refusal(_ method: String, _ params: JSONValue, by client: TestClient? = nil) async throws -> CallRefused {
        let client = client ?? self.pharmacist
        let error = await #expect(throws: CallRefused.self) { try await client.call(method, params) }
        return try #require(error)
    }

    /// What is on hand of each lot, by id, as `decoction.stock.list` says.
    func onHand(_ piece: String? = nil) async throws -> [String: Int64] {
        var params: [String: JSONValue] = ["limit": 500]
        params["pieceCode"] = piece.map { .string($0) }
        let lots = try await self.pharmacist.call("decoction.stock.list", .object(params))["lots"]?.arrayValue ?? []
        return Dictionary(
            uniqueKeysWithValues: lots.map { ($0["lotId"]?.stringValue ?? "", $0["onHandMg"]?.integerValue ?? -1) })
    }

    /// Lots whose balance is not the sum of their movements, or is negative: there must be none.
    func wrongLots() throws -> [[String?]] {
        try self.host.sql(
            """
            SELECT lot_id, on_hand_mg FROM decoction.lot WHERE on_hand_mg < 0 OR on_hand_mg <> (
                SELECT coalesce(sum(quantity_mg), 0) FROM decoction.movement
                WHERE movement.site_id = lot.site_id AND movement.lot_id = lot.lot_id)
            """)
    }
}

/// A line of an issue.
struct Line {
    let piece: String
    let quantity: Int64
    var lot: String?

    init(_ piece: String, _ quantity: Int64, lot: String? = nil) {
        self.piece = piece
        self.quantity = quantity
        self.lot = lot
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["pieceCode": .string(self.piece), "quantityMg": .integer(self.quantity)]
        members["lotId"] = self.lot.map { .string($0) }
        return .object(members)
    }
}

/// A move as a reply gives it.
struct Moved: Equatable {
    let lot: String
    let quantity: Int64

    init(_ lot: String, _ quantity: Int64) {
        self.lot = lot
        self.quantity = quantity
    }

    init(_ json: JSONValue) throws {
        self.lot = try #require(json["lotId"]?.stringValue)
        self.quantity = try #require(json["quantityMg"]?.integerValue)
    }
}
