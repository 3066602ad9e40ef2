internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// One import on its way into its module, as the account that had it applied.
struct ImportApplication {
    /// It was cancelled meanwhile, or another host has done these lines.
    struct NoLongerApplying: Error {}
    /// Lines of an all-or-nothing import that cannot be applied after all.
    struct LinesLeftOut: Error {
        let faults: [LineFault]
    }

    let services: HostServices
    let record: ImportRecord
    let kind: ImportKind
    let store: ImportChunkStore
    private let connection: Connection
    private let trace = Trace.make()

    /// How long the lines of one transaction may take.
    private static let chunkPatience = Duration.seconds(600)
    private static let wholePatience = Duration.seconds(4 * 3600)
    private static let attempts = 5

    /// - Throws: `host.notFound` where the module no longer has the kind.
    init(_ services: HostServices, _ record: ImportRecord, _ connection: Connection) throws {
        guard let kind = services.registry.imports[record.kind] else { throw HostFault.notFound.fault() }
        self.services = services
        self.record = record
        self.kind = kind
        self.connection = connection
        self.store = ImportChunkStore(cipher: services.cipher)
    }

    /// Applies what is left of the good lines, a transaction for some of them at a time.
    func applyGoodLines() throws {
        var attempt = 1
        while true {
            try self.checkStop()
            let chunks = try self.next(after: 0, self.connection)
            guard !chunks.isEmpty else { return try self.end() }
            do {
                try self.apply(chunks)
                attempt = 1
            } catch let error as DatabaseError where error.kind == .retry && attempt < Self.attempts {
                if error.constraint == RecordedKeys.fence { try self.services.keyWatch.refresh(self.connection) }
                attempt += 1
            }
        }
    }

    /// Applies all lines in one transaction.
    func applyAllOrNothing() throws {
        var attempt = 1
        while true {
            do {
                return try self.applyWhole()
            } catch let error as DatabaseError where error.kind == .retry && attempt < Self.attempts {
                if error.constraint == RecordedKeys.fence { try self.services.keyWatch.refresh(self.connection) }
                attempt += 1
            }
        }
    }
}

// MARK: - Some lines at a time

extension ImportApplication {
    private func apply(_ chunks: [ImportChunkStore.Chunk]) throws {
        let lines = chunks.flatMap(\.lines)
        let transaction = try self.transaction(Self.chunkPatience)
        do {
            let (faults, published) = try self.run(lines, transaction)
            let left = Set(faults.map(\.line)).count
            let context = Database(transaction)
            _ = try transaction.nested(role: HostServices.ownRole) {
                try context.batch(
                    [
                        Statement(
                            """
                            UPDATE host.import SET applied = applied + \(lines.count - left), left_out = left_out + \(left)
                            WHERE import_id = \(self.record.id) AND state = 'applying'
                            """, .rows(1), otherwise: Self.gone),
                        Statement(ImportChunkStore.remove(chunks.map(\.id)), .rows(chunks.count), otherwise: Self.gone),
                    ] + (faults.isEmpty ? [] : [Statement(ImportStore.add(faults, to: self.record.id, stage: .apply))]))
            }
            try transaction.commit([self.auditRow(lines, left: left).insert] + published)
            if !published.isEmpty { self.services.sealer.wake() }
        } catch {
            try self.rollBack(transaction, because: error)
        }
    }

    /// All lines are done. A last look at the state: whoever cancels in this instant comes too late or in time, not both.
    private func end() throws {
        let now = self.services.clock.now
        let results = try self.query([
            """
            UPDATE host.import SET state = 'applied', ended_at = \(now)
            WHERE import_id = \(self.record.id) AND state = 'applying'
            """
        ])
        if results[0].affected == 0 { throw NoLongerApplying() }
        self.services.log.info(
            "an import was applied",
            metadata: ["import": .string(self.record.id.description), "kind": .string(self.kind.name)])
    }
}

// MARK: - All or nothing

extension ImportApplication {
    private func applyWhole() throws {
        // Progress and cancelling go past the long transaction.
        let beside = try Connection(self.services.conninfo, applicationName: "xinglin imports progress")
        let transaction = try self.transaction(Self.wholePatience)
        var audits: [AuditRow] = []
        var faults: [LineFault] = []
        var published: [SQL] = []
        var done = 0
        var last: Int64 = 0
        do {
            while true {
                try self.checkStop()
                try self.report(done, beside)
                let chunks = try self.next(after: last, beside)
                guard let end = chunks.last else { break }
                let lines = chunks.flatMap(\.lines)
                let outcome = try self.run(lines, transaction)
                faults += outcome.faults
                published += outcome.published
                audits.append(try self.auditRow(lines, left: 0))
                done += lines.count
                last = end.firstLine
            }
            guard faults.isEmpty else { throw LinesLeftOut(faults: faults) }
            try self.close(transaction, done)
            try transaction.commit((audits.isEmpty ? [] : [try AuditRow.insert(audits)]) + published)
            if !published.isEmpty { self.services.sealer.wake() }
        } catch {
            try self.rollBack(transaction, because: error)
        }
    }

