internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Writes exports beside the calls, on a thread and connections of its own. It finds them in the database; after the death of a
/// host it, or another one, begins the file anew.
struct ExportRunner: Sendable {
    let services: HostServices

    private static let pause = Duration.seconds(5)
    private static let pauseWhileHeld = Duration.seconds(1)
    static let patience = Duration.seconds(60)
    private static let attempts = 5
    /// The first half of the advisory locks of exports: "xlex".
    private static let lockSpace = 0x786C_6578

    /// Writes every export that waits, one after another.
    func round(_ connection: Connection) throws -> Duration {
        connection.giveUpAt = .now + Self.patience
        // Every page of an export sees the records as of one moment.
        try connection.script("SET default_transaction_isolation = 'repeatable read'")
        var isHeld = false
        for record in try ExportRecord.read(connection.query(ExportStore.running)) {
            if self.services.exportWorker.isStopping { break }
            connection.giveUpAt = .now + Self.patience
            let lock: SQL = "SELECT pg_try_advisory_lock(\(Self.lockSpace), hashtext(\(record.id.description)))"
            guard try connection.query(lock).first(as: Bool.self) ?? false else {
                isHeld = true
                continue
            }
            let outcome = Result { try self.write(record.id, connection) }
            if !connection.isBroken {
                connection.giveUpAt = .now + Self.patience
                _ = try connection.query(
                    "SELECT pg_advisory_unlock(\(Self.lockSpace), hashtext(\(record.id.description)))")
            }
            try outcome.get()
        }
        return isHeld ? Self.pauseWhileHeld : Self.pause
    }

    /// Writes one export. What refuses it is kept with it; what may pass is thrown, to be tried again.
    private func write(_ id: RecordID, _ connection: Connection) throws {
        var attempt = 1
        while true {
            // Since the list was read another host may have done it.
            guard let record = try ExportRecord.read(connection.query(ExportStore.get(id))).first,
                record.state == .running
            else { return }
            do {
                return try ExportWriting(self.services, record, connection).run()
            } catch let error as DatabaseError where error.kind == .retry && attempt < Self.attempts {
                if error.constraint == RecordedKeys.fence { try self.services.keyWatch.refresh(connection) }
                attempt += 1
            } catch {
                return try self.refuse(record, error, connection)
            }
        }
    }

    private func refuse(_ record: ExportRecord, _ error: any Error, _ connection: Connection) throws {
        if self.services.exportWorker.isStopping || connection.isBroken { throw error }
        if let error = error as? DatabaseError,
            [.unavailable, .outcomeUnknown, .retry, .lockTimeout].contains(error.kind)
        {
            throw error
        }
        if error is CallTransaction.OutcomeUnknown {
            throw DatabaseError(kind: .outcomeUnknown, message: "the connection broke while a file was written")
        }
        let manifest = self.services.registry.exports[record.kind].flatMap {
            self.services.registry.modules[$0.module]?.manifest
        }
        let (fault, isFailure) = FaultMapping.fault(error, manifest: manifest, wasCancelled: false)
        if isFailure {
            self.services.log.error(
                "an export failed",
                metadata: [
                    "export": .string(record.id.description), "kind": .string(record.kind),
                    "error": .string((error as? DatabaseError).map { "\($0): \($0.message)" } ?? "\(type(of: error))"),
                ])
        }
        let now = self.services.clock.now
        let audit = AuditRow(
            at: now, accountID: record.account, siteID: record.site, method: ExportsBegin.name,
            reason: fault.kind.reason, requestDigest: nil,
            notes: JSONValue.object(["exportId": .string(record.id.description), "kind": .string(record.kind)])
                .canonicalText, trace: Trace.make())
        connection.giveUpAt = .now + Self.patience
        _ = try connection.run(
            [
                "BEGIN", ExportStore.deleteFile(of: record.id),
                ExportStore.refuse(record.id, reason: fault.kind.reason, at: now), try audit.insert, "COMMIT",
            ].map { PipelineItem(sql: $0, role: "") })
    }
}
