import Testing
import XinglinKit
import XinglinPostgres
import XinglinTesting

@testable import XinglinHost

@Suite("A chain that was damaged stops alone")
struct StoppedChainTests {
    private static let most = "9223372036854775807"

    @Test(
        "Behind a link that none can follow nothing is sealed: calls and the other chains go on, and it is seen",
        arguments: ["9223372036854775807", "9223372036854775806", "9007199254740991"])
    func stopped(number: String) async throws {
        let harness = try await AuditHarness.open()
        for client in [harness.first, harness.second] {
            try await client.call("counter.box.add", ["name": "a", "amount": 1])
        }
        try await harness.sealed()
        try harness.host.script("UPDATE host.audit_link SET number = \(number) WHERE seq = \(try harness.seq("t1", 1))")
        for _ in 1...3 {
            try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
            try await harness.second.call("counter.box.add", ["name": "a", "amount": 1])
        }
        try await harness.reaches("the other chain to be sealed") { _ in try harness.length("t2") == 4 }
        #expect(try harness.length("t1") == 1)
        let status = try SealingStatus.read(harness.superuser())
        #expect(status.stoppedChains == 1)
        #expect(status.unsealedAuditRows == 3)
        let auditor = try await harness.host.client(role: .auditor, site: "county", reach: .subtree)
        let chains = try await auditor.call("audit.status")["chains"]?.arrayValue ?? []
        #expect(chains.filter { $0["stopped"] == true }.compactMap { $0["site"]?.stringValue } == ["t1"])
        // Checkpoints vouch for the others.
        let checkpoint = try harness.checkpoint()
        #expect(checkpoint.heads.compactMap(\.site) == ["t2"])
        let report = try harness.verify()
        #expect(report.findings.contains { $0.kind == .missingLinks && $0.site == "t1" })
        #expect(report.waiting >= 3)
    }

    @Test("Many rows of a stopped chain hold nothing up; mended, all of them are sealed, in order")
    func mended() async throws {
        let harness = try await AuditHarness.open()
        let own = try harness.holdSealersLock()
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        let chaining = AuditChaining(log: TestLog.logger)
        let connection = try harness.superuser()
        try await self.seals(harness, chaining, connection) { try harness.length("t1") == 1 }
        try harness.host.script("UPDATE host.audit_link SET number = \(Self.most)")
        // More than a turn's.
        try harness.host.script(
            """
            INSERT INTO host.audit (at, account_id, site_id, method, outcome, request_digest, notes, trace, digest)
            SELECT at, account_id, site_id, method, outcome, request_digest, notes, trace, digest
            FROM host.audit, generate_series(1, 2500)
            """)
        try await harness.second.call("counter.box.add", ["name": "a", "amount": 1])
        try await self.seals(harness, chaining, connection) { try harness.length("t2") == 1 }
        #expect(try harness.length("t1") == 1)
        let waiting = try SealingStatus.read(connection).unsealedAuditRows
        #expect(waiting == 2500)

        try harness.host.script("UPDATE host.audit_link SET number = 1 WHERE number = \(Self.most)")
        let patient = AuditChaining(log: TestLog.logger, patience: .zero)
        try await self.seals(harness, patient, connection) {
            try SealingStatus.read(connection).unsealedAuditRows == 0
        }
        #expect(try harness.length("t1") == 2501)
        try harness.expectNoGaps()
        try own.release()
        #expect(try SealingStatus.read(connection).stoppedChains == 0)
        try await harness.reaches("a checkpoint") { try SealingStatus.read($0).lastCheckpointAt != nil }
        let report = try harness.verify()
        #expect(report.isClean && report.rows == 2502, "\(report.findings.prefix(3))")
    }

    @Test("It is looked at again after a while by the host that stopped")
    func again() async throws {
        let harness = try await AuditHarness.open()
        let own = try harness.holdSealersLock()
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        let chaining = AuditChaining(log: TestLog.logger, patience: .zero)
        let connection = try harness.superuser()
        try await self.seals(harness, chaining, connection) { try harness.length("t1") == 1 }
        try harness.host.script("UPDATE host.audit_link SET number = \(Self.most)")
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        for _ in 1...3 { try self.seal(chaining, connection) }
        #expect(try SealingStatus.read(connection).unsealedAuditRows == 1)
        try harness.host.script("UPDATE host.audit_link SET number = 1")
        try await self.seals(harness, chaining, connection) { try harness.length("t1") == 2 }
        try own.release()
    }

