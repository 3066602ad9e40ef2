internal import XinglinKit

/// Fills the first township centre's pharmacy through the public methods, as a client would.
struct DemonstrationStock {
    private let core: HostCore
    private let observer: DemonstrationObserver?

    /// Seed S0: 398 kinds of pieces in stock.
    private static let kinds = 398

    init(_ core: HostCore, _ observer: DemonstrationObserver?) {
        self.core = core
        self.observer = observer
    }

    /// Does nothing where the module is not there. Idempotency keys let an interrupted load go on.
    /// - Returns: false where the pharmacy's rules do not reach back to the day of the clock, so that it takes nothing in.
    func load(_ passwords: [String: String]) async throws -> Bool {
        guard self.core.services.registry.methods["decoction.lot.receive"] != nil else { return true }
        do {
            try await self.fill(passwords)
            return true
        } catch let refused as CallRefused where refused.reason == "decoction.ruleUnusable" {
            return false
        }
    }

    private func fill(_ passwords: [String: String]) async throws {
        let first = try await InProcessClient.loggedIn("pharmacist", passwords, self.core)
        let second = try await InProcessClient.loggedIn("pharmacist-2", passwords, self.core)
        let supplier = try await first.call(
            "decoction.supplier.create", ["nameZh": "杏林演示饮片有限公司", "licence": "DEMO-2026-0001"],
            site: DemonstrationCounty.firstTownship, key: "demo-supplier")
        let today = self.core.services.clock.now.localDate
        var received = 0
        var number = 1
        while received < Self.kinds, number < 2000 {
            let code = "XLYP" + String(repeating: "0", count: max(0, 4 - String(number).utf8.count)) + String(number)
            number += 1
            let lot: JSONValue
            do {
                lot = try await self.receive(first, code, supplier["supplierId"] ?? .null, today, received)
            } catch let refused as CallRefused where refused.reason == "decoction.pieceUnknown" {
                continue
            }
            try await self.accept(first, second, lot["lotId"] ?? .null, code)
            received += 1
            self.observer?(
                DemonstrationProgress(
                    .init(zh: "库存饮片", en: "decoction pieces in stock"), received, of: Self.kinds))
        }
    }

    private func receive(
        _ client: InProcessClient, _ code: String, _ supplier: JSONValue, _ today: LocalDate, _ index: Int
    ) async throws -> JSONValue {
        try await client.call(
            "decoction.lot.receive",
            [
                "pieceCode": .string(code), "supplierId": supplier, "batchNumber": .string("DEMO-\(code)"),
                "producedOn": .string(today.adding(days: -60 - index % 90).description),
                "expiresOn": .string(today.adding(days: 365 + index % 365).description),
                "quantityMg": .integer(Int64(1 + index % 9) * 1_000_000),
                "unitCostFenPerKg": .integer(Int64(3_000 + 137 * (index % 50))),
            ], site: DemonstrationCounty.firstTownship, key: "demo-receive-\(code)")
    }

    /// Toxic pieces are accepted by two persons (PC-02).
    private func accept(
        _ first: InProcessClient, _ second: InProcessClient, _ lot: JSONValue, _ code: String
    ) async throws {
        let site = DemonstrationCounty.firstTownship
        let reply = try await first.call("decoction.lot.accept", ["lotId": lot], site: site, key: "demo-accept-\(code)")
        guard reply["state"]?.stringValue == "awaitingSecond" else { return }
        _ = try await second.call("decoction.lot.accept", ["lotId": lot], site: site, key: "demo-second-\(code)")
    }
}
