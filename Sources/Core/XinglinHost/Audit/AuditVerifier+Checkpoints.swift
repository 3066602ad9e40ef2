internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

extension AuditVerifier {
    /// What checkpoints say of chains that do not bear it out, the first of each chain's.
    private struct Contradictions {
        var cut: [RecordID: AuditFinding] = [:]
        var rewritten: [RecordID: AuditFinding] = [:]
    }

    /// Checkpoints of one fetch: each names every chain.
    private static let checkpointPage = 20

    /// Checks the checkpoints of the database, one after the other, and the chains against them.
    mutating func verifyCheckpoints() throws {
        var verifier = self
        var contradictions = Contradictions()
        var last: AuditCheckpoint?
        var number: Int64 = 0
        var digest = AuditCheckpoint.beginning
        try self.walk("checkpoints", Self.stored, page: Self.checkpointPage) { rows in
            for stored in try Self.decode(rows) {
                verifier.report.checkpoints += 1
                let next = number.clampedSum(1)
                if stored.number > next {
                    verifier.report.add(AuditFinding(.missingCheckpoints, number: next, last: stored.number - 1))
                } else if stored.number < next {
                    verifier.report.add(AuditFinding(.brokenCheckpoints, at: stored.at, checkpoint: stored.number))
                } else if let checkpoint = stored.checkpoint, checkpoint.previous != digest {
                    verifier.report.add(AuditFinding(.brokenCheckpoints, at: stored.at, checkpoint: stored.number))
                }
                number = stored.number
                digest = stored.digest
                guard let checkpoint = try verifier.judge(stored) else { continue }
                try verifier.compare(checkpoint, since: last, &contradictions)
                last = checkpoint
            }
        }
        self.report = verifier.report
        let sealed = self.heads.values.reduce(Int64(0)) { $0.clampedSum($1) }
        self.report.uncovered = max(0, sealed.clampedDifference(last?.total ?? 0))
        self.add(contradictions)
    }

    /// Checks exported checkpoints, and the database against them.
    mutating func verifyExported() throws {
        var contradictions = Contradictions()
        for path in self.check.exported {
            for line in try CheckpointFile(path).lines() {
                self.report.exported += 1
                try self.compareExported(try line.get(), &contradictions)
            }
        }
        self.add(contradictions)
    }

    private mutating func compareExported(_ line: CheckpointLine, _ contradictions: inout Contradictions) throws {
        let checkpoint = line.checkpoint
        guard try line.isSigned else {
            return self.report.add(
                AuditFinding(.forgedCheckpoint, at: checkpoint.at, checkpoint: checkpoint.number))
        }
        guard self.check.keys.isEmpty || self.check.keys.contains(line.key) else {
            return self.report.add(AuditFinding(.unknownKey, at: checkpoint.at, checkpoint: checkpoint.number))
        }
        guard checkpoint.database == self.database else {
            return self.report.add(
                AuditFinding(.foreignCheckpoint, at: checkpoint.at, checkpoint: checkpoint.number))
        }
        let stored = try self.connection.query(
            "SELECT body FROM host.audit_checkpoint WHERE number = \(checkpoint.number)"
        ).first(as: Cell<String>.self)
        if stored == nil {
            self.report.add(AuditFinding(.missingCheckpoints, number: checkpoint.number, at: checkpoint.at))
        } else if stored?.value != checkpoint.body {
            self.report.add(AuditFinding(.otherCheckpoint, at: checkpoint.at, checkpoint: checkpoint.number))
        }
        try self.compare(checkpoint, since: nil, &contradictions)
    }