    @Test("A row without a digest that could be one is sealed as it is, found, and holds nothing up")
    func withoutDigest() async throws {
        let harness = try await AuditHarness.open()
        try harness.host.script(
            """
            INSERT INTO host.audit (at, method, outcome, notes, trace, digest)
            VALUES (now(), 'forged', 'done', '{}', '', '\\x00')
            """)
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.sealed()
        #expect(try harness.verify().findings.map(\.kind) == [.alteredRow])
    }

    @Test("A watermark that is gone holds nothing up")
    func withoutWatermark() async throws {
        let harness = try await AuditHarness.open()
        try harness.host.script("DELETE FROM host.audit_watermark")
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.reaches("the row to be sealed") { _ in try harness.length("t1") == 1 }
        #expect(try harness.verify().findings.map(\.kind) == [.missingWatermark])
    }

    @Test("A link is added behind the one before it alone, whoever adds it")
    func follows() async throws {
        let harness = try await AuditHarness.open()
        try await harness.first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.sealed()
        for number in ["3", "9223372036854775806"] {
            let error = #expect(throws: DatabaseError.self) {
                try harness.host.script(
                    """
                    INSERT INTO host.audit_link
                    SELECT chain, \(number), -7, now(), digest, link FROM host.audit_link WHERE number = 1
                    """)
            }
            #expect(error?.constraint == "audit_link_follows")
        }
        #expect(try harness.verify().isClean)
    }

    @Test("A step that fails holds up no other, and is seen until it succeeds")
    func failingStep() async throws {
        let host = try await TestHost.start(CounterModule.self) { $0.audit.checkpointRows = 1 }
        let first = try await host.client(role: .pharmacist, site: "t1")
        let harness = AuditHarness(host: host, first: first, second: first)
        try await first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.reaches("a checkpoint") { try SealingStatus.read($0).lastCheckpointAt != nil }
        try host.script(
            """
            UPDATE host.audit_checkpoint SET number = \(Self.most)
            WHERE number = (SELECT max(number) FROM host.audit_checkpoint)
            """)
        let sealer = host.core.services.sealer
        try await first.call("counter.box.add", ["name": "a", "amount": 1])
        try await harness.reaches("the step to fail") { _ in sealer.failing == ["checkpoints"] }
        for number in 2...4 {
            #expect(try await harness.first.call("counter.box.add", ["name": "a", "amount": 1]) != .null)
            try await harness.reaches("the row to be sealed") { _ in try harness.length("t1") > number }
        }
        #expect(sealer.failing == ["checkpoints"])
        try host.script("UPDATE host.audit_checkpoint SET number = 1000 WHERE number = \(Self.most)")
        try await harness.reaches("the step to succeed") { _ in sealer.failing.isEmpty }
    }

    @Test("A step that fails is tried again later and later, and reported once a minute")
    func pauses() {
        var failures = StepFailures()
        var now = ContinuousClock.now
        let start = now
        var reports = 0
        var attempts = 0
        while now - start < .seconds(600) {
            if failures.isDue("a", now) {
                attempts += 1
                if failures.failed("a", now) { reports += 1 }
            }
            #expect(failures.isDue("b", now))
            now += .milliseconds(100)
        }
        #expect((8...10).contains(reports))
        #expect((60...80).contains(attempts))
        #expect(failures.names == ["a"])
        failures.succeeded("a")
        #expect(failures.names.isEmpty && failures.isDue("a", now))
    }

    private func seal(_ chaining: AuditChaining, _ connection: Connection) throws {
        let horizon = try connection.query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text").first(
            as: String.self)
        _ = try chaining.seal(below: horizon ?? "0", on: connection)
    }

    /// Seals by hand until that is so: other tests' transactions hold rows up now and then.
    private func seals(
        _ harness: AuditHarness, _ chaining: AuditChaining, _ connection: Connection, until condition: () throws -> Bool
    ) async throws {
        try await harness.reaches("the sealing") { _ in
            try self.seal(chaining, connection)
            return try condition()
        }
    }
}
