import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Which step is taken in which state, and by which side.
struct ForwardingMatrixTests {
    /// The states, in the order of the way.
    enum Stage: String, CaseIterable {
        case home, sent, withdrawn, taken, approved, dispensed, refused, inTransit, received, givenUp
    }

    /// A prescription that has come so far: the original, the forwarding, the county's.
    private static func reach(
        _ stage: Stage, _ both: TwoPharmacies
    ) async throws -> (home: JSONValue, forwarding: JSONValue, made: JSONValue) {
        let nobody = JSONValue.string(Sample.forwarding.description)
        let home = try await both.submit()
        if stage == .home { return (home, nobody, nobody) }
        let forwarding = try await both.forward(home)
        if stage == .withdrawn {
            try await both.doctor.call("decoction.prescription.withdrawForward", ["prescriptionId": home])
        }
        if [.sent, .withdrawn].contains(stage) { return (home, forwarding, nobody) }
        let made = try await both.take(forwarding)
        if stage == .refused { try await both.refuse(made) }
        if [.taken, .refused].contains(stage) { return (home, forwarding, made) }
        try await both.approve(made)
        if stage == .approved { return (home, forwarding, made) }
        try await both.dispense(made)
        if stage == .dispensed { return (home, forwarding, made) }
        try await both.ship(forwarding)
        if stage == .inTransit { return (home, forwarding, made) }
        try await both.receive(forwarding)
        if stage == .givenUp { try await both.giveUp(forwarding) }
        return (home, forwarding, made)
    }

    /// What each stage allows.
    private static let allowed: [Stage: Set<String>] = [
        .home: ["forward", "review at home", "withdraw at home"],
        .sent: ["withdrawForward", "take", "refuse"],
        .withdrawn: ["forward", "review at home", "withdraw at home"],
        .taken: ["review there"],
        .approved: ["release there"],
        .dispensed: ["ship", "hand over there", "return there"],
        .refused: ["withdrawForward", "withdraw at home"],
        .inTransit: ["receive", "give up"],
        .received: ["hand over at home", "deliver at home", "give up"],
        .givenUp: ["forward", "review at home", "withdraw at home"],
    ]

    @Test(
        "each state allows its own steps, each to its own side; every other step is refused and changes nothing",
        arguments: Stage.allCases)
    func matrix(stage: Stage) async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        try both.shelve("麻黄", at: "t1")
        let at = try await Self.reach(stage, both)
        let before = try Self.everything(both)
        var done: Set<String> = []
        for (name, client, method, params) in Self.steps(at, both) {
            guard Self.allowed[stage]?.contains(name) != true else { continue }
            let refused = try await both.refusal(client, "decoction.\(method)", params)
            let reasons: Set<String> = [
                "decoction.prescriptionStateConflict", "decoction.forwardingStateConflict", "host.notFound",
                "decoction.notDeliverable", "decoction.prescriptionOfAnotherSite", "decoction.handedOver",
            ]
            #expect(reasons.contains(refused.reason), "\(stage) \(name): \(refused.reason)")
            done.insert(name)
        }
        #expect(try Self.everything(both) == before)
        // What is allowed is done in a world of its own each.
        for name in Self.allowed[stage] ?? [] {
            let at = try await Self.reach(stage, both)
            let step = try #require(Self.steps(at, both).first { $0.0 == name })
            try await step.1.call("decoction.\(step.2)", step.3)
            #expect(try both.contradictions().isEmpty, "\(stage) \(name)")
            done.insert(name)
        }
        #expect(done.count == 27)
    }

    /// Every step by the side whose step it is, and by the other ones.
    private static func steps(
        _ at: (home: JSONValue, forwarding: JSONValue, made: JSONValue), _ both: TwoPharmacies
    ) -> [(String, TestClient, String, JSONValue)] {
        let (home, made): (JSONValue, JSONValue) = (["prescriptionId": at.home], ["prescriptionId": at.made])
        let forwarding = TwoPharmacies.forwarding(at.forwarding)
        let refusing: JSONValue = ["forwardingId": at.forwarding, "reason": "错"]
        let shipping: JSONValue = ["forwardingId": at.forwarding, "carrier": "配送员"]
        let ending: JSONValue = ["forwardingId": at.forwarding, "why": "lost"]
        func review(_ id: JSONValue) -> JSONValue { ["prescriptionId": id, "decision": "approve"] }
        func delivery(_ id: JSONValue) -> JSONValue {
            ["prescriptionId": id, "villageZh": "示例村", "carrier": "配送员"]
        }
        return [
            ("forward", both.doctor, "prescription.forward", TwoPharmacies.sending(at.home)),
            ("withdrawForward", both.doctor, "prescription.withdrawForward", home),
            ("withdraw at home", both.doctor, "prescription.withdraw", ["prescriptionId": at.home, "reason": "错"]),
            ("review at home", both.homeReviewer, "prescription.review", review(at.home)),
            ("hand over at home", both.township, "prescription.handOver", home),
            ("deliver at home", both.township, "delivery.create", delivery(at.home)),
            ("return at home", both.township, "prescription.return", ["prescriptionId": at.home, "reason": "错"]),
            ("receive", both.township, "forwarded.receive", forwarding),
            ("take by the sender", both.township, "forwarded.take", forwarding),
            ("refuse by the sender", both.township, "forwarded.refuse", refusing),
            ("ship by the sender", both.township, "forwarded.ship", shipping),
            ("take", both.dispenser, "forwarded.take", forwarding),
            ("refuse", both.dispenser, "forwarded.refuse", refusing),
            ("ship", both.dispenser, "forwarded.ship", shipping),
            ("receive by the pharmacy", both.dispenser, "forwarded.receive", forwarding),
            ("review there", both.reviewer, "prescription.review", review(at.made)),
            ("release there", both.reviewer, "prescription.release", made),
            ("hand over there", both.dispenser, "prescription.handOver", made),
            ("return there", both.dispenser, "prescription.return", ["prescriptionId": at.made, "reason": "错"]),
            ("review the original there", both.reviewer, "prescription.review", review(at.home)),
            ("take by a stranger", both.stranger, "forwarded.take", forwarding),
            ("refuse by a stranger", both.stranger, "forwarded.refuse", refusing),
            ("ship by a stranger", both.stranger, "forwarded.ship", shipping),
            ("receive by a stranger", both.stranger, "forwarded.receive", forwarding),
            ("give up", both.township, "forwarded.giveUp", ending),
            ("give up by the pharmacy", both.dispenser, "forwarded.giveUp", ending),
            ("give up by a stranger", both.stranger, "forwarded.giveUp", ending),
        ]
    }

    /// The rows that a step could change.
    private static func everything(_ both: TwoPharmacies) throws -> [[String?]] {
        try both.host.sql(
            """
            SELECT 'f', md5(forwarding::text) FROM decoction.forwarding
            UNION ALL SELECT 'p', md5(prescription::text) FROM decoction.prescription
            UNION ALL SELECT 'c', count(*)::text FROM decoction.prescription_change
            UNION ALL SELECT 'r', count(*)::text FROM decoction.reservation
            UNION ALL SELECT 'm', count(*)::text FROM decoction.movement
            UNION ALL SELECT 'd', count(*)::text FROM decoction.delivery
            ORDER BY 1, 2
            """)
    }
}
