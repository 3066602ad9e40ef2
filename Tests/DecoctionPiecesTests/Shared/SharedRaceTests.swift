import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Races over one order. Racing clients are threads of the operating system.
struct SharedRaceTests {
    @Test("100 clients receive one shipment: it is booked once")
    func receiving() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 9000)
        let (order, _) = try await sites.shipped((Pharmacy.mahuang, 8000))
        let outcomes = try await Self.race(
            sites, site: "t1", "decoction.order.receive", TwoSites.counted(order, [(lot, 7900)]))
        #expect(outcomes == ["decoction.orderStateConflict": 99, "done": 1])
        #expect(try await sites.onHand(sites.township, Pharmacy.mahuang) == 7900)
        #expect(try await sites.amounts(order, seenBy: sites.county) == [8000, 7900, 100, 0])
        #expect(try sites.host.sql("SELECT count(*) FROM decoction.shipment_claim") == [["1"]])
        #expect(try sites.differences().isEmpty)
    }

    @Test("100 clients ship one order: it leaves once")
    func shipping() async throws {
        let sites = try await TwoSites.open()
        try await sites.stock(Pharmacy.mahuang, 900_000)
        let order = try await sites.place((Pharmacy.mahuang, 8000))
        try await sites.accept(order)
        let outcomes = try await Self.race(sites, site: "county", "decoction.order.ship", TwoSites.id(order))
        #expect(outcomes == ["decoction.orderStateConflict": 99, "done": 1])
        #expect(try await sites.onHand(sites.county, Pharmacy.mahuang) == 892_000)
        #expect(try await sites.amounts(order, seenBy: sites.township) == [8000, 0, 0, 8000])
        #expect(try sites.differences().isEmpty)
    }

    @Test("100 clients settle one claim: it is settled once")
    func settling() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 1000)
        let (order, _) = try await sites.shipped((Pharmacy.mahuang, 1000))
        let claim = try #require(try await sites.receive(order, (lot, 400))["claims"]?[0]?["claimId"])
        let outcomes = try await Self.race(
            sites, site: "county", "decoction.claim.settle", ["claimId": claim, "settlement": "found", "reason": "漏装"])
        #expect(outcomes == ["decoction.claimSettled": 99, "done": 1])
        #expect(try await sites.onHand(sites.county, Pharmacy.mahuang) == 600)
        #expect(try sites.differences().isEmpty)
    }

    @Test("20 orders that race for what fills 13 of them: each leaves whole or not at all")
    func shippingTheLastLot() async throws {
        let sites = try await TwoSites.open()
        for _ in 0..<4 { try await sites.stock(Pharmacy.mahuang, 10_000) }
        var placed: [String] = []
        for _ in 0..<20 {
            let order = try await sites.place((Pharmacy.mahuang, 3000))
            try await sites.accept(order)
            placed.append(order)
        }
        let (orders, county, turn) = (placed, sites.county, Turn())
        let outcomes = await Racing.aside(20) {
            let order = orders[turn.next()]
            return try Self.outcome { try county.callAndWait("decoction.order.ship", TwoSites.id(order)) }
        }
        let counted = Dictionary(try outcomes.map { (try $0.get(), 1) }, uniquingKeysWith: +)
        #expect(counted == ["done": 13, "decoction.insufficientStock": 7])
        #expect(try await sites.onHand(sites.county, Pharmacy.mahuang) == 1000)
        let states = try sites.host.sql("SELECT state, count(*) FROM decoction.supply_order GROUP BY state ORDER BY 1")
        #expect(states == [["accepted", "7"], ["shipped", "13"]])
        #expect(try sites.differences().isEmpty)
    }

    private static func outcome(_ call: () throws -> JSONValue) throws -> String {
        do {
            _ = try Racing.retrying(200, call)
            return "done"
        } catch let refused as CallRefused {
            return refused.reason
        }
    }

    /// How many of a hundred calls at once ended in which way.
    private static func race(
        _ sites: TwoSites, site: String, _ method: String, _ params: JSONValue
    ) async throws -> [String: Int] {
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await sites.host.client(role: .pharmacist, site: site)) }
        let racing = clients
        let turn = Turn()
        let outcomes = await Racing.aside(100) {
            let client = racing[turn.next() % racing.count]
            return try Self.outcome { try client.callAndWait(method, params) }
        }
        return Dictionary(try outcomes.map { (try $0.get(), 1) }, uniquingKeysWith: +)
    }
}

/// Numbers the threads of a race.
private final class Turn: Sendable {
    private let last = Mutex(-1)

    func next() -> Int {
        self.last.withLock { last in
            last += 1
            return last
        }
    }
}
