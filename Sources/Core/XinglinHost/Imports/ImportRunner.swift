internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Applies imports beside the calls, on a thread and a connection of its own. It finds those to apply in the database, so that
/// after the death of a host it, or another one, goes on where the work stood.
struct ImportRunner: Sendable {
    let services: HostServices

    /// How long until the next look for imports.
    private static let pause = Duration.seconds(5)
    /// The same while another host holds one: it may have died.
    private static let pauseWhileHeld = Duration.seconds(1)

    /// Applies every import that waits, one after another.
    func round(_ connection: Connection) throws -> Duration {
        var isHeld = false
        if self.services.databaseMode.refusesWrites { return Self.pause }
        for record in try ImportRecord.read(connection.query(Self.waiting)) where !self.services.importWorker.isStopping
        {
            guard try Self.isLocked(record.id, connection) else {
                isHeld = true
                continue
            }
            let outcome = Result { try self.apply(record, connection) }
            // A broken connection has let go of it by itself.
            if !connection.isBroken {
                connection.giveUpAt = .now + Self.patience
                _ = try connection.query(
                    "SELECT pg_advisory_unlock(\(Self.lockSpace), hashtext(\(record.id.description)))")
            }
            try outcome.get()
        }
        return isHeld ? Self.pauseWhileHeld : Self.pause
    }

    /// How long a statement outside of an import's transaction may take.
    static let patience = Duration.seconds(60)

    private static let waiting: SQL = """
        SELECT \(literal: ImportRecord.selection) FROM host.import WHERE state = 'applying' ORDER BY started_at
        """
    /// The first half of the advisory locks of imports: "xlim".
    private static let lockSpace = 0x786C_696D

    /// Whether this host, of several, may apply it.
    private static func isLocked(_ id: RecordID, _ connection: Connection) throws -> Bool {
        let sql: SQL = "SELECT pg_try_advisory_lock(\(Self.lockSpace), hashtext(\(id.description)))"
        return try connection.query(sql).first(as: Bool.self) ?? false
    }

    /// Applies one import as far as it goes. What refuses it is kept with it; what may pass is thrown, to be tried again.
    private func apply(_ record: ImportRecord, _ connection: Connection) throws {
        // Since the list was read another host may have done it.
        connection.giveUpAt = .now + Self.patience
        let rows = try connection.query(ImportStore.get(record.id, site: record.site))
        guard let record = try ImportRecord.read(rows).first, record.state == .applying, let mode = record.mode else {
            return
        }
        do {
            let application = try ImportApplication(self.services, record, connection)
            switch mode {
            case .goodLines: try application.applyGoodLines()
            case .allOrNothing: try application.applyAllOrNothing()
            }
            self.services.metrics.count(.importApplied)
        } catch is ImportApplication.NoLongerApplying {
            self.services.log.info("an import was given up", metadata: ["import": .string(record.id.description)])
        } catch {
            try self.refuse(record, error, connection)
        }
    }

    private func refuse(_ record: ImportRecord, _ error: any Error, _ connection: Connection) throws {
        if let error = error as? DatabaseError, error.mayPass || self.services.importWorker.isStopping { throw error }
        if error is CallTransaction.OutcomeUnknown {
            throw DatabaseError(kind: .outcomeUnknown, message: "the connection broke while lines were committed")
        }
        if let left = error as? ImportApplication.LinesLeftOut {
            self.services.metrics.count(.importRefused)
            return try self.end(record, reason: ImportRefusal.faulty.reason, left.faults, connection)
        }
        let manifest = self.services.registry.imports[record.kind].flatMap {
            self.services.registry.modules[$0.module]?.manifest
        }
        let (fault, isFailure) = FaultMapping.fault(error, manifest: manifest, wasCancelled: false)
        self.services.metrics.count(isFailure ? .importFailed : .importRefused)
        if isFailure {
            self.services.log.error(
                "an import failed",
                metadata: [
                    "import": .string(record.id.description), "kind": .string(record.kind),
                    "error": .string((error as? DatabaseError).map { "\($0): \($0.message)" } ?? "\(type(of: error))"),
                ])
        }
        try self.end(record, reason: fault.kind.reason, [], connection)
    }

    private func end(_ record: ImportRecord, reason: String, _ faults: [LineFault], _ connection: Connection) throws {
        let now = self.services.clock.now
        let audit = AuditRow(
            at: now, accountID: record.appliedBy, siteID: record.site, method: ImportsApply.name, reason: reason,
            requestDigest: nil,
            notes: JSONValue.object([
                "importId": .string(record.id.description), "kind": .string(record.kind),
            ]).canonicalText, trace: Trace.make())
        let statements: [SQL] =
            ["BEGIN"] + (faults.isEmpty ? [] : [ImportStore.add(faults, to: record.id, stage: .apply)]) + [
                """
                UPDATE host.import SET state = 'refused', reason = \(reason), ended_at = \(now),
                    applied = CASE WHEN mode = 'allOrNothing' THEN 0 ELSE applied END
                WHERE import_id = \(record.id) AND state = 'applying'
                """, try audit.insert, "COMMIT",
            ]
        connection.giveUpAt = .now + Self.patience
        _ = try connection.run(statements.map { PipelineItem(sql: $0, role: "") })
    }
}

extension DatabaseError {
    /// Whether the same work may succeed later: the fault is neither the file's nor the module's.
    fileprivate var mayPass: Bool {
        switch self.kind {
        case .unavailable, .outcomeUnknown, .retry, .lockTimeout: true
        case .cancelled, .constraint, .privilege, .decoding, .other: false
        }
    }
}
