internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// One run on its way through its module: a transaction for each portion, the last of them with the end of the run.
struct JobExecution {
    /// The host stops; the run goes on where it stood with the next start, here or elsewhere.
    struct Stopped: Error {}
    /// The job asked to go on without end.
    struct Endless: Error {}

    let services: HostServices
    let job: JobEntry
    let run: JobRunRecord
    let connection: Connection
    /// Of every portion, in the log, the audit and the events.
    let trace = Trace.make()

    private static let attempts = 4
    private static let portionsAtMost = 10_000

    init(services: HostServices, job: JobEntry, run: JobRunRecord, connection: Connection) {
        self.services = services
        self.job = job
        self.run = run
        self.connection = connection
    }

    /// Does the run and gives what it came to.
    func perform(until isStopping: () -> Bool) throws -> JSONValue {
        // A run that is taken over, or tried again, goes on with what earlier portions counted.
        var counts = try Self.counts(self.run.counts)
        for _ in 0..<Self.portionsAtMost {
            if isStopping() { throw Stopped() }
            if try self.portion(&counts) { return Self.json(counts) }
        }
        throw Endless()
    }

    /// Whether the run is done with it.
    private func portion(_ counts: inout [String: Int]) throws -> Bool {
        var attempt = 1
        while true {
            do {
                return try self.attempt(&counts)
            } catch let error as DatabaseError where error.kind == .retry && attempt < Self.attempts {
                // Serialisation failures and deadlocks: the whole transaction again.
                if error.constraint == RecordedKeys.fence { try self.services.keyWatch.refresh(self.connection) }
                attempt += 1
            }
        }
    }

    private func attempt(_ counts: inout [String: Int]) throws -> Bool {
        let admission = try self.admission()
        let transaction = CallTransaction(
            self.connection,
            scope: .init(
                role: self.services.role(of: self.job.module), site: self.run.site, readable: admission.readable,
                isReadOnly: false, deadline: .now + .seconds(self.job.timeLimit)), claim: nil)
        let now = self.services.clock.now
        let context = HostCallContext(
            services: self.services, admission: admission, connection: RPCConnection(id: 0, peerAddress: "job"),
            transaction: transaction, trace: self.trace, now: now, locale: self.services.settings.locale,
            frame: .init(module: self.job.module, name: self.job.name, effect: .write))
        do {
            let result = try self.job.run(context.call(), self.run.scheduledFor)
            let sum = counts.merging(result.counts, uniquingKeysWith: +)
            let text = Self.json(sum).canonicalText
            var closing: [SQL] = [
                result.isUnfinished
                    ? JobStore.proceed(self.run.id, counts: text)
                    : JobStore.end(self.run.id, counts: text, trace: self.trace, at: now)
            ]
            if let audit = try self.audit(result, context.notes, at: now) { closing.append(audit) }
            closing += context.sealingKeys.map { RecordedKeys.mustSeal(with: $0) }
            closing += context.publication
            try transaction.commit(closing)
            counts = sum
            for work in context.afterCommit { work() }
            return !result.isUnfinished
        } catch {
            try self.rollBack(transaction, because: error)
        }
    }

    /// What a run has changed, or noted, is audited; a run that found nothing to do stands in the history alone.
    private func audit(_ result: JobResult, _ notes: [String: JSONValue], at now: Timestamp) throws -> SQL? {
        guard !notes.isEmpty || result.counts.values.contains(where: { $0 != 0 }) else { return nil }
        var notes = notes
        notes["counts"] = Self.json(result.counts)
        return try Self.auditRow(self.run, reason: nil, notes: notes, trace: self.trace, at: now).insert
    }

    /// An audit row of a run. The method is the job's name, and there is an account only where somebody asked for the run.
    static func auditRow(
        _ run: JobRunRecord, reason: String?, notes: [String: JSONValue], trace: String, at now: Timestamp
    ) throws -> AuditRow {
        var notes = notes
        notes["runId"] = .string(run.id.description)
        notes["scheduledFor"] = .string(run.scheduledFor.description)
        return AuditRow(
            at: now, accountID: run.requestedBy, siteID: run.site, method: run.job, reason: reason, requestDigest: nil,
            notes: JSONValue.object(notes).canonicalText, trace: trace)
    }

    /// Nobody calls; what may be read is what the module may read.
    private func admission() throws -> Admission {
        let directory = self.services.directory.snapshot
        guard let entry = self.services.registry.methods[JobsRun.name] else { throw HostFault.internal.fault() }
        let site = self.run.site.flatMap { directory.sitesByID[$0] }
        guard (site == nil) == (self.run.site == nil) else { throw HostFault.notFound.fault() }
        let readable = site.map { [$0.id] } ?? directory.enabledSites(of: self.job.module).keys.map { $0 }
        return Admission(
            entry: entry, principal: nil, session: nil, certificate: nil, site: site,
            readable: readable.sorted { $0.description < $1.description })
    }

    /// Undoes the transaction and throws what it was for.
    private func rollBack(_ transaction: CallTransaction, because error: any Error) throws -> Never {
        do {
            try transaction.rollBack()
        } catch {
            // The connection is gone, and the transaction with it; the first error tells more.
            self.services.log.debug("a rollback found no connection", metadata: ["trace": .string(self.trace)])
        }
        throw error
    }

    private static func counts(_ text: String) throws -> [String: Int] {
        try JSONReader.parse(Array(text.utf8)).objectValue?.compactMapValues { $0.integerValue.map { Int($0) } } ?? [:]
    }

    private static func json(_ counts: [String: Int]) -> JSONValue {
        .object(counts.mapValues { .integer(Int64($0)) })
    }
}
