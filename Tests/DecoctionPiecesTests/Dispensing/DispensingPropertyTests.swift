import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Random submissions, reviews, weighings, dispensings, returns, withdrawals, lapses and issues.
struct DispensingPropertyTests {
    @Test(
        "any sequence keeps the sum of moves equal to the balance, and what is reserved equal to the open reservations, never below zero"
    )
    func anySequence() async throws {
        let random = SeededGenerator.printed("dispensing")
        var walk = try await DispensingWalk(dispensary: Dispensary.open(), random: random)
        for days in [3, 5, 8] {
            for piece in [Pharmacy.mahuang, Pharmacy.guizhi] {
                _ = try await walk.dispensary.pharmacy.stock(piece, 60_000, expiresIn: days)
            }
        }
        for step in 1...220 {
            try await walk.step()
            try await walk.dispensary.expectSound()
            #expect(try await walk.dispensary.reserved().values.reduce(0, +) == walk.reservedMg, "step \(step)")
            #expect(try await walk.dispensary.pharmacy.onHand().values.reduce(0, +) == walk.onHandMg, "step \(step)")
        }
        #expect(walk.done.count >= 8, "\(walk.done)")
    }
}

/// What is done, and what of it the ledger must show.
private struct DispensingWalk {
    struct Entry {
        let id: JSONValue
        let perDoseMg: Int64
        var state: String
        var until: Timestamp
        let issuedOn: LocalDate
        var bookedMg: Int64 = 0

        /// RX-02: on its day, or begun on it and within the hours of the first weighing.
        func mayBeWeighed(_ now: Timestamp) -> Bool {
            now.localDate <= self.issuedOn || self.state == "dispensing" && now < self.until
        }

        var totalMg: Int64 { 2 * 2 * self.perDoseMg }
    }

    var dispensary: Dispensary
    var random: SeededGenerator
    var entries: [Entry] = []
    var now = Pharmacy.now
    var onHandMg: Int64 = 360_000
    /// How often each thing was done.
    var done: [String: Int] = [:]

    init(dispensary: Dispensary, random: SeededGenerator) {
        self.dispensary = dispensary
        self.random = random
    }

