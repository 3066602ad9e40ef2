internal import Glibc
internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Runs one admitted call on a worker: params, method, transaction, reply.
struct CallRunner: Sendable {
    let services: HostServices
    let request: RPCRequest
    let admission: Admission
    let connection: RPCConnection
    let trace: String
    let locale: Locale
    /// On the machine's clock, whatever clock the methods see.
    let deadline: Timestamp

    private static let attempts = 4
    /// Write transactions end after this time whatever their deadline: the sealer waits for the oldest of them.
    private static let longestWriteMilliseconds: Int64 = 30_000

    /// A call that was done.
    struct Answer {
        let reply: [UInt8]
        /// The audit of a read that shows personal data; it must be durable before the reply is given.
        var access: AuditRow?
        /// What follows the answer.
        var after: [@Sendable () -> Void] = []
    }

    /// Does the call.
    func run(_ database: Connection, _ handle: JobHandle) throws -> Answer {
        let prepared = try PreparedCall(self.request, self.admission.entry)
        if self.admission.entry.effect == .write { try self.services.databaseMode.requireWrites() }
        try self.services.directory.requireFresh(database)
        // What is not a transaction's own, such as a stored reply, is not waited for beyond the deadline either.
        database.giveUpAt = .now + .milliseconds(max(0, self.millisecondsLeft)) + CallTransaction.grace
        let record = try self.idempotency(prepared)
        var attempt = 1
        while true {
            do {
                return try self.attempt(database, handle, prepared, record)
            } catch let error as DatabaseError where error.kind == .retry && attempt < Self.attempts {
                // Serialisation failures and deadlocks: the whole transaction again, a little apart from its rivals.
                if error.constraint == RecordedKeys.fence { try self.services.keyWatch.refresh(database) }
                self.services.metrics.count(.retried)
                usleep(UInt32.random(in: 500...4_000) * UInt32(attempt))
                attempt += 1
            } catch is CallTransaction.KeyUsed {
                if let record, let reply = try record.storedReply(database, self.services.cipher) {
                    self.services.metrics.count(.replayed)
                    try database.makeDurable()
                    return Answer(reply: reply)
                }
                guard attempt < Self.attempts else { throw HostFault.busy.fault() }
                attempt += 1
            }
        }
    }

    private func attempt(
        _ database: Connection, _ handle: JobHandle, _ prepared: PreparedCall, _ record: IdempotencyRecord?
    ) throws -> Answer {
        let entry = self.admission.entry
        let transaction = CallTransaction(database, scope: try self.scope(), claim: record?.claim)
        let context = HostCallContext(
            services: self.services, admission: self.admission, connection: self.connection, transaction: transaction,
            trace: self.trace, now: self.services.clock.now, locale: self.locale)
        do {
            let reply = try entry.invoke(prepared.params, context.call())
            // Judged before the COMMIT: a call that is answered as refused has changed nothing.
            guard reply.count <= self.request.resultBytes else { throw HostFault.replyTooLarge.fault() }
            if entry.effect == .write {
                try self.commit(transaction, context, prepared, record, reply, handle)
            } else {
                try transaction.rollBack()
            }
            self.conclude(context, database)
            let isShown = entry.effect == .read && context.showsPersonalData
            return Answer(
                reply: reply, access: isShown ? try self.auditRow(context, prepared, reason: nil) : nil,
                after: context.afterAnswer)
        } catch let outcome as OutcomeUndecided {
            throw outcome.fault(hasKey: record != nil)
        } catch {
            // From here on no cancel is sent, so that none hits the audit of the refusal.
            _ = handle.beginCommit()
            try self.refuse(error, transaction, context, prepared)
            throw error
        }
    }

    /// What follows a commit. Nothing here may fail the call: its work stands.
    private func conclude(_ context: HostCallContext, _ database: Connection) {
        if context.changesDirectory {
            do {
                try self.services.directory.reload(database)
            } catch {
                // The watcher was notified by the commit, and asks every few seconds besides.
                self.services.log.warning(
                    "the directory was not re-read after a change", metadata: ["trace": .string(self.trace)])
            }
        }
        context.announce()
        for work in context.afterCommit { work() }
    }

    /// Rolls back, auditing a refusal that matters before it is answered.
    private func refuse(
        _ error: any Error, _ transaction: CallTransaction, _ context: HostCallContext, _ prepared: PreparedCall
    ) throws {
        let audit = try self.audit(of: error, context, prepared)
        do {
            try transaction.rollBack(then: audit.map { [$0] } ?? [])
        } catch let failure {
            // A refusal that cannot be audited is not given; a broken connection is its own answer.
            if audit != nil { throw failure }
        }
    }
}

