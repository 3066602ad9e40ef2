import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Conservation between sites: whatever two sites do, nothing comes into being and nothing disappears.
struct SharedPropertyTests {
    @Test("any sequence of orders, shipments, counts and settlements keeps Σ moves = balance ≥ 0 at both sites")
    func conservation() async throws {
        let random = SeededGenerator.printed("shared")
        var walk = SharedWalk(sites: try await TwoSites.open(), random: random)
        for step in 1...220 {
            try await walk.step()
            #expect(try walk.sites.differences().isEmpty, "step \(step)")
            if step % 10 == 0 { try await walk.compare(step) }
        }
        #expect(walk.received > 5 && walk.settled > 3)
        for client in [walk.sites.county, walk.sites.township] {
            let report = try await client.call("decoction.ledger.verify")
            #expect(report["ok"] == true, "\(report)")
        }
    }
}

/// What is done at random, and what must lie where in sum.
private struct SharedWalk {
    let sites: TwoSites
    var random: SeededGenerator
    var atCounty: Int64 = 0
    var atTownship: Int64 = 0
    var inTransit: Int64 = 0
    /// Open claims.
    var claimed: Int64 = 0
    var lost: Int64 = 0
    var used: Int64 = 0
    var came: Int64 = 0
    var placed: [(id: String, mg: Int64)] = []
    var accepted: [(id: String, mg: Int64)] = []
    /// What is in transit of each order, by lot.
    var shipped: [String: [String: Int64]] = [:]
    var claims: [(id: String, order: String, lot: String, mg: Int64)] = []
    var received = 0
    var settled = 0

    private static let piece = Pharmacy.mahuang

    init(sites: TwoSites, random: SeededGenerator) {
        self.sites = sites
        self.random = random
    }

    private mutating func upTo(_ most: Int64) -> Int64 { Int64.random(in: 1...most, using: &self.random) }

    mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &self.random) {
        case 0..<18: try await self.buy()
        case 18..<36: try await self.place()
        case 36..<50: try await self.accept()
        case 50..<66: try await self.ship()
        case 66..<82: try await self.receive()
        case 82..<94: try await self.settle()
        default: try await self.use()
        }
    }

    private mutating func buy() async throws {
        let quantity = self.upTo(6000)
        try await self.sites.stock(Self.piece, quantity, expiresIn: Int(self.upTo(300)))
        self.atCounty += quantity
        self.came += quantity
    }

    private mutating func place() async throws {
        let quantity = self.upTo(5000)
        self.placed.append((try await self.sites.place((Self.piece, quantity)), quantity))
    }

    private mutating func accept() async throws {
        guard let index = self.placed.indices.randomElement(using: &self.random) else { return }
        let order = self.placed.remove(at: index)
        try await self.sites.accept(order.id)
        self.accepted.append(order)
    }

    private mutating func ship() async throws {
        guard let index = self.accepted.indices.randomElement(using: &self.random) else { return }
        let order = self.accepted[index]
        let quantity = self.upTo(order.mg)
        let params: JSONValue = [
            "orderId": .string(order.id), "lines": TwoSites.lines([(Self.piece, quantity)]),
        ]
        guard quantity <= self.atCounty else {
            let refused = try await self.sites.refusal(self.sites.county, "decoction.order.ship", params)
            #expect(refused.reason == "decoction.insufficientStock")
            return
        }
        let reply = try await self.sites.county.call("decoction.order.ship", params)
        let moves = try #require(reply["moves"]?.arrayValue).map { try Moved($0) }
        self.accepted.remove(at: index)
        self.shipped[order.id] = Dictionary(uniqueKeysWithValues: moves.map { ($0.lot, $0.quantity) })
        self.atCounty -= quantity
        self.inTransit += quantity
    }

    /// Counts at random, now and then more than was sent.
    private mutating func receive() async throws {
        guard let order = self.shipped.keys.sorted().randomElement(using: &self.random) else { return }
        let transit = (self.shipped[order] ?? [:]).sorted { $0.key < $1.key }
        var counted: [(String, Int64)] = []
        for (lot, most) in transit {
            let isWhole = Bool.random(using: &self.random)
            counted.append((lot, isWhole ? most : Int64.random(in: 0...most, using: &self.random)))
        }
        if Int.random(in: 0..<6, using: &self.random) == 0 {
            counted[0].1 = transit[0].value + 1
            let refused = try await self.sites.refusal(
                self.sites.township, "decoction.order.receive", TwoSites.counted(order, counted))
            #expect(refused.reason == "decoction.receivedMoreThanShipped")
            return
        }
        let reply = try await self.sites.township.call("decoction.order.receive", TwoSites.counted(order, counted))
        for claim in reply["claims"]?.arrayValue ?? [] {
            let missing = try #require(claim["quantityMg"]?.integerValue)
            self.claims.append(
                (
                    try #require(claim["claimId"]?.stringValue), order,
                    try #require(claim["sentLotId"]?.stringValue), missing
                ))
            self.claimed += missing
        }
        for lot in reply["lots"]?.arrayValue ?? [] where Bool.random(using: &self.random) {
            try await self.sites.township.call("decoction.lot.accept", ["lotId": try #require(lot["lotId"])])
        }
        let arrived = counted.reduce(0) { $0 + $1.1 }
        self.inTransit -= transit.reduce(0) { $0 + $1.value }
        self.atTownship += arrived
        self.shipped[order] = nil
        self.received += 1
    }

    private mutating func settle() async throws {
        guard let index = self.claims.indices.randomElement(using: &self.random) else { return }
        let claim = self.claims.remove(at: index)
        let how = try #require(["resend", "found", "writeOff"].randomElement(using: &self.random))
        _ = try await self.sites.settle(.string(claim.id), how)
        self.claimed -= claim.mg
        switch how {
        case "resend":
            self.inTransit += claim.mg
            self.shipped[claim.order, default: [:]][claim.lot, default: 0] += claim.mg
        case "found": self.atCounty += claim.mg
        default: self.lost += claim.mg
        }
        self.settled += 1
    }

    /// The township issues what it has accepted of what came.
    private mutating func use() async throws {
        let quantity = self.upTo(2000)
        do {
            try await self.sites.township.call(
                "decoction.stock.issue", Pharmacy.document([Line(Self.piece, quantity)]))
            self.atTownship -= quantity
            self.used += quantity
        } catch let refused as CallRefused {
            #expect(refused.reason == "decoction.insufficientStock")
        }
    }

    /// The sites' own lists say what the model says, and all that came is somewhere.
    func compare(_ step: Int) async throws {
        #expect(try await self.sites.onHand(self.sites.county, Self.piece) == self.atCounty, "step \(step)")
        #expect(try await self.sites.onHand(self.sites.township, Self.piece) == self.atTownship, "step \(step)")
        for client in [self.sites.county, self.sites.township] {
            let transit = try await client.call("decoction.transit.list", ["limit": 500])["transit"]?.arrayValue ?? []
            #expect(transit.reduce(0) { $0 + ($1["inTransitMg"]?.integerValue ?? 0) } == self.inTransit, "step \(step)")
            let open = try await client.call("decoction.claim.list", ["state": "open", "limit": 500])["claims"]
            #expect(
                (open?.arrayValue ?? []).reduce(0) { $0 + ($1["quantityMg"]?.integerValue ?? 0) } == self.claimed,
                "step \(step)")
        }
        let everywhere =
            self.atCounty + self.atTownship + self.inTransit + self.claimed + self.lost + self.used
        #expect(everywhere == self.came, "step \(step)")
    }
}
