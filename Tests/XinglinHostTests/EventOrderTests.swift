import Foundation
import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("The order of events")
struct EventOrderTests {
    /// An event as a reader of numbers saw it.
    struct Seen: Hashable {
        let number: Int64
        let name: String
        let count: Int64
    }

    private static func read(_ host: TestHost, after number: Int64) throws -> [Seen] {
        try host.sql(
            """
            SELECT number::text, body::jsonb->>'name', body::jsonb->>'count' FROM host.event \
            WHERE event.number > \(number) ORDER BY event.number LIMIT 50
            """
        ).map { Seen(number: Int64($0[0] ?? "") ?? 0, name: $0[1] ?? "", count: Int64($0[2] ?? "") ?? 0) }
    }

    /// Rings bells from threads on both hosts; every call takes its transaction id before it waits for its bell.
    private static func race(_ clients: [TestClient], rings: Int, seed: UInt64) async -> Int {
        let turn = Atomic<Int>(0)
        let outcomes = await Racing.aside(clients.count) {
            let index = turn.wrappingAdd(1, ordering: .relaxed).oldValue
            var random = SeededGenerator(seed: seed &+ UInt64(index))
            for ring in 0..<rings {
                let name = ["a", "b", "c"][Int(random.next() % 3)]
                let sleep = Int64(random.next() % 100 < 20 ? random.next() % 40 : 0)
                _ = try Racing.retrying {
                    try clients[index].callAndWait(
                        "bell.bell.ring", ["name": .string(name), "sleepMs": .integer(sleep)], key: "\(index)-\(ring)")
                }
            }
        }
        return outcomes.count { if case .success = $0 { true } else { false } }
    }

    @Test("of racing writers on two hosts no event is lost, none comes twice, and no effect stands before its cause")
    func racing() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let (threads, rings) = (8, 40)
        let host = try await TestHost.start(BellModule.self)
        let neighbour = try host.neighbour(BellModule.self)
        defer { neighbour.stop() }
        var clients: [TestClient] = []
        for _ in 0..<threads { clients.append(try await host.client(role: .nurse, site: "t1")) }
        // A transaction that stays open, with an id older than all others: nobody waits for it.
        let held = try host.hold("SELECT pg_current_xact_id()")
        let isDone = Mutex(false)
        let reader = Thread.reading(host) { isDone.withLock { $0 } }
        let succeeded = await Self.race(clients, rings: rings, seed: seed)
        #expect(succeeded == threads, "seed \(seed)")
        try await host.expect("SELECT count(*)::text FROM host.event", [["\(threads * rings)"]])
        isDone.withLock { $0 = true }
        let seen = try await reader.value
        let final = try Self.all(host)
        #expect(seen == final, "a number changed, or a reader of numbers missed one; seed \(seed)")
        #expect(final.map(\.number) == Array(1...Int64(threads * rings)), "seed \(seed)")
        for (name, events) in Dictionary(grouping: final, by: \.name) {
            #expect(events.map(\.count) == Array(1...Int64(events.count)), "bell \(name), seed \(seed)")
        }
        try held.release()
    }

    private static func all(_ host: TestHost) throws -> [Seen] {
        var all: [Seen] = []
        while case let page = try self.read(host, after: all.last?.number ?? 0), !page.isEmpty { all += page }
        return all
    }

    @Test("an effect whose transaction is older than its cause's gets the later number all the same")
    func olderEffect() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        let other = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("bell.bell.ring", ["name": "a"])
        // The bell is held; `other` takes its id, waits for the bell, and so is older than the next transaction.
        let bell = try host.hold("SELECT 1 FROM bell.bell WHERE name = 'a' FOR UPDATE")
        async let effect = Racing.aside(1) {
            try Racing.retrying(1000) { try other.callAndWait("bell.bell.ring", ["name": "a"], key: "effect") }
        }
        try await host.expect(
            "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
            [["1"]])
        let between = try host.hold("SELECT pg_current_xact_id()")
        try host.script(
            """
            INSERT INTO host.outbox (event_id, topic, subject, at, trace, body) \
            VALUES (gen_random_uuid(), 'bell.rung', gen_random_uuid(), now(), 'cause', '{"count":0,"name":"z"}')
            """)
        try bell.release()
        _ = try await effect.first?.get()
        try await host.expect("SELECT count(*)::text FROM host.event", [["3"]])
        #expect(try Self.all(host).map(\.name) == ["a", "z", "a"])
        try between.release()
    }
}

extension Thread {
    /// Pages through the events by number on a thread of its own, until it is done and nothing more comes.
    fileprivate static func reading(
        _ host: TestHost, until isDone: @escaping @Sendable () -> Bool
    ) -> Task<[EventOrderTests.Seen], any Error> {
        Task {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Result { try EventOrderTests.page(host, until: isDone) })
                }
            }
        }
    }
}

extension EventOrderTests {
    fileprivate static func page(_ host: TestHost, until isDone: () -> Bool) throws -> [Seen] {
        var seen: [Seen] = []
        while true {
            let wasDone = isDone()
            let page = try Self.read(host, after: seen.last?.number ?? 0)
            seen += page
            if wasDone, page.isEmpty { return seen }
        }
    }
}
