import Foundation
import Synchronization
import Testing
import XinglinCrypto
import XinglinKit
import XinglinPostgres
import XinglinTesting

@testable import XinglinHost

@Suite("The chains of the audit")
struct AuditChainTests {
    @Test(
        "A clean audit verifies: every row is sealed in the chain of its site, and rows without a site in the host's own"
    )
    func clean() async throws {
        let harness = try await AuditHarness.filled()
        let report = try harness.verify()
        #expect(report.isClean, "\(report.findings)")
        #expect(report.waiting == 0)
        #expect(report.chains == 3)
        #expect(report.checkpoints >= 4)
        #expect(report.uncovered == 0)
        #expect(try report.signers.keys.first == harness.key.verifying.fingerprint)
        #expect(
            try harness.host.sql(
                """
                SELECT count(*), count(*) FILTER (WHERE coalesce(a.site_id, '\(AuditLink.hostChain)') = l.chain)
                FROM host.audit a LEFT JOIN host.audit_link l USING (seq)
                """
            ).first.map { $0[0] == $0[1] } == true)
        try harness.expectNoGaps()
    }

    @Test("A link is what docs/audit.md says, byte by byte")
    func form() throws {
        let chain = try #require(RecordID("0198f3a2-0001-7002-8003-000000000004"))
        let link = AuditLink(
            chain: chain, number: 1, seq: 258, sealedAt: Timestamp(microseconds: 1_795_000_000_000_001),
            digest: SQLBytes([UInt8](repeating: 0xAB, count: 32)))
        // printf of the mark and the fields, through `openssl dgst -sm3`.
        #expect(
            try link.value(after: AuditLink.beginning).sqlText
                == "\\x5149851fccfcc861a4b517cd3b453874413730de5bcff55c7d88d48773826dcb")
    }

    @Test("A sequence number that was lost with a transaction leaves no gap in a chain")
    func rolledBack() async throws {
        let harness = try await AuditHarness.open()
        for number in 1...5 {
            _ = try harness.host.sql("SELECT nextval(pg_get_serial_sequence('host.audit', 'seq'))")
            try await harness.first.call("counter.box.add", ["name": "a", "amount": .integer(Int64(number))])
        }
        try await harness.sealed()
        try harness.expectNoGaps()
        #expect(try harness.length("t1") == 5)
        #expect(try harness.verify().isClean)
    }

    @Test("Rows wait while an older transaction is open, are counted, and are checked all the same")
    func waiting() async throws {
        let harness = try await AuditHarness.open()
        let held = try harness.host.hold("SELECT pg_current_xact_id()")
        for _ in 1...3 { try await harness.first.call("counter.box.add", ["name": "a", "amount": 1]) }
        let report = try harness.verify()
        #expect(report.waiting >= 3)
        #expect(report.isClean)
        let status = try SealingStatus.read(harness.superuser())
        #expect(status.unsealedAuditRows >= 3)
        #expect(status.oldestUnsealedAuditSeconds >= 0)
        try harness.host.script("UPDATE host.audit SET trace = 'x' WHERE seq = (SELECT max(seq) FROM host.audit)")
        #expect(try harness.verify().findings.map(\.kind) == [.alteredRow])
        try held.release()
        try await harness.sealed()
        #expect(try harness.verify().waiting == 0)
    }

    @Test("A row that was restored from another cluster is sealed, however far its transaction ids had come")
    func restored() async throws {
        let harness = try await AuditHarness.open()
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.sealed()
        try harness.host.script(
            """
            INSERT INTO host.audit
                (xid, at, account_id, site_id, method, outcome, reason, request_digest, notes, trace, digest)
            SELECT '4000000000000', at, account_id, site_id, method, outcome, reason, request_digest, notes, trace,
                digest
            FROM host.audit ORDER BY seq LIMIT 1
            """)
        try await harness.sealed()
        #expect(try harness.verify().isClean)
    }

    @Test("No business write waits for the sealer: its tables locked, its backend ended over and over, writes go on")
    func stuck() async throws {
        let harness = try await AuditHarness.open()
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.sealed()
        let held = try harness.host.hold(
            "LOCK TABLE host.audit_link, host.audit_watermark, host.audit_checkpoint, host.audit_key IN ACCESS EXCLUSIVE MODE"
        )
        for number in 1...30 {
            try await harness.first.call("counter.box.add", ["name": .string("b\(number)"), "amount": 1])
            if number.isMultiple(of: 10) { try harness.endSealer() }
        }
        #expect(try harness.host.sql("SELECT count(*) FROM counter.box") == [["31"]])
        try held.release()
        try await harness.sealed()
        #expect(try harness.length("t1") == 31)
        #expect(try harness.verify().isClean)
    }

    @Test("Racing clients of several sites while the sealer is ended again and again: no gap, no fork, nothing refused")
    func load() async throws {
        let harness = try await AuditHarness.open()
        let third = try await harness.host.client(role: .pharmacist, site: "county")
        let clients = [harness.first, harness.second, third]
        let isOver = Mutex(false)
        let killer = Thread {
            while !isOver.withLock({ $0 }) {
                _ = try? harness.endSealer()
                Thread.sleep(forTimeInterval: 0.15)
            }
        }
        killer.start()
        let counter = Atomic<Int>(0)
        let perClient = 40
        let outcomes = Racing.run(12) {
            let place = counter.wrappingAdd(1, ordering: .relaxed).oldValue
            for number in 0..<perClient {
                // A box that is emptied below zero is refused, and the refusal stands in the audit.
                let amount: Int64 = number.isMultiple(of: 7) ? -1_000 : 1
                do {
                    _ = try Racing.retrying {
                        try clients[place % 3].callAndWait(
                            "counter.box.add", ["name": .string("box\(place)"), "amount": .integer(amount)])
                    }
                } catch let refused as CallRefused where refused.reason == "counter.empty" {
                    continue
                }
            }
        }
        isOver.withLock { $0 = true }
        for outcome in outcomes { _ = try outcome.get() }
        try await harness.sealed()
        for site in ["t1", "t2", "county"] { #expect(try harness.length(site) == 4 * perClient) }
        try harness.expectNoGaps()
        try harness.checkpoint()
        let report = try harness.verify()
        #expect(report.isClean, "\(report.findings)")
        #expect(report.rows >= 12 * perClient)
    }

    @Test("Two sealers at once fork nothing: the database lets one of them through")
    func twoSealers() async throws {
        let harness = try await AuditHarness.open()
        // The host's own sealer is kept out, so that the two race for every row.
        let own = try harness.holdSealersLock()
        for _ in 1...60 { try await harness.first.call("counter.box.add", ["name": "a", "amount": 1]) }
        let outcomes = Racing.run(2) {
            let connection = try harness.superuser()
            let chaining = AuditChaining(log: harness.host.core.services.log)
            var refusals = 0
            while try SealingStatus.read(connection).unsealedAuditRows > 0 {
                do {
                    let horizon = try connection.query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
                        .first(as: String.self)
                    _ = try chaining.seal(below: horizon ?? "0", on: connection)
                } catch let error as DatabaseError where error.kind == .constraint {
                    refusals += 1
                    try connection.script("ROLLBACK")
                }
            }
            return refusals
        }
        for outcome in outcomes { _ = try outcome.get() }
        try own.release()
        #expect(try harness.length("t1") == 60)
        try harness.expectNoGaps()
        #expect(try harness.verify().isClean)
    }

    @Test("A host that stops seals what it may, and signs it")
    func stop() async throws {
        let harness = try await AuditHarness.open()
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.reaches("the first checkpoint") {
            try SealingStatus.read($0).lastCheckpointAt != nil
        }
        let signed = try harness.checkpoints().count
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        harness.host.core.stop()
        let report = try harness.verify()
        #expect(report.isClean)
        #expect(report.uncovered == 0)
        // A transaction of another database that is still open holds up the last row, whatever the host does.
        #expect(report.checkpoints > signed || report.waiting > 0)
    }

    @Test("A host that stops waits a moment for the transaction that holds rows up")
    func stopHeldUp() async throws {
        var waiting = 0
        // Other tests' transactions hold rows up too, now and then for longer than a host waits.
        for _ in 1...5 {
            let harness = try await AuditHarness.open()
            // Nothing is awaited while the transaction is held: it would be held for as long as other tests have their turns.
            let held = try harness.host.hold("SELECT pg_current_xact_id()")
            _ = try harness.first.callAndWait("counter.box.add", ["name": "a", "amount": 1])
            #expect(try harness.verify().waiting > 0)
            let core = harness.host.core
            let stopped = Mutex(false)
            Thread {
                core.stop()
                stopped.withLock { $0 = true }
            }.start()
            usleep(500_000)
            try held.release()
            while !stopped.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(20)) }
            let report = try harness.verify()
            #expect(report.isClean)
            waiting = report.waiting
            if waiting == 0 { break }
        }
        #expect(waiting == 0)
    }
}

extension AuditHarness {
    /// Every chain runs from 1 to the number of its rows.
    func expectNoGaps() throws {
        let chains = try self.host.sql("SELECT min(number), max(number), count(*) FROM host.audit_link GROUP BY chain")
        #expect(!chains.isEmpty)
        for chain in chains {
            #expect(chain[0] == "1")
            #expect(chain[1] == chain[2])
        }
    }

    /// Ends the connection of this database's sealer.
    @discardableResult
    func endSealer() throws -> Int {
        try self.host.sql(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'xinglin sealer'
            """
        ).count
    }

    /// Takes the lock of the one sealer away from the host, until it is released.
    func holdSealersLock() throws -> HeldTransaction {
        while true {
            try self.endSealer()
            // Whoever connects first has it; a host that comes second looks again every second.
            if let held = try? self.host.hold("SET lock_timeout = '50ms'; SELECT pg_advisory_xact_lock(\(Sealer.lock))")
            {
                return held
            }
        }
    }
}
