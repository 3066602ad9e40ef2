import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The bureau's pharmacy, which supplies the township `t1`, on a host of their own; `t2` is neither.
struct TwoSites {
    let host: TestHost
    /// Of the supplier.
    let county: TestClient
    /// Of who orders.
    let township: TestClient
    /// Of neither.
    let stranger: TestClient
    /// The supplier's own supplier.
    let supplier: String

    static let licence = "京20260009"

    static func open() async throws -> TwoSites {
        let host = try await TestHost.start(DecoctionPiecesModule.self)
        host.setClock(Pharmacy.now)
        let admin = try await host.client(role: .siteAdmin, site: "county")
        try await admin.call("decoction.pharmacy.set", ["licence": .string(Self.licence), "takesOrders": true])
        return try await TwoSites(host: host, supplier: nil)
    }

    private init(host: TestHost, supplier: String?) async throws {
        self.host = host
        self.county = try await host.client(role: .pharmacist, site: "county")
        self.township = try await host.client(role: .pharmacist, site: "t1")
        self.stranger = try await host.client(role: .pharmacist, site: "t2")
        if let supplier {
            self.supplier = supplier
        } else {
            let reply = try await self.county.call(
                "decoction.supplier.create", ["nameZh": "亳州某饮片有限公司", "licence": "皖20260001"])
            self.supplier = try #require(reply["supplierId"]?.stringValue)
        }
    }

    /// Moves the clock; sessions end in the meantime.
    func later(days: Int) async throws -> TwoSites {
        self.host.setClock(Pharmacy.now.adding(seconds: Int64(days) * 86_400))
        return try await TwoSites(host: self.host, supplier: self.supplier)
    }

    /// Puts an accepted lot on the supplier's shelf; gives its id.
    @discardableResult
    func stock(_ piece: String, _ quantity: Int64, expiresIn days: Int = 365) async throws -> String {
        let received = try await self.county.call(
            "decoction.lot.receive",
            Pharmacy.delivery(
                piece, quantity, supplier: self.supplier, batch: RecordID.make(at: HostClock.system.now).description,
                expiresOn: Pharmacy.now.localDate.adding(days: days)))
        let lot = try #require(received["lotId"])
        try await self.county.call("decoction.lot.accept", ["lotId": lot])
        return try #require(lot.stringValue)
    }

    static func lines(_ lines: [(String, Int64)]) -> JSONValue {
        .array(lines.map { ["pieceCode": .string($0.0), "quantityMg": .integer($0.1)] })
    }

    /// Places an order by the township; gives its id.
    func place(_ lines: (String, Int64)...) async throws -> String {
        let reply = try await self.township.call(
            "decoction.order.place", ["supplierSite": "county", "lines": Self.lines(lines)])
        #expect(reply["state"] == "placed")
        return try #require(reply["orderId"]?.stringValue)
    }

    func accept(_ order: String) async throws {
        let reply = try await self.county.call("decoction.order.accept", Self.id(order))
        #expect(reply["state"] == "accepted")
    }

    /// Ships an accepted order whole; gives its moves.
    @discardableResult
    func ship(_ order: String) async throws -> [Moved] {
        let reply = try await self.county.call("decoction.order.ship", Self.id(order))
        return try #require(reply["moves"]?.arrayValue).map { try Moved($0) }
    }

    /// Places, accepts and ships; gives the order with its moves.
    func shipped(_ lines: (String, Int64)...) async throws -> (order: String, moves: [Moved]) {
        let reply = try await self.township.call(
            "decoction.order.place", ["supplierSite": "county", "lines": Self.lines(lines)])
        let order = try #require(reply["orderId"]?.stringValue)
        try await self.accept(order)
        return (order, try await self.ship(order))
    }

    static func id(_ order: String) -> JSONValue { ["orderId": .string(order)] }

