internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Reads the files that imports were begun with, and has their lines checked, on a thread and a connection of its own. Each part
/// is checked in a transaction that notes how far it came, so that after the death of a host no line is checked twice.
struct ImportFileReading: Sendable {
    let services: HostServices

    private static let pause = Duration.seconds(5)
    private static let pauseWhileHeld = Duration.seconds(1)
    private static let partPatience = Duration.seconds(120)
    private static let attempts = 5
    /// The first half of the advisory locks of imports that are read: "xlir".
    private static let lockSpace = 0x786C_6972
    /// Bytes that are looked at for whole lines, at first and at the most.
    private static let parts = [262_144, ImportText.mostBytes]

    private static let waiting: SQL = """
        SELECT \(literal: ImportRecord.selection) FROM host.import
        WHERE state = 'open' AND unread_file_id IS NOT NULL ORDER BY created_at
        """

    /// Reads every file that waits, one after another.
    func round(_ connection: Connection) throws -> Duration {
        connection.giveUpAt = .now + ImportRunner.patience
        var isHeld = false
        for record in try ImportRecord.read(connection.query(Self.waiting)) {
            if self.services.readingWorker.isStopping { break }
            connection.giveUpAt = .now + ImportRunner.patience
            let lock: SQL = "SELECT pg_try_advisory_lock(\(Self.lockSpace), hashtext(\(record.id.description)))"
            guard try connection.query(lock).first(as: Bool.self) ?? false else {
                isHeld = true
                continue
            }
            let outcome = Result { try self.read(record, connection) }
            if !connection.isBroken {
                connection.giveUpAt = .now + ImportRunner.patience
                _ = try connection.query(
                    "SELECT pg_advisory_unlock(\(Self.lockSpace), hashtext(\(record.id.description)))")
            }
            try outcome.get()
        }
        return isHeld ? Self.pauseWhileHeld : Self.pause
    }

    private func read(_ record: ImportRecord, _ connection: Connection) throws {
        var attempt = 1
        while !self.services.readingWorker.isStopping {
            do {
                guard try self.readPart(record, connection) else { return }
                attempt = 1
            } catch let error as DatabaseError where error.kind == .retry && attempt < Self.attempts {
                if error.constraint == RecordedKeys.fence { try self.services.keyWatch.refresh(connection) }
                attempt += 1
            } catch {
                return try self.giveUp(record, error, connection)
            }
        }
    }

    /// Reads the next lines; gives whether there are more.
    private func readPart(_ record: ImportRecord, _ connection: Connection) throws -> Bool {
        let (admission, kind) = try self.admission(record)
        let transaction = CallTransaction(
            connection,
            scope: .init(
                role: HostServices.ownRole, site: record.site, readable: admission.readable, isReadOnly: false,
                deadline: .now + Self.partPatience), claim: nil)
        let context = HostCallContext(
            services: self.services, admission: admission, connection: RPCConnection(id: 0, peerAddress: "import"),
            transaction: transaction, trace: Trace.make(), now: self.services.clock.now,
            locale: self.services.settings.locale)
        do {
            let call = context.call()
            let rows = try call.db.rows(ImportStore.lock(record.id, site: record.site))
            guard let current = try ImportRecord.read(rows).first, current.state == .open, let id = current.unread,
                let file = try FileRecord.read(call.db.rows(FileStore.get(id))).first
            else {
                try transaction.rollBack()
                return false
            }
            let more = try self.take(current, file, kind, admission.readable, call)
            var closing = context.sealingKeys.map { RecordedKeys.mustSeal(with: $0) }
            if !more { closing.append(try self.auditRow(current, file, nil).insert) }
            try transaction.commit(closing)
            return more
        } catch let error {
            if !connection.isBroken { try transaction.rollBack() }
            throw error
        }
    }

