import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Who is first where one lets go what another keeps. Racing clients are threads of the operating system.
struct GuardRaceTests {
    /// Waits until so many sessions wait for a lock.
    private static func waiting(_ count: Int, _ host: TestHost) async throws {
        try await host.expect(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """, [["\(count)"]])
    }

    /// A call on a thread of its own: its outcome is `done` or the reason.
    private static func begin(
        _ client: TestClient, _ method: String, _ params: JSONValue
    ) -> Task<String, Never> {
        Task.detached {
            let outcomes = await Racing.aside(1) { try Self.outcome { try client.callAndWait(method, params) } }
            return (try? outcomes[0].get()) ?? "failed"
        }
    }

    private static func outcome(_ body: () throws -> JSONValue) throws -> String {
        do {
            _ = try Racing.retrying(200, body)
            return "done"
        } catch let refused as CallRefused {
            return refused.reason
        }
    }

    @Test(
        "a hand-over waits for the recall that was begun before it, and is refused: at the counter, and in the village",
        arguments: [false, true])
    func handOverBehindRecall(inVillage: Bool) async throws {
        let dispensary = try await Dispensary.open()
        let (lot, ids) = try await dispensary.dispensedFromLot()
        var method = "decoction.prescription.handOver"
        var params: JSONValue = ["prescriptionId": ids[0]]
        if inVillage {
            method = "decoction.delivery.handOver"
            params = Dispensary.signed(
                try #require(try await dispensary.call("delivery.create", Dispensary.sending(ids[0]))["deliveryId"]))
        }
        let held = try dispensary.host.hold(
            "SELECT 1 FROM decoction.lot WHERE lot_id = '\(lot)' FOR UPDATE")
        let recall = Self.begin(
            dispensary.pharmacy.pharmacist, "decoction.lot.recall", Dispensary.recall(lot))
        try await Self.waiting(1, dispensary.host)
        let handOver = Self.begin(dispensary.dispenser, method, params)
        try await Self.waiting(2, dispensary.host)
        try held.release()
        #expect(await recall.value == "done")
        #expect(await handOver.value == "decoction.lotRecalled")
        #expect(try await dispensary.state(ids[0]) == "dispensed")
    }

    @Test(
        "40 hand-overs race one recall: none succeeds that was begun after it was answered, and the others are in its report"
    )
    func handOversAgainstRecall() async throws {
        let dispensary = try await Dispensary.open()
        let (lot, ids) = try await dispensary.dispensedFromLot(40)
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await dispensary.host.client(role: .pharmacist, site: "t1")) }
        let racing = clients
        let turn = Mutex(0)
        let isRecalled = Mutex(false)
        let outcomes = await Racing.aside(41) {
            let number = turn.withLock { value in
                defer { value += 1 }
                return value
            }
            let client = racing[number % racing.count]
            if number == 20 {
                let outcome = try Self.outcome {
                    try client.callAndWait("decoction.lot.recall", Dispensary.recall(lot))
                }
                isRecalled.withLock { $0 = true }
                return "recall \(outcome)"
            }
            let isLate = isRecalled.withLock { $0 }
            let outcome = try Self.outcome {
                try client.callAndWait(
                    "decoction.prescription.handOver", ["prescriptionId": ids[number - (number > 20 ? 1 : 0)]])
            }
            return isLate ? "late \(outcome)" : outcome
        }
        let counted = Dictionary(outcomes.map { ((try? $0.get()) ?? "failed", 1) }, uniquingKeysWith: +)
        #expect(counted["recall done"] == 1, "\(counted)")
        #expect(counted["late done"] == nil, "\(counted)")
        #expect(
            Set(counted.keys).isSubset(
                of: ["recall done", "done", "decoction.lotRecalled", "late decoction.lotRecalled"]), "\(counted)")
        let handed = try dispensary.host.sql("SELECT count(*) FROM decoction.hand_over")
        #expect(handed == [["\(counted["done"] ?? 0)"]])
        let report = try await dispensary.clinic.doctor.call("decoction.recall.get", ["lotId": .string(lot)])
        #expect(report["patients"]?.arrayValue?.count == 40)
    }

    @Test("8.5: a job is broken off and handed over at once: one of the two, and what was spoilt stays in the house")
    func abortAgainstHandOver() async throws {
        var dispensary = try await Dispensary.open()
        let (_, ids) = try await dispensary.dispensedFromLot(12)
        var made: [String] = []
        for (number, id) in ids.enumerated() {
            made.append(try await dispensary.job(id, "labelled", in: "M\(number)"))
        }
        dispensary = try await dispensary.later(Pharmacy.now.adding(seconds: 60))
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await dispensary.host.client(role: .pharmacist, site: "t1")) }
        let (jobs, racing) = (made, clients)
        let turn = Mutex(0)
        let outcomes = await Racing.aside(36) {
            let number = turn.withLock { value in
                defer { value += 1 }
                return value
            }
            let (client, which) = (racing[number % racing.count], number / 3)
            let calls: [(String, JSONValue)] = [
                ("job.abort", ["jobId": .string(jobs[which]), "reason": "scorched"]),
                ("job.advance", Kitchen.step(jobs[which], "handedOver")),
                ("prescription.handOver", ["prescriptionId": ids[which]]),
            ]
            let (method, params) = calls[number % 3]
            return "\(method) " + (try Self.outcome { try client.callAndWait("decoction.\(method)", params) })
        }
        let counted = Dictionary(outcomes.map { ((try? $0.get()) ?? "failed", 1) }, uniquingKeysWith: +)
        #expect((counted["job.abort done"] ?? 0) + (counted["job.advance done"] ?? 0) == 12, "\(counted)")
        #expect(counted["prescription.handOver done"] == nil, "\(counted)")
        let wrong = try dispensary.host.sql(
            """
            SELECT prescription_id FROM decoction.job JOIN decoction.prescription USING (site_id, prescription_id)
            WHERE (job.state = 'handedOver') <> (prescription.state = 'handedOver')
                OR is_spoilt AND EXISTS (SELECT FROM decoction.hand_over AS h WHERE h.prescription_id = job.prescription_id)
            """)
        #expect(wrong.isEmpty)
    }

    @Test("a document that is being taken back is not sent out meanwhile, and one that is being sent is not taken back")
    func reversalAgainstDelivery() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 10_000)
        let issued = try await pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 500)]))
        let document = try #require(issued["documentId"])
        let held = try pharmacy.host.hold("SELECT 1 FROM decoction.lot WHERE lot_id = '\(lot)' FOR UPDATE")
        let reversal = Self.begin(
            pharmacy.pharmacist, "decoction.movement.reverse", ["documentId": document, "reason": "录入错误"])
        try await Self.waiting(1, pharmacy.host)
        let other = try await pharmacy.host.client(role: .pharmacist, site: "t1")
        let delivery = Self.begin(other, "decoction.delivery.create", Dispensary.sending(document: document))
        try await Self.waiting(2, pharmacy.host)
        try held.release()
        #expect(await reversal.value == "done")
        #expect(await delivery.value == "decoction.notDeliverable")
        // Twenty documents, each sent and taken back at once.
        var made: [JSONValue] = []
        for _ in 0..<20 {
            let reply = try await pharmacy.pharmacist.call(
                "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 100)]))
            made.append(try #require(reply["documentId"]))
        }
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await pharmacy.host.client(role: .pharmacist, site: "t1")) }
        let (documents, racing) = (made, clients)
        let turn = Mutex(0)
        let outcomes = await Racing.aside(40) {
            let number = turn.withLock { value in
                defer { value += 1 }
                return value
            }
            let (client, document) = (racing[number % racing.count], documents[number / 2])
            return try Self.outcome {
                number % 2 == 0
                    ? try client.callAndWait("decoction.delivery.create", Dispensary.sending(document: document))
                    : try client.callAndWait(
                        "decoction.movement.reverse", ["documentId": document, "reason": "录入错误"])
            }
        }
        let counted = Dictionary(outcomes.map { ((try? $0.get()) ?? "failed", 1) }, uniquingKeysWith: +)
        #expect(counted["done"] == 20, "\(counted)")
        #expect(
            (counted["decoction.deliveryExists"] ?? 0) + (counted["decoction.notDeliverable"] ?? 0) == 20,
            "\(counted)")
        try await pharmacy.expectSound()
    }
}
