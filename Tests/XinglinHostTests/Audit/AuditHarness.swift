import Foundation
import Testing
import XinglinCrypto
import XinglinKit
import XinglinPostgres
import XinglinRPC
import XinglinTesting

@testable import XinglinHost

/// A host with rows in the chains of two sites and in its own, and what the tests of the audit do over and over.
struct AuditHarness {
    let host: TestHost
    let first: TestClient
    let second: TestClient

    static func open() async throws -> AuditHarness {
        let host = try await TestHost.start(CounterModule.self)
        return AuditHarness(
            host: host, first: try await host.client(role: .pharmacist, site: "t1"),
            second: try await host.client(role: .pharmacist, site: "t2"))
    }

    /// The same with ten rows at each site and three without one, all sealed and under checkpoints.
    static func filled() async throws -> AuditHarness {
        let harness = try await Self.open()
        for number in 1...10 {
            for client in [harness.first, harness.second] {
                try await client.call("counter.box.add", ["name": "box", "amount": .integer(Int64(number))])
            }
            if number.isMultiple(of: 4) || number == 1 {
                await #expect(throws: CallRefused.self) {
                    try await harness.host.anonymous().call(
                        "session.login", ["account": "nobody", "password": "not a password"])
                }
                try await harness.sealed()
                try harness.checkpoint()
            }
        }
        try await harness.sealed()
        try await harness.settled()
        try harness.checkpoint()
        return harness
    }

    func superuser() throws -> Connection {
        try Connection(TestCluster.shared().superuser(self.host.database), applicationName: "tests")
    }

    func verify(_ check: AuditCheck = AuditCheck()) throws -> AuditVerification {
        try AuditVerifier.verify(self.superuser(), check)
    }

    /// The key of the host's data folder.
    var key: SigningKey {
        get throws { try #require(try SigningKey.load("\(self.host.folder)/keys/checkpoint.pem")) }
    }

    /// Signs a checkpoint now, as the sealer would.
    @discardableResult
    func checkpoint() throws -> AuditCheckpoint {
        let connection = try self.superuser()
        // Now and then the host's sealer has signed one of that number meanwhile.
        for _ in 1..<20 {
            let checkpoint = try AuditCheckpoint.next(connection, key: self.key, now: HostClock.system.now)
            if (try? connection.query(checkpoint.insert)) != nil { return checkpoint }
        }
        let checkpoint = try AuditCheckpoint.next(connection, key: self.key, now: HostClock.system.now)
        _ = try connection.query(checkpoint.insert)
        return checkpoint
    }

    /// Waits until every row has its link.
    func sealed() async throws {
        try await self.reaches("every row to be sealed") { try SealingStatus.read($0).unsealedAuditRows == 0 }
    }

    /// Waits until the watermark stands at the last row.
    func settled() async throws {
        try await self.reaches("the watermark to reach the last row") { connection in
            try connection.query(
                "SELECT (SELECT max(seq) FROM host.audit) = (SELECT seq FROM host.audit_watermark)"
            ).first(as: Bool.self) ?? false
        }
    }

    func reaches(_ what: String, _ condition: (Connection) throws -> Bool) async throws {
        let connection = try self.superuser()
        let end = ContinuousClock.now + .seconds(120)
        while try !condition(connection) {
            guard ContinuousClock.now < end else {
                Issue.record("waited in vain for \(what)")
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Checkpoints as they would lie outside, in a file.
    func export(_ checkpoints: [CheckpointLine]) throws -> String {
        let path = "\(self.host.folder)/\(UUID().uuidString).jsonl"
        try checkpoints.map { $0.text + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Every checkpoint of the database.
    func checkpoints() throws -> [CheckpointLine] {
        let rows: [(String, SQLBytes)] = try self.superuser().query(
            "SELECT body, signature FROM host.audit_checkpoint ORDER BY number"
        ).decode()
        return try rows.map { body, signature in
            CheckpointLine(
                try #require(try AuditCheckpoint(body: body, signature: signature.bytes)), key: try self.key.verifying)
        }
    }

    /// The `seq` of a site's row with that number in the chain.
    func seq(_ site: String, _ number: Int) throws -> Int64 {
        let rows = try self.host.sql(
            """
            SELECT l.seq FROM host.audit_link l JOIN host.site s ON s.site_id = l.chain
            WHERE s.code = '\(site)' AND l.number = \(number)
            """)
        return try #require(rows.first?[0].flatMap { Int64($0) })
    }

    /// How many links a site's chain has.
    func length(_ site: String) throws -> Int {
        let rows = try self.host.sql(
            "SELECT count(*) FROM host.audit_link l JOIN host.site s ON s.site_id = l.chain WHERE s.code = '\(site)'")
        return try #require(rows.first?[0].flatMap { Int($0) })
    }
}

// MARK: - What a superuser could do who knows this program

extension AuditHarness {
    /// Gives a row the digest of its present content.
    func redigest(_ seq: Int64) throws {
        let connection = try self.superuser()
        let found = try AuditedRow.decode(
            connection.query(SQL(stringLiteral: "SELECT \(AuditedRow.columns) FROM host.audit a WHERE a.seq = \(seq)")))
        let row = try #require(found.first)
        let content = try #require(row.content)
        _ = try connection.query("UPDATE host.audit SET digest = \(content.digest) WHERE seq = \(seq)")
    }

    /// Makes a site's links anew from the rows as they are now.
    func relink(_ site: String) throws {
        let connection = try self.superuser()
        let rows: [(RecordID, Int64, Int64, Timestamp, SQLBytes)] = try connection.query(
            """
            SELECT l.chain, l.number, l.seq, l.sealed_at, a.digest FROM host.audit_link l JOIN host.audit a USING (seq)
            JOIN host.site s ON s.site_id = l.chain WHERE s.code = \(site) ORDER BY l.number
            """
        ).decode()
        var link = AuditLink.beginning
        for (chain, number, seq, sealedAt, digest) in rows {
            link = try AuditLink(chain: chain, number: number, seq: seq, sealedAt: sealedAt, digest: digest)
                .value(after: link)
            _ = try connection.query(
                """
                UPDATE host.audit_link SET link = \(link), digest = \(digest)
                WHERE chain = \(chain) AND number = \(number)
                """)
        }
    }

    /// Signs all checkpoints anew over the links as they are now, with a key.
    func resign(with key: SigningKey) throws {
        let connection = try self.superuser()
        try CheckpointKey.register(key, connection, now: HostClock.system.now)
        var previous = AuditCheckpoint.beginning
        for line in try self.checkpoints() {
            let old = line.checkpoint
            let heads: [(String, String?)] = try connection.query(
                """
                SELECT seen.chain::text || ' ' || seen.number, encode(l.link, 'hex')
                FROM unnest(\(old.heads.map(\.chain))::uuid[], \(old.heads.map(\.number))::bigint[]) seen (chain, number)
                LEFT JOIN host.audit_link l ON l.chain = seen.chain AND l.number = seen.number
                """
            ).decode()
            let links = Dictionary(heads.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 })
            var body = try #require(try JSONReader.parse(Array(old.body.utf8)).objectValue)
            body["chains"] = .array(
                old.heads.map { head in
                    let link = links["\(head.chain) \(head.number)"].flatMap { $0 } ?? head.link
                    return AuditCheckpoint.Head(
                        chain: head.chain, site: head.site, number: head.number, link: link
                    ).json
                })
            body["previous"] = .string(previous)
            body["key"] = .string(key.verifying.fingerprint)
            let text = JSONValue.object(body).canonicalText
            let new = try #require(try AuditCheckpoint(body: text, signature: key.sign(Array(text.utf8))))
            _ = try connection.query(
                """
                UPDATE host.audit_checkpoint SET body = \(text), digest = decode(\(new.digest), 'hex'), key = \(new.key),
                    signature = \(SQLBytes(new.signature)) WHERE number = \(old.number)
                """)
            previous = new.digest
        }
    }
}