    /// Compares the heads that a checkpoint saw with the links that stand there now.
    private func compare(
        _ checkpoint: AuditCheckpoint, since last: AuditCheckpoint?, _ contradictions: inout Contradictions
    ) throws {
        let before = Set(last?.heads ?? [])
        let heads = checkpoint.heads.filter { !before.contains($0) }
        if heads.isEmpty { return }
        let rows: [(RecordID, Int64, String, String?, Cell<Timestamp>)] = try self.connection.query(
            """
            SELECT seen.chain, seen.number, seen.link, encode(l.link, 'hex'), l.sealed_at
            FROM unnest(\(heads.map(\.chain))::uuid[], \(heads.map(\.number))::bigint[], \(heads.map(\.link))::text[])
                AS seen (chain, number, link)
            LEFT JOIN LATERAL (
                SELECT link, sealed_at FROM host.audit_link WHERE chain = seen.chain AND number = seen.number
            ) l ON true
            """
        ).decode()
        for (chain, number, seen, found, at) in rows where seen != found {
            let end = self.heads[chain] ?? 0
            if number > end {
                contradictions.cut[chain] = AuditFinding(
                    .cutTail, site: self.site(chain), number: end + 1,
                    last: max(number, contradictions.cut[chain]?.last ?? 0), at: checkpoint.at,
                    checkpoint: checkpoint.number)
            } else if found != nil, contradictions.rewritten[chain] == nil {
                contradictions.rewritten[chain] = AuditFinding(
                    .rewrittenChain, site: self.site(chain), number: number, at: at.value,
                    checkpoint: checkpoint.number)
            }
        }
    }

    private mutating func add(_ contradictions: Contradictions) {
        for (_, finding) in contradictions.cut.sorted(by: { $0.key < $1.key }) { self.report.add(finding) }
        for (_, finding) in contradictions.rewritten.sorted(by: { $0.key < $1.key }) { self.report.add(finding) }
    }
}

// MARK: - Checkpoints as they are stored

extension AuditVerifier {
    /// A row of `host.audit_checkpoint`, and what its body says where that can be read and agrees.
    private struct Stored {
        let number: Int64
        let at: Timestamp?
        let digest: String
        let checkpoint: AuditCheckpoint?
    }

    private static let stored = """
        SELECT number, at, total, body, encode(digest, 'hex'), key, signature FROM host.audit_checkpoint ORDER BY number
        """

    private static func decode(_ rows: Rows) throws -> [Stored] {
        typealias Columns = (
            Int64, Cell<Timestamp>, Cell<Int64>, Cell<String>, Cell<String>, Cell<String>, Cell<SQLBytes>
        )
        let read: [Columns] = try rows.decode()
        return try read.map { number, at, total, body, digest, key, signature in
            var checkpoint: AuditCheckpoint?
            if let body = body.value, let signature = signature.value {
                checkpoint = try AuditCheckpoint(body: body, signature: signature.bytes)
            }
            let agrees = checkpoint.map {
                $0.number == number && $0.at == at.value && $0.total == total.value && $0.digest == digest.value
                    && $0.key == key.value
            }
            return Stored(
                number: number, at: at.value, digest: digest.value ?? "",
                checkpoint: agrees == true ? checkpoint : nil)
        }
    }

    /// The checkpoint, where it was signed with a key that may be trusted.
    private mutating func judge(_ stored: Stored) throws -> AuditCheckpoint? {
        guard let checkpoint = stored.checkpoint, checkpoint.database == self.database else {
            self.report.add(AuditFinding(.forgedCheckpoint, at: stored.at, checkpoint: stored.number))
            return nil
        }
        let isTrusted = self.check.keys.isEmpty || self.check.keys.contains { $0.fingerprint == checkpoint.key }
        guard let key = self.keys[checkpoint.key], isTrusted else {
            self.report.add(AuditFinding(.unknownKey, at: stored.at, checkpoint: stored.number))
            return nil
        }
        guard try key.verifies(checkpoint.signature, of: Array(checkpoint.body.utf8)) else {
            self.report.add(AuditFinding(.forgedCheckpoint, at: stored.at, checkpoint: stored.number))
            return nil
        }
        self.report.signers[checkpoint.key, default: 0] += 1
        return checkpoint
    }
}