    static func counted(_ order: String, _ counted: [(String, Int64)]) -> JSONValue {
        [
            "orderId": .string(order),
            "lines": .array(counted.map { ["lotId": .string($0.0), "quantityMg": .integer($0.1)] }),
        ]
    }

    func receive(_ order: String, _ counted: (String, Int64)...) async throws -> JSONValue {
        try await self.township.call("decoction.order.receive", Self.counted(order, counted))
    }

    func settle(_ claim: JSONValue?, _ settlement: String) async throws -> JSONValue {
        try await self.county.call(
            "decoction.claim.settle",
            ["claimId": try #require(claim), "settlement": .string(settlement), "reason": "装车清点有误"])
    }

    func refusal(_ client: TestClient, _ method: String, _ params: JSONValue) async throws -> CallRefused {
        let error = await #expect(throws: CallRefused.self) { try await client.call(method, params) }
        return try #require(error)
    }

    /// What of a piece lies at a site.
    func onHand(_ client: TestClient, _ piece: String) async throws -> Int64 {
        let lots = try await client.call("decoction.stock.list", ["pieceCode": .string(piece), "limit": 500])["lots"]
        return (lots?.arrayValue ?? []).reduce(0) { $0 + ($1["onHandMg"]?.integerValue ?? 0) }
    }

    /// What an order's only line says: shipped, received, claimed, in transit.
    func amounts(_ order: String, seenBy client: TestClient) async throws -> [Int64] {
        let line = try await client.call("decoction.order.get", Self.id(order))["lines"]?[0]
        return ["shippedMg", "receivedMg", "claimedMg", "inTransitMg"].map { line?[$0]?.integerValue ?? -1 }
    }

    /// Everything that does not add up between the two sites; there must be nothing.
    func differences() throws -> [[String?]] {
        try self.host.sql(
            """
            SELECT 'balance', lot_id, on_hand_mg FROM decoction.lot WHERE on_hand_mg < 0 OR on_hand_mg <> (
                SELECT coalesce(sum(quantity_mg), 0) FROM decoction.movement
                WHERE movement.site_id = lot.site_id AND movement.lot_id = lot.lot_id)
            UNION ALL
            SELECT 'line', lot_id, shipped_mg FROM decoction.shipment_line
            WHERE shipped_mg <> received_mg + claimed_mg + in_transit_mg
            UNION ALL
            SELECT 'sent', lot_id, shipped_mg FROM decoction.shipment_line AS line WHERE shipped_mg <> (
                SELECT -sum(quantity_mg) FROM decoction.movement JOIN decoction.supply_order USING (document_id)
                WHERE order_id = line.order_id AND movement.lot_id = line.lot_id AND kind = 'shipment'
                    AND movement.site_id = line.supplier_site_id)
            UNION ALL
            SELECT 'arrived', lot_id, received_mg FROM decoction.shipment_line AS line WHERE received_mg <> (
                SELECT coalesce(sum(movement.quantity_mg), 0) FROM decoction.shipment_receipt AS receipt
                JOIN decoction.movement ON movement.site_id = receipt.site_id AND movement.lot_id = receipt.lot_id
                WHERE order_id = line.order_id AND sent_lot_id = line.lot_id AND kind = 'arrival')
            UNION ALL
            SELECT 'claimed', lot_id, claimed_mg FROM decoction.shipment_line AS line WHERE claimed_mg <> (
                SELECT coalesce(sum(quantity_mg), 0) FROM decoction.shipment_claim AS claim
                WHERE claim.order_id = line.order_id AND claim.lot_id = line.lot_id AND claim.state <> 'resent')
            UNION ALL
            SELECT 'settled', claim_id, quantity_mg FROM decoction.shipment_claim AS claim
            WHERE state IN ('found', 'writtenOff') AND quantity_mg IS DISTINCT FROM (
                SELECT sum(quantity_mg) FROM decoction.movement WHERE movement.document_id = claim.document_id
                    AND site_id = supplier_site_id AND kind = 'shipmentReturn')
            """)
    }
}