    var reservedMg: Int64 {
        self.entries.filter { ["approved", "dispensing"].contains($0.state) }.reduce(0) { $0 + $1.totalMg }
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &self.random) {
        case 0..<22: try await self.submit()
        case 22..<44: try await self.approve()
        case 44..<58: try await self.dispense()
        case 58..<66: try await self.move("weighed", from: ["approved", "dispensing"]) { $0.weigh($1) }
        case 66..<74: try await self.giveBack()
        case 74..<80: try await self.withdraw()
        case 80..<85: try await self.handOver()
        case 85..<95: try await self.issue()
        default: try await self.pass()
        }
    }

    private mutating func submit() async throws {
        let perDose = Int64.random(in: 2_000...6_000, using: &self.random)
        let draft = Draft(self.dispensary.clinic).of(("麻黄", perDose), ("桂枝", perDose)).with("doses", 2)
            .with("issuedOn", .string(self.now.localDate.description))
            .woman(36, pregnant: "no").handedIn(self.dispensary.clinic.woman)
        let reply = try await self.dispensary.clinic.doctor.call("decoction.prescription.submit", draft.json)
        guard reply["state"] == "readyForReview", let id = reply["prescriptionId"] else { return }
        self.entries.append(
            Entry(id: id, perDoseMg: perDose, state: "readyForReview", until: self.now, issuedOn: self.now.localDate))
        self.done["submitted", default: 0] += 1
    }

    private mutating func choose(_ states: [String]) -> Int? {
        self.entries.indices.filter { states.contains(self.entries[$0].state) }.randomElement(using: &self.random)
    }

    private mutating func approve() async throws {
        guard let index = self.choose(["readyForReview"]) else { return }
        do {
            try await self.dispensary.approve(self.entries[index].id)
            self.entries[index].state = "approved"
            self.entries[index].until = self.now.adding(seconds: 86_400)
            self.done["approved", default: 0] += 1
        } catch let refused as CallRefused {
            #expect(["decoction.insufficientStock", "decoction.reviewBlocked"].contains(refused.reason))
            self.done[refused.reason, default: 0] += 1
        }
    }

    private mutating func dispense() async throws {
        guard let index = self.choose(["approved", "dispensing"]) else { return }
        let entry = self.entries[index]
        // Within the tolerance of the dose, in either direction.
        let net = entry.perDoseMg + Int64.random(in: -entry.perDoseMg / 20...entry.perDoseMg / 20, using: &self.random)
        let weighings = self.dispensary.weighings(("麻黄", net), ("桂枝", net), doses: 2)
        do {
            try await self.dispensary.dispense(entry.id, weighings)
            #expect(entry.mayBeWeighed(self.now))
            self.entries[index].state = "dispensed"
            self.entries[index].bookedMg = 4 * net
            self.onHandMg -= 4 * net
            self.done["dispensed", default: 0] += 1
        } catch let refused as CallRefused {
            let expected = ["decoction.insufficientStock", "decoction.reservationLost"]
            #expect(
                entry.mayBeWeighed(self.now)
                    ? expected.contains(refused.reason) : refused.reason == "decoction.prescriptionExpired")
            self.done[refused.reason, default: 0] += 1
        }
    }

    private mutating func move(
        _ what: String, from states: [String], _ method: (Dispensary, Entry) -> (String, JSONValue)
    ) async throws {
        guard let index = self.choose(states) else { return }
        let entry = self.entries[index]
        let (name, params) = method(self.dispensary, entry)
        do {
            try await self.dispensary.dispenser.call(name, params)
            #expect(entry.mayBeWeighed(self.now))
            // The first weighing alone moves the end.
            if entry.state == "approved" { self.entries[index].until = self.now.adding(seconds: 86_400) }
            self.entries[index].state = "dispensing"
            self.done[what, default: 0] += 1
        } catch let refused as CallRefused {
            #expect(!entry.mayBeWeighed(self.now) && refused.reason == "decoction.prescriptionExpired")
            self.done[refused.reason, default: 0] += 1
        }
    }

    private mutating func giveBack() async throws {
        guard let index = self.choose(["dispensed"]) else { return }
        let destroysAll = Bool.random(using: &self.random)
        try await self.dispensary.dispenser.call(
            "decoction.prescription.return",
            ["prescriptionId": self.entries[index].id, "reason": "未取药", "destroyAll": .bool(destroysAll)])
        if !destroysAll { self.onHandMg += self.entries[index].bookedMg }
        self.entries[index].state = "readyForReview"
        self.done[destroysAll ? "destroyed" : "returned", default: 0] += 1
    }

    private mutating func withdraw() async throws {
        guard let index = self.choose(["readyForReview", "approved"]) else { return }
        try await self.dispensary.clinic.doctor.call(
            "decoction.prescription.withdraw", ["prescriptionId": self.entries[index].id, "reason": "改约"])
        self.entries[index].state = "withdrawn"
        self.done["withdrawn", default: 0] += 1
    }

    private mutating func handOver() async throws {
        guard let index = self.choose(["dispensed"]) else { return }
        try await self.dispensary.dispenser.call(
            "decoction.prescription.handOver", ["prescriptionId": self.entries[index].id])
        self.entries[index].state = "handedOver"
        self.done["handedOver", default: 0] += 1
    }

    private mutating func issue() async throws {
        let quantity = Int64.random(in: 1...8_000, using: &self.random)
        do {
            try await self.dispensary.dispenser.call(
                "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, quantity)]))
            self.onHandMg -= quantity
            self.done["issued", default: 0] += 1
        } catch let refused as CallRefused {
            #expect(refused.reason == "decoction.insufficientStock")
        }
    }

    /// Time passes, and what has lapsed is free again.
    private mutating func pass() async throws {
        self.now = self.now.adding(seconds: Int64.random(in: 3_600...43_200, using: &self.random))
        self.dispensary = try await self.dispensary.later(self.now)
        try await self.dispensary.clinic.admin.call("jobs.run", ["job": "decoction.reservationLapse", "site": "t1"])
        try self.dispensary.host.doJobs()
        for index in self.entries.indices
        where ["approved", "dispensing"].contains(self.entries[index].state) && self.entries[index].until <= self.now {
            self.entries[index].state = "readyForReview"
            self.done["lapsed", default: 0] += 1
        }
    }
}

extension Dispensary {
    /// One weighing that is recorded by itself.
    fileprivate func weigh(_ entry: DispensingWalk.Entry) -> (String, JSONValue) {
        let weighing = self.weighing("麻黄", dose: 1, entry.perDoseMg).objectValue ?? [:]
        return (
            "decoction.weighing.record", .object(weighing.merging(["prescriptionId": entry.id]) { one, _ in one })
        )
    }
}