// MARK: - The end of a write

extension CallRunner {
    private func commit(
        _ transaction: CallTransaction, _ context: HostCallContext, _ prepared: PreparedCall,
        _ record: IdempotencyRecord?, _ reply: [UInt8], _ handle: JobHandle
    ) throws {
        let row = try self.auditRow(context, prepared, reason: nil)
        var closing = [
            context.concernedSites.isEmpty
                ? try row.insert : try AuditRow.insert(context.withCopies(row, noting: self.furtherNotes))
        ]
        var keys = context.sealingKeys
        if let record {
            let sealed = try record.seal(try self.storable(reply), self.services.cipher)
            if let key = FieldCipher.keyID(of: sealed.bytes) {
                closing.append(record.store(sealed, key: key))
                keys.remove(key)
            }
        }
        closing += keys.map { RecordedKeys.mustSeal(with: $0) }
        closing += context.publication
        guard handle.beginCommit() else { throw HostFault.unavailable.fault() }
        do {
            try transaction.commit(closing)
        } catch let unknown as CallTransaction.OutcomeUnknown {
            let resolver = OutcomeResolver(conninfo: self.services.conninfo, log: self.services.log)
            let metrics = self.services.metrics
            switch resolver.outcome(of: self.trace, session: unknown.session) {
            case .committed: metrics.count(.unknownCommitted)
            case .notCommitted:
                metrics.count(.unknownNotCommitted)
                throw HostFault.unavailable.fault()
            case .undecided:
                metrics.count(.unknownUndecided)
                throw OutcomeUndecided()
            }
        }
    }

    /// The reply as it may be stored: without its secrets.
    private func storable(_ reply: [UInt8]) throws -> [UInt8] {
        let secrets = self.admission.entry.secretReplyMembers
        if secrets.isEmpty { return reply }
        guard case .object(var members) = try JSONReader.parse(reply) else { return reply }
        for secret in secrets { members[secret] = nil }
        return Array(JSONValue.object(members).canonicalText.utf8)
    }

    private var furtherNotes: [String: JSONValue] {
        self.request.meta.traceparent.map { ["traceparent": .string($0)] } ?? [:]
    }

    private func auditRow(_ context: HostCallContext, _ prepared: PreparedCall, reason: String?) throws -> AuditRow {
        let notes = context.notes.merging(self.furtherNotes) { _, new in new }
        // A request with a password in it leaves no digest behind.
        let isSecret = self.admission.entry.lane == .credential
        return AuditRow(
            at: self.services.clock.now, accountID: self.admission.principal?.accountID ?? context.auditedAccount,
            siteID: self.admission.site?.id, method: self.request.method, reason: reason,
            requestDigest: isSecret
                ? nil : SQLBytes(try self.services.cipher.blindIndex(prepared.canonicalText, context: "audit")),
            notes: JSONValue.object(notes).canonicalText, trace: self.trace)
    }

    /// The audit row of a refusal that matters: a write that the domain or the host's own methods refused.
    private func audit(of error: any Error, _ context: HostCallContext, _ prepared: PreparedCall) throws -> SQL? {
        let manifest = self.services.registry.modules[self.admission.entry.module]?.manifest
        let fault = FaultMapping.fault(error, manifest: manifest, wasCancelled: false).fault
        guard self.admission.entry.effect == .write,
            fault.kind.code > 0 || fault.kind.code == -32001 || fault.kind.code == -32002 || fault.kind.code == -32010
        else { return nil }
        return try self.auditRow(context, prepared, reason: fault.kind.reason).insert
    }
}

// MARK: - Before and after

extension CallRunner {
    private func idempotency(_ prepared: PreparedCall) throws -> IdempotencyRecord? {
        guard self.admission.entry.effect == .write, let key = self.request.meta.idempotencyKey,
            let principal = self.admission.principal
        else { return nil }
        return try IdempotencyRecord(
            principal: principal.accountID, site: self.admission.site?.id, key: key, method: self.request.method,
            canonicalParams: prepared.canonicalText, now: self.services.clock.now)
    }

    private var millisecondsLeft: Int64 {
        (self.deadline.microseconds - HostClock.system.now.microseconds) / 1000
    }

    private func scope() throws -> CallTransaction.Scope {
        let left = self.millisecondsLeft
        guard left > 0 else { throw HostFault.deadline.fault() }
        let entry = self.admission.entry
        return CallTransaction.Scope(
            role: self.services.role(of: entry.module), site: self.admission.site?.id,
            readable: self.admission.readable,
            isReadOnly: entry.effect == .read,
            deadline: .now + .milliseconds(entry.effect == .write ? min(left, Self.longestWriteMilliseconds) : left))
    }
}