    private func close(_ transaction: CallTransaction, _ done: Int) throws {
        let database = Database(transaction)
        _ = try transaction.nested(role: HostServices.ownRole) {
            try database.batch([
                Statement(
                    """
                    UPDATE host.import SET state = 'applied', applied = \(done), ended_at = \(self.services.clock.now)
                    WHERE import_id = \(self.record.id) AND state = 'applying'
                    """, .rows(1), otherwise: Self.gone),
                Statement("DELETE FROM host.import_chunk WHERE import_id = \(self.record.id)"),
            ])
        }
    }

    /// Shows how far it is; and finds out whether it was cancelled.
    private func report(_ done: Int, _ beside: Connection) throws {
        beside.giveUpAt = .now + ImportRunner.patience
        let rows = try beside.query(
            "UPDATE host.import SET applied = \(done) WHERE import_id = \(self.record.id) AND state = 'applying'")
        if rows.affected == 0 { throw NoLongerApplying() }
    }
}

// MARK: - What both do

extension ImportApplication {
    /// Stands for `NoLongerApplying` while a batch is judged, for that throws faults alone.
    private static var gone: Fault { ImportRefusal.state.fault() }

    /// Has the module apply lines, judging the account's rights as they are now.
    /// - Returns: what is left out, and what goes into the outbox with the COMMIT.
    private func run(
        _ lines: [PreparedLine], _ transaction: CallTransaction
    ) throws -> (faults: [LineFault], published: [SQL]) {
        let context = HostCallContext(
            services: self.services, admission: try self.admission(),
            connection: RPCConnection(id: 0, peerAddress: "import"), transaction: transaction, trace: self.trace,
            now: self.services.clock.now, locale: self.services.settings.locale,
            frame: .init(module: self.kind.module, name: self.kind.name, effect: .write))
        let faults = try self.kind.work.apply(lines, context.call())
        if !context.sealingKeys.isEmpty {
            _ = try transaction.nested(role: HostServices.ownRole) {
                try Database(transaction).batch(
                    context.sealingKeys.map { Statement(RecordedKeys.mustSeal(with: $0)) })
            }
        }
        guard Set(faults.keys).isSubset(of: lines.map(\.number)) else { throw VerdictsMissing(kind: self.kind.name) }
        let numbered = faults.sorted { $0.key < $1.key }.flatMap { line, faults in
            // A line that is left out without a word is still left out.
            LineFault.number(faults.isEmpty ? [Self.unexplained] : faults, of: line)
        }
        return (numbered, context.publication)
    }

    private static let unexplained = ImportFault(nil, .init(zh: "未能导入", en: "could not be imported"))

    /// - Throws: `host.forbidden`, `host.moduleDisabled`, where the account may not, or no longer.
    private func admission() throws -> Admission {
        let directory = self.services.directory.snapshot
        guard let entry = self.services.registry.methods[ImportsApply.name],
            let site = directory.sitesByID[self.record.site],
            let account = self.record.appliedBy.flatMap({ directory.accounts[$0] }), !account.isDisabled
        else { throw HostFault.forbidden.fault() }
        let access = ImportAccess(self.services, principal: account.principal, site: site)
        return Admission(
            entry: entry, principal: account.principal, session: nil, certificate: nil, site: site,
            readable: try access.readable(self.kind))
    }

    private func transaction(_ patience: Duration) throws -> CallTransaction {
        let admission = try self.admission()
        return CallTransaction(
            self.connection,
            scope: .init(
                role: self.services.role(of: self.kind.module), site: self.record.site, readable: admission.readable,
                isReadOnly: false, deadline: .now + patience), claim: nil)
    }

    /// The next lines behind one, as many as the module wants at once.
    private func next(after line: Int64, _ connection: Connection) throws -> [ImportChunkStore.Chunk] {
        connection.giveUpAt = .now + ImportRunner.patience
        return try self.store.read(
            connection.query(ImportChunkStore.next(self.record.id, after: line, lines: self.kind.chunk)))
    }

    private func query(_ statements: [SQL]) throws -> [Rows] {
        self.connection.giveUpAt = .now + ImportRunner.patience
        return try self.connection.run(statements.map { PipelineItem(sql: $0, role: "") })
    }

    private func auditRow(_ lines: [PreparedLine], left: Int) throws -> AuditRow {
        AuditRow(
            at: self.services.clock.now, accountID: self.record.appliedBy, siteID: self.record.site,
            method: ImportsApply.name, reason: nil, requestDigest: nil,
            notes: JSONValue.object([
                "importId": .string(self.record.id.description), "kind": .string(self.kind.name),
                "fromLine": .integer(Int64(lines.first?.number ?? 0)),
                "toLine": .integer(Int64(lines.last?.number ?? 0)),
                "applied": .integer(Int64(lines.count - left)), "leftOut": .integer(Int64(left)),
            ]).canonicalText, trace: self.trace)
    }

    private func checkStop() throws {
        if self.services.importWorker.isStopping {
            throw DatabaseError(kind: .unavailable, message: "the host is stopping")
        }
    }

    /// Undoes the transaction and throws what it was for.
    private func rollBack(_ transaction: CallTransaction, because error: any Error) throws -> Never {
        do {
            try transaction.rollBack()
        } catch {
            // The connection is gone, and the transaction with it; the first error tells more.
            self.services.log.debug("a rollback found no connection", metadata: ["trace": .string(self.trace)])
        }
        if let fault = error as? Fault, fault.kind == ImportRefusal.state { throw NoLongerApplying() }
        throw error
    }
}

extension HostServices {
    /// What stands for the host's own login where a module's role is expected.
    static let ownRole = "none"
}
