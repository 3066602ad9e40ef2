import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Many clients at once, on threads of the operating system, and random sequences.
struct RoomRaceTests {
    @Test("8.5: of 100 clients on one machine one gets it")
    func oneMachine() async throws {
        let kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let prescriptions = try Self.copies(of: try await kitchen.dispensed(), 100, in: kitchen)
        let outcomes = try await Self.race(100, in: kitchen) { client, number in
            try client.callAndWait("decoction.job.start", Kitchen.start(prescriptions[number], machine))
        }
        #expect(outcomes.filter { $0 == "done" }.count == 1)
        #expect(outcomes.filter { $0 == "decoction.machineBusy" }.count == 99)
        #expect(try kitchen.doubled().isEmpty)
        #expect(try kitchen.host.sql("SELECT count(*) FROM decoction.job") == [["1"]])
        #expect(try kitchen.host.sql("SELECT count(*) FROM decoction.job_step") == [["1"]])
    }

    @Test("8.5: of 100 clients on one prescription one begins its job, and the other machines stay free")
    func onePrescription() async throws {
        let kitchen = try await Kitchen.open()
        var named: [String] = []
        for number in 0..<10 { named.append(try await kitchen.machine("M\(number)")) }
        let machines = named
        let prescription = try await kitchen.dispensed()
        let outcomes = try await Self.race(100, in: kitchen) { client, number in
            try client.callAndWait("decoction.job.start", Kitchen.start(prescription, machines[number % 10]))
        }
        #expect(outcomes.filter { $0 == "done" }.count == 1)
        #expect(outcomes.filter { $0 == "decoction.jobExists" }.count == 99)
        #expect(try kitchen.doubled().isEmpty)
        #expect(try kitchen.host.sql("SELECT count(*) FROM decoction.machine WHERE state = 'busy'") == [["1"]])
    }

    @Test("of 40 clients that take the same step or break the job off at once, one is first")
    func oneStep() async throws {
        let kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let job = try #require(
            try await kitchen.start(kitchen.dispensed(), in: machine)["jobId"]?.stringValue)
        try kitchen.put(job, "boiling2")
        let outcomes = try await Self.race(40, in: kitchen) { client, number in
            number % 2 == 0
                ? try client.callAndWait("decoction.job.advance", Kitchen.step(job, "packed"))
                : try client.callAndWait("decoction.job.abort", ["jobId": .string(job), "reason": "cancelled"])
        }
        // A packed job may still be broken off; an aborted one is never packed.
        let done = outcomes.filter { $0 == "done" }.count
        #expect((1...2).contains(done))
        #expect(outcomes.filter { $0 == "decoction.jobStateConflict" }.count == 40 - done)
        #expect(try kitchen.state(of: machine) == "dirty")
        #expect(try kitchen.host.sql("SELECT state FROM decoction.job") == [["aborted"]])
        let samples = try kitchen.host.sql("SELECT count(*) FROM decoction.sample")
        #expect(samples == [[done == 2 ? "1" : "0"]])
    }

    @Test("8.5: whatever is done in whatever order, no machine runs two jobs and no prescription has two")
    func anyOrder() async throws {
        var random = SeededGenerator.printed("room")
        var kitchen = try await Kitchen.open()
        var machines: [String] = []
        for number in 0..<3 { machines.append(try await kitchen.machine("M\(number)")) }
        let prescriptions = try Self.copies(of: try await kitchen.dispensed(), 8, in: kitchen)
        var now = Pharmacy.now
        var counts: [String: Int] = [:]
        func jobs() throws -> [String] {
            try kitchen.host.sql("SELECT job_id FROM decoction.job ORDER BY job_id").compactMap { $0.first ?? nil }
        }
        for step in 1...220 {
            let known = try jobs()
            let (method, params): (String, JSONValue)
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<30:
                let prescription = prescriptions[Int.random(in: 0..<prescriptions.count, using: &random)]
                let machine = machines[Int.random(in: 0..<machines.count, using: &random)]
                (method, params) = ("decoction.job.start", Kitchen.start(prescription, machine))
            case 30..<70:
                guard let job = known.randomElement(using: &random) else { continue }
                let state = try kitchen.host.sql("SELECT state FROM decoction.job WHERE job_id = '\(job)'")[0][0]
                let next = state.flatMap(JobState.init(rawValue:))?.next.first
                let to = next ?? JobState.targets[Int.random(in: 0..<JobState.targets.count, using: &random)]
                (method, params) = ("decoction.job.advance", Kitchen.step(job, to.rawValue, reason: "随机"))
            case 70..<76:
                guard let job = known.randomElement(using: &random) else { continue }
                (method, params) = ("decoction.job.abort", ["jobId": .string(job), "reason": "cancelled"])
            case 76..<90:
                let machine = machines[Int.random(in: 0..<machines.count, using: &random)]
                (method, params) = ("decoction.machine.clean", ["machineId": .string(machine)])
            default:
                now = now.adding(seconds: Int64.random(in: 60...3600, using: &random))
                kitchen = try await kitchen.at(now)
                continue
            }
            do {
                try await kitchen.pharmacist.call(method, params)
                counts[method, default: 0] += 1
            } catch let refused as CallRefused {
                #expect(refused.reason.hasPrefix("decoction."), "\(method) \(refused.reason)")
            }
            #expect(try kitchen.doubled().isEmpty, "step \(step)")
        }
        #expect(counts["decoction.job.start", default: 0] > 0 && counts["decoction.job.advance", default: 0] > 0)
    }

    /// As many prescriptions like one, with their lines.
    private static func copies(of prescription: String, _ count: Int, in kitchen: Kitchen) throws -> [String] {
        try kitchen.host.script(
            """
            CREATE TEMP TABLE copy AS SELECT gen_random_uuid() AS id FROM generate_series(1, \(count));
            INSERT INTO decoction.prescription SELECT made.* FROM decoction.prescription AS one, copy, LATERAL
                jsonb_populate_record(one, jsonb_build_object('prescription_id', copy.id)) AS made
            WHERE one.prescription_id = '\(prescription)';
            INSERT INTO decoction.prescription_line SELECT made.* FROM decoction.prescription_line AS one, copy, LATERAL
                jsonb_populate_record(one, jsonb_build_object('prescription_id', copy.id)) AS made
            WHERE one.prescription_id = '\(prescription)';
            """)
        return try kitchen.host.sql(
            "SELECT prescription_id FROM decoction.prescription WHERE prescription_id <> '\(prescription)' ORDER BY 1"
        ).compactMap { $0.first ?? nil }
    }

    /// Gives for each client `done` or its reason.
    private static func race(
        _ count: Int, in kitchen: Kitchen, _ body: @escaping @Sendable (TestClient, Int) throws -> JSONValue
    ) async throws -> [String] {
        var clients: [TestClient] = []
        for _ in 0..<10 { clients.append(try await kitchen.host.client(role: .pharmacist, site: "t1")) }
        let racing = clients
        let counter = Counter()
        return await Racing.aside(count) {
            let number = counter.next()
            do {
                _ = try Racing.retrying { try body(racing[number % 10], number) }
                return "done"
            } catch let refused as CallRefused {
                return refused.reason
            }
        }.map { (try? $0.get()) ?? "failed" }
    }
}

/// Hands every racing thread a number of its own.
private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        self.value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
