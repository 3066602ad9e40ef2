import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Whatever is done in whatever order, a prescription is at one pharmacy, and stock is reserved there alone.
struct ForwardingPropertyTests {
    @Test("any sequence of steps at both sites keeps each prescription at one pharmacy, with what is reserved for it")
    func onePlace() async throws {
        let random = SeededGenerator.printed("forwarding")
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        try both.shelve("麻黄", at: "t1")
        var walk = ForwardingWalk(both: both, random: random)
        // On, where chance has left steps out.
        var step = 0
        while step < 260 || walk.done.count < 12 && step < 1_500 {
            step += 1
            try await walk.step()
            #expect(try both.contradictions().isEmpty, "step \(step)")
        }
        #expect(walk.done.count >= 12, "\(walk.done)")
        try await walk.expectReserved()
        for client in [both.township, both.dispenser] {
            let report = try await client.call("decoction.ledger.verify")
            #expect(report["ok"] == true, "\(report)")
        }
    }
}

/// What is done at random; a refusal is an answer like another, but an unforeseen one is not.
private struct ForwardingWalk {
    let both: TwoPharmacies
    var random: SeededGenerator
    /// The prescriptions with their forwarding and the county's, as far as there are any.
    var known: [(home: JSONValue, forwarding: JSONValue?, made: JSONValue?)] = []
    /// How often each step was done.
    var done: [String: Int] = [:]

    init(both: TwoPharmacies, random: SeededGenerator) {
        self.both = both
        self.random = random
    }

    private static let refusals: Set<String> = [
        "decoction.prescriptionStateConflict", "decoction.forwardingStateConflict", "decoction.notDeliverable",
        "decoction.handedOver", "decoction.staffNotEntitled", "decoction.deliveryExists",
    ]

    mutating func step() async throws {
        let isFull = self.known.count >= 8
        if self.known.isEmpty || !isFull && Int.random(in: 0..<6, using: &self.random) == 0 {
            self.known.append((try await self.both.submit(), nil, nil))
            return
        }
        let place = Int.random(in: 0..<self.known.count, using: &self.random)
        let steps = self.steps(of: self.known[place])
        guard let step = steps.randomElement(using: &self.random) else { return }
        do {
            let reply = try await step.client.call("decoction.\(step.method)", step.params)
            self.done[step.name, default: 0] += 1
            if step.name == "forward" {
                (self.known[place].forwarding, self.known[place].made) = (reply["forwardingId"], nil)
            }
            if step.name == "take" { self.known[place].made = reply["prescriptionId"] }
            let isOver = ["hand over there", "hand over at home", "withdraw"].contains(step.name)
            if isOver { self.known.remove(at: place) }
        } catch let refused as CallRefused {
            #expect(Self.refusals.contains(refused.reason), "\(step.name): \(refused.reason)")
        }
    }

    private typealias Step = (name: String, client: TestClient, method: String, params: JSONValue)

    private func steps(of one: (home: JSONValue, forwarding: JSONValue?, made: JSONValue?)) -> [Step] {
        let both = self.both
        let home: JSONValue = ["prescriptionId": one.home]
        func review(_ id: JSONValue, _ decision: String) -> JSONValue {
            ["prescriptionId": id, "decision": .string(decision), "note": "请复核"]
        }
        var steps: [Step] = [
            ("forward", both.doctor, "prescription.forward", TwoPharmacies.sending(one.home)),
            ("forward", both.doctor, "prescription.forward", TwoPharmacies.sending(one.home)),
            ("call back", both.doctor, "prescription.withdrawForward", home),
            ("review at home", both.homeReviewer, "prescription.review", review(one.home, "approve")),
            ("release at home", both.homeReviewer, "prescription.release", home),
            ("recheck", both.doctor, "prescription.recheck", home),
            ("withdraw", both.doctor, "prescription.withdraw", ["prescriptionId": one.home, "reason": "改约"]),
            ("hand over at home", both.township, "prescription.handOver", home),
        ]
        if let forwarding = one.forwarding {
            let id = TwoPharmacies.forwarding(forwarding)
            steps += [
                ("take", both.dispenser, "forwarded.take", id), ("take", both.reviewer, "forwarded.take", id),
                ("refuse", both.dispenser, "forwarded.refuse", ["forwardingId": forwarding, "reason": "停止代煎"]),
                ("ship", both.dispenser, "forwarded.ship", ["forwardingId": forwarding, "carrier": "配送员"]),
                ("receive", both.township, "forwarded.receive", id),
                ("receive", both.township, "forwarded.receive", id),
                ("give up", both.township, "forwarded.giveUp", ["forwardingId": forwarding, "why": "lost"]),
            ]
        }
        if let made = one.made {
            let id: JSONValue = ["prescriptionId": made]
            let dispensing = self.dispensing(made)
            steps += [
                ("review there", both.reviewer, "prescription.review", review(made, "approve")),
                ("review there", both.reviewer, "prescription.review", review(made, "approve")),
                ("refuse there", both.reviewer, "prescription.review", review(made, "refuse")),
                ("release there", both.reviewer, "prescription.release", id),
                ("dispense", both.dispenser, "prescription.dispense", dispensing),
                ("dispense", both.dispenser, "prescription.dispense", dispensing),
                ("dispense", both.dispenser, "prescription.dispense", dispensing),
                ("return there", both.dispenser, "prescription.return", ["prescriptionId": made, "reason": "未取"]),
                ("hand over there", both.dispenser, "prescription.handOver", id),
            ]
        }
        return steps
    }

    private func dispensing(_ made: JSONValue) -> JSONValue {
        let weighings = (1...3).map { dose in
            [
                "dose": .integer(dose), "pieceCode": .string(Clinic.code("麻黄")), "scaleId": .string(self.both.scale),
                "grossMg": 18_000, "tareMg": 12_000,
            ] as JSONValue
        }
        return [
            "prescriptionId": made, "weighings": .array(weighings), "checkedByStaffId": .string(self.both.checkerStaff),
        ]
    }

    /// What is kept back at each site is eighteen grams for each prescription that is approved there.
    func expectReserved() async throws {
        let kept = try self.both.host.sql(
            "SELECT code, sum(reserved_mg) FROM decoction.lot JOIN host.site USING (site_id) GROUP BY code ORDER BY code"
        )
        let approved = try self.both.host.sql(
            """
            SELECT code, 18000 * count(*) FILTER (WHERE state IN ('approved', 'dispensing'))
            FROM decoction.prescription RIGHT JOIN host.site USING (site_id) WHERE code IN ('county', 't1')
            GROUP BY code ORDER BY code
            """)
        #expect(kept == approved)
    }
}
