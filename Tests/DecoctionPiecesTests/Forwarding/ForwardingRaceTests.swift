import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Races over where a prescription is. Racing clients are threads of the operating system.
struct ForwardingRaceTests {
    @Test("100 clients forward one prescription: it is sent once")
    func forwarding() async throws {
        let both = try await TwoPharmacies.open()
        let home = try await both.submit()
        let doctors = try await Self.clients(.doctor, "t1", both)
        let outcomes = try await Self.race(100) { number in
            try doctors[number % doctors.count].callAndWait(
                "decoction.prescription.forward", TwoPharmacies.sending(home))
        }
        #expect(outcomes == ["done": 1, "decoction.prescriptionStateConflict": 99])
        #expect(try both.host.sql("SELECT count(*) FROM decoction.forwarding") == [["1"]])
        #expect(try both.contradictions().isEmpty)
    }

    @Test("forwarding races a review at home: exactly one of the two is done, and what is reserved is where it is")
    func againstReview() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄", at: "t1")
        let doctors = try await Self.clients(.doctor, "t1", both)
        let reviewers = try await Self.clients(.reviewer, "t1", both)
        var reviewed = 0
        for round in 0..<12 {
            let home = try await both.submit()
            let outcomes = try await Self.race(10) { number in
                let turn = number + round
                return turn.isMultiple(of: 2)
                    ? try doctors[number].callAndWait(
                        "decoction.prescription.forward", TwoPharmacies.sending(home))
                    : try reviewers[number].callAndWait(
                        "decoction.prescription.review", ["prescriptionId": home, "decision": "approve"])
            }
            #expect(outcomes == ["done": 1, "decoction.prescriptionStateConflict": 9])
            let isReviewed = try await both.card(home)["state"] == "approved"
            reviewed += isReviewed ? 1 : 0
            let reserved = try both.host.sql(
                "SELECT count(*) FROM decoction.reservation WHERE prescription_id = '\(home.stringValue ?? "")'")
            #expect(reserved == [[isReviewed ? "1" : "0"]])
        }
        print("reviews that were first: \(reviewed) of 12")
        #expect(try both.contradictions().isEmpty)
    }

    @Test("calling back races taking: the prescription is at home or at the county, never at both")
    func againstTaking() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let doctors = try await Self.clients(.doctor, "t1", both)
        let pharmacists = try await Self.clients(.pharmacist, "county", both)
        for _ in 0..<12 {
            let home = try await both.submit()
            let forwarding = try await both.forward(home)
            let outcomes = try await Self.race(10) { number in
                number.isMultiple(of: 2)
                    ? try doctors[number].callAndWait(
                        "decoction.prescription.withdrawForward", ["prescriptionId": home])
                    : try pharmacists[number].callAndWait(
                        "decoction.forwarded.take", TwoPharmacies.forwarding(forwarding))
            }
            #expect(outcomes["done"] == 1, "\(outcomes)")
            let isTaken = try await both.card(home)["state"] == "forwarded"
            let made = try both.host.sql(
                "SELECT count(*) FROM decoction.prescription WHERE forwarding_id = '\(forwarding.stringValue ?? "")'")
            #expect(made == [[isTaken ? "1" : "0"]])
            #expect(try both.contradictions().isEmpty)
        }
    }

    @Test("100 clients take one prescription, ship it and receive it: each step is taken once, with one hand-over")
    func steps() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let pharmacists = try await Self.clients(.pharmacist, "county", both)
        let townships = try await Self.clients(.pharmacist, "t1", both)
        let forwarding = try await both.forward(try await both.submit())
        let taking = try await Self.race(100) { number in
            try pharmacists[number % pharmacists.count].callAndWait(
                "decoction.forwarded.take", TwoPharmacies.forwarding(forwarding))
        }
        #expect(taking == ["done": 1, "decoction.forwardingStateConflict": 99])
        let made = try #require(
            try await both.reviewer.call("decoction.queue.list")["prescriptions"]?[0]?["prescriptionId"])
        try await both.approve(made)
        try await both.dispense(made)
        let shipping = try await Self.race(60) { number in
            let client = pharmacists[number % pharmacists.count]
            switch number % 3 {
            case 0:
                return try client.callAndWait(
                    "decoction.forwarded.ship", ["forwardingId": forwarding, "carrier": "配送员"])
            case 1: return try client.callAndWait("decoction.prescription.handOver", ["prescriptionId": made])
            default:
                return try client.callAndWait(
                    "decoction.prescription.return", ["prescriptionId": made, "reason": "患者未取药"])
            }
        }
        #expect(shipping["done"] == 1, "\(shipping)")
        #expect(try both.contradictions().isEmpty)
        guard try await both.countyCard(made)["forwardings"]?[0]?["state"] == "inTransit" else { return }
        let receiving = try await Self.race(60) { number in
            try townships[number % townships.count].callAndWait(
                "decoction.forwarded.receive", TwoPharmacies.forwarding(forwarding))
        }
        #expect(receiving == ["done": 1, "decoction.forwardingStateConflict": 59])
    }

    private static func clients(_ role: Role, _ site: String, _ both: TwoPharmacies) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await both.host.client(role: role, site: site)) }
        return clients
    }

    /// How many calls ended in which way.
    private static func race(
        _ count: Int, _ call: @escaping @Sendable (Int) throws -> JSONValue
    ) async throws -> [String: Int] {
        let last = Mutex(-1)
        let outcomes = await Racing.aside(count) {
            let number = last.withLock { last in
                last += 1
                return last
            }
            do {
                _ = try Racing.retrying(200) { try call(number) }
                return "done"
            } catch let refused as CallRefused {
                return refused.reason
            }
        }
        return Dictionary(try outcomes.map { (try $0.get(), 1) }, uniquingKeysWith: +)
    }
}
