internal import Glibc
internal import Logging
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Finds the runs that can be done and does them, one after another, on the connection of its thread.
///
/// Who does a run holds the advisory lock of its job and site, on the very connection that does the work: where a host dies,
/// the server rolls its work back and lets go of the lock in one step, and only then can another host take the run over.
struct JobRunner: Sendable {
    let services: HostServices
    /// Whether the thread is to end.
    let isStopping: @Sendable () -> Bool

    /// The first half of the advisory locks of jobs: "xljb".
    private static let lockSpace = 0x786C_6A62
    /// How long a statement outside of a run's own transactions may take.
    static let patience = Duration.seconds(60)
    /// A run in which so many hosts died is given up: it may be what kills them.
    private static let takeoversAtMost = 5
    private static let longestPause: Int64 = 3600

    /// Does everything that can be done now.
    func work(_ connection: Connection) throws {
        let jobs = self.services.registry.sortedJobs.map(\.name)
        var isWorking = true
        while isWorking, !self.isStopping() {
            isWorking = false
            let open: [(String, RecordID?)] = try self.query(
                [JobStore.open(jobs, at: self.services.clock.now)], connection)[0].decode()
            for (job, site) in open where !self.isStopping() {
                guard let entry = self.services.registry.jobs[job] else { continue }
                let didWork = try self.locked(job, site, connection) {
                    try self.workOnNext(entry, site, connection)
                }
                isWorking = didWork || isWorking
            }
        }
    }

    private func locked(
        _ job: String, _ site: RecordID?, _ connection: Connection, _ body: () throws -> Bool
    ) throws -> Bool {
        let key = "\(job)/\(site?.description ?? "")"
        let isMine: Bool? = try self.query(
            ["SELECT pg_try_advisory_lock(\(Self.lockSpace), hashtext(\(key)))"], connection)[0].first()
        guard isMine == true else { return false }
        let outcome = Result { try body() }
        // A broken connection has let go of it by itself.
        if !connection.isBroken, connection.isIdle {
            _ = try self.query(["SELECT pg_advisory_unlock(\(Self.lockSpace), hashtext(\(key)))"], connection)
        }
        return try outcome.get()
    }

    private func workOnNext(_ job: JobEntry, _ site: RecordID?, _ connection: Connection) throws -> Bool {
        let now = self.services.clock.now
        // Read under the lock: since the list was read another host may have done it.
        let rows = try self.query([JobStore.next(job.name, site: site, at: now)], connection)[0]
        guard let run = try JobRunRecord.read(rows).first else { return false }
        // Whoever did it holds the lock no longer: its host died, or lost its connection.
        let isTakeover = run.state == .running
        if isTakeover {
            self.services.log.warning("a run that was broken off is begun anew", metadata: self.metadata(run))
            if run.takeovers >= Self.takeoversAtMost {
                try self.giveUp(run, .failed, JobFault.abandoned.reason, connection)
                return true
            }
        }
        if let site, !self.services.directory.snapshot.isEnabled(job.module, at: site) {
            try self.giveUp(run, .skipped, HostFault.moduleDisabled.reason, connection)
            return true
        }
        _ = try self.query(
            [JobStore.start(run.id, host: self.services.hostName, isTakeover: isTakeover, at: now)], connection)
        let execution = JobExecution(services: self.services, job: job, run: run, connection: connection)
        do {
            let started = ContinuousClock.now
            let counts = try execution.perform(until: self.isStopping)
            self.services.log.info(
                "a job was done",
                metadata: self.metadata(run).merging(
                    [
                        "counts": .string(counts.canonicalText), "trace": .string(execution.trace),
                        "milliseconds": .stringConvertible((ContinuousClock.now - started) / .milliseconds(1)),
                    ], uniquingKeysWith: { $1 }))
        } catch {
            try self.fail(execution, error, connection)
        }
        return true
    }

    // MARK: - What did not succeed

    private func fail(_ execution: JobExecution, _ error: any Error, _ connection: Connection) throws {
        let (job, run) = (execution.job, execution.run)
        if self.isStopping() || error is JobExecution.Stopped {
            _ = try self.query([JobStore.putBack(run.id)], connection)
            throw error
        }
        // Without a connection nothing can be said of the run: whoever has one again finds it, and knows whether it was done.
        if error is CallTransaction.OutcomeUnknown {
            throw DatabaseError(kind: .outcomeUnknown, message: "the connection broke while a job was committed")
        }
        if connection.isBroken { throw error }
        let manifest = self.services.registry.modules[job.module]?.manifest
        let (fault, isFailure) = FaultMapping.fault(error, manifest: manifest, wasCancelled: false)
        let failure = JobStore.Failure(
            reason: fault.kind.reason, failures: run.failures + 1, trace: execution.trace)
        let next = failure.failures > job.retries ? nil : self.nextAttempt(after: failure)
        self.log(failure, of: job, run, isFailure ? error : nil, next: next)
        guard let next else { return try self.giveUp(run, .failed, failure, connection) }
        _ = try self.query([JobStore.tryAgain(run.id, failure, after: next)], connection)
    }

    /// After one minute, two, four, an hour at the most.
    private func nextAttempt(after failure: JobStore.Failure) -> Timestamp {
        self.services.clock.now.adding(seconds: min(Self.longestPause, 60 << Int64(failure.failures - 1)))
    }

    /// - Parameters:
    ///   - error: what went wrong, where that was no refusal of the module's.
    ///   - next: when it is tried again; nil where it failed for good.
    private func log(
        _ failure: JobStore.Failure, of job: JobEntry, _ run: JobRunRecord, _ error: (any Error)?, next: Timestamp?
    ) {
        var metadata = self.metadata(run)
        metadata["reason"] = .string(failure.reason)
        metadata["trace"] = .string(failure.trace)
        metadata["attempt"] = .stringConvertible(failure.failures)
        metadata["attempts"] = .stringConvertible(job.retries + 1)
        if let error {
            metadata["error"] = .string(
                (error as? DatabaseError).map { "\($0): \($0.message)" } ?? "\(type(of: error))")
        }
        guard let next else { return self.services.log.error("a job failed", metadata: metadata) }
        metadata["nextAttemptAt"] = .string(next.description)
        self.services.log.warning("a job is to be tried again", metadata: metadata)
    }

    private func giveUp(
        _ run: JobRunRecord, _ state: JobRunState, _ failure: JobStore.Failure, _ connection: Connection
    ) throws {
        let now = self.services.clock.now
        let audit = try JobExecution.auditRow(run, reason: failure.reason, notes: [:], trace: failure.trace, at: now)
        _ = try self.query(
            ["BEGIN", JobStore.giveUp(run.id, state, failure, at: now), try audit.insert, "COMMIT"], connection)
    }

    /// Without an attempt.
    private func giveUp(
        _ run: JobRunRecord, _ state: JobRunState, _ reason: String, _ connection: Connection
    ) throws {
        let failure = JobStore.Failure(reason: reason, failures: run.failures, trace: Trace.make())
        try self.giveUp(run, state, failure, connection)
    }

    private func query(_ statements: [SQL], _ connection: Connection) throws -> [Rows] {
        connection.giveUpAt = .now + Self.patience
        return try connection.run(statements.map { PipelineItem(sql: $0, role: "") })
    }

    private func metadata(_ run: JobRunRecord) -> Logger.Metadata {
        [
            "job": .string(run.job), "run": .string(run.id.description),
            "site": .string(run.site.flatMap { self.services.directory.snapshot.sitesByID[$0]?.code } ?? ""),
        ]
    }
}