    private func take(
        _ record: ImportRecord, _ file: FileRecord, _ kind: ImportKind, _ readable: [RecordID], _ call: Call
    ) throws -> Bool {
        let line = Int(record.nextLine)
        var taken: ImportFileText?
        var form = record.form
        for part in Self.parts where taken == nil {
            let end = min(file.bytes, record.fileOffset + Int64(part))
            guard let object = file.object, record.fileOffset < end else { break }
            let content = FileContent(id: file.id, object: object, cipher: self.services.cipher)
            let bytes = try content.bytes(record.fileOffset..<end, of: file.bytes, call.db)
            let isEnd = end == file.bytes
            form.encoding = record.form.encoding ?? TextEncoding.of(bytes, isEnd: isEnd)
            taken = try ImportFileText.take(bytes, firstLine: line, isEnd: isEnd, form, columns: record.columns)
            if taken == nil, part == ImportText.mostBytes { throw ImportFileText.tooLong(line: line) }
        }
        if let encoding = form.encoding, record.form.encoding == nil {
            try call.db.execute(ImportStore.written(encoding, record.id), expecting: .rows(1))
        }
        if let taken {
            _ = try ImportUpload(record, kind, readable: readable, call).take(taken.text)
        }
        let offset = record.fileOffset + Int64(taken?.bytes ?? 0)
        if offset < file.bytes, taken != nil {
            try call.db.execute(ImportStore.readUpTo(offset, of: record.id), expecting: .rows(1))
            return true
        }
        try call.db.batch(
            (ImportStore.readWhole(record.id, at: offset) + ImportStore.checked(record.id)).map { Statement($0) })
        return false
    }
}

// MARK: - The end

extension ImportFileReading {
    /// - Throws: `host.forbidden`, `host.moduleDisabled`, where the account may not, or no longer.
    private func admission(_ record: ImportRecord) throws -> (Admission, ImportKind) {
        let directory = self.services.directory.snapshot
        guard let entry = self.services.registry.methods[ImportsBegin.name],
            let kind = self.services.registry.imports[record.kind], let site = directory.sitesByID[record.site],
            let account = directory.accounts[record.account], !account.isDisabled
        else { throw HostFault.forbidden.fault() }
        let access = ImportAccess(self.services, principal: account.principal, site: site)
        let admission = Admission(
            entry: entry, principal: account.principal, session: nil, certificate: nil, site: site,
            readable: try access.readable(kind))
        return (admission, kind)
    }

    /// Ends an import whose file cannot be taken in. What may pass is thrown, to be tried again.
    private func giveUp(_ record: ImportRecord, _ error: any Error, _ connection: Connection) throws {
        if self.services.readingWorker.isStopping || connection.isBroken { throw error }
        if let error = error as? DatabaseError,
            [.unavailable, .outcomeUnknown, .retry, .lockTimeout].contains(error.kind)
        {
            throw error
        }
        if error is CallTransaction.OutcomeUnknown {
            throw DatabaseError(kind: .outcomeUnknown, message: "the connection broke while lines were checked")
        }
        let manifest = self.services.registry.imports[record.kind].flatMap {
            self.services.registry.modules[$0.module]?.manifest
        }
        let (fault, isFailure) = FaultMapping.fault(error, manifest: manifest, wasCancelled: false)
        if isFailure {
            self.services.log.error(
                "the file of an import could not be checked",
                metadata: [
                    "import": .string(record.id.description), "kind": .string(record.kind),
                    "error": .string((error as? DatabaseError).map { "\($0): \($0.message)" } ?? "\(type(of: error))"),
                ])
        }
        var faults: [LineFault] = []
        if let zh = fault.details?["textZh"]?.stringValue, let en = fault.details?["textEn"]?.stringValue {
            let line = Int(fault.details?["line"]?.integerValue ?? 0)
            let field = fault.details?["field"]?.stringValue
            faults = LineFault.number([ImportFault(field, .init(zh: zh, en: en))], of: line)
        }
        let statements: [SQL] =
            ["BEGIN"] + ImportStore.cancel(record.id, at: self.services.clock.now)
            + (faults.isEmpty ? [] : [ImportStore.add(faults, to: record.id, stage: .check)]) + [
                ImportStore.because(fault.kind.reason, record.id),
                try self.auditRow(record, nil, fault.kind.reason).insert, "COMMIT",
            ]
        connection.giveUpAt = .now + ImportRunner.patience
        _ = try connection.run(statements.map { PipelineItem(sql: $0, role: "") })
    }

    private func auditRow(_ record: ImportRecord, _ file: FileRecord?, _ reason: String?) throws -> AuditRow {
        var notes: [String: JSONValue] = [
            "importId": .string(record.id.description), "kind": .string(record.kind),
        ]
        notes["fileId"] = file.map { .string($0.id.description) }
        return AuditRow(
            at: self.services.clock.now, accountID: record.account, siteID: record.site, method: ImportsFinish.name,
            reason: reason, requestDigest: nil, notes: JSONValue.object(notes).canonicalText, trace: Trace.make())
    }
}
