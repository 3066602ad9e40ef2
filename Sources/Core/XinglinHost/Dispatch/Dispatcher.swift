internal import Logging
internal import Synchronization
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// Takes calls from the wire, judges them, hands them to a worker, and answers.
final class Dispatcher: RPCService {
    private let services: HostServices
    private let draining = Atomic(false)
    private let shares: CallShares

    init(_ services: HostServices) {
        self.services = services
        self.shares = CallShares(queue: services.settings.limits.queue)
    }

    var isDraining: Bool { self.draining.load(ordering: .relaxed) }

    /// From now on new calls are refused with `host.shuttingDown`.
    func drain() {
        self.draining.store(true, ordering: .relaxed)
    }

    func opened(_ connection: RPCConnection) {
        let certificate = connection.peerCertificate.map { PresentedCertificate(der: $0) }
        // Weak, because the connection keeps its state.
        let state = ConnectionState(certificate: certificate) { [weak connection] in connection?.identify($0) }
        connection.state.withLock { $0 = state }
        connection.identify(certificate?.isAccepted(in: self.services.directory.snapshot) == true)
    }

    func closed(_ connection: RPCConnection, wasReset: Bool) {
        if connection.isListening { self.services.feed.forget(connection) }
        guard wasReset else { return }
        connection.state.withLock { $0 as? ConnectionState }?.cancelAll()
    }

    func call(_ request: RPCRequest, on connection: RPCConnection, answer: @escaping @Sendable (RPCAnswer) -> Void) {
        let call = PendingCall(
            request: request, connection: connection, trace: Trace.make(), receivedAt: HostClock.system.now,
            beganAt: .now, locale: request.meta.locale ?? self.services.settings.locale, services: self.services,
            answer: answer)
        self.services.metrics.inFlight.wrappingAdd(1, ordering: .relaxed)
        guard !self.isDraining else { return call.refuse(HostFault.shuttingDown.fault()) }
        let state = connection.state.withLock { $0 as? ConnectionState }
        do throws(Fault) {
            let admission = try Admission.judge(
                request, session: state?.session, certificate: state?.certificate, registry: self.services.registry,
                directory: self.services.directory.snapshot, now: self.services.clock.now,
                idleMinutes: self.services.settings.session.idleMinutes)
            // A certificate may come to be known, or its account be enabled, while the connection is open.
            if admission.certificate != nil, !connection.isIdentified { connection.identify(true) }
            let deadline = try Self.deadline(call)
            if admission.entry.isInline { return call.answerInline(admission) }
            self.submit(call, admission, state, deadline)
        } catch {
            // Whose session is over, or whose certificate is not accepted any more, has no more than a stranger.
            if error.kind == HostFault.sessionExpired || CertificateRefusal(error.kind) != nil {
                connection.identify(false)
            }
            guard let row = self.auditRow(of: error, call, state) else { return call.refuse(error) }
            self.submitAudit(row, of: error, call)
        }
    }

    /// By when the call must be done, on the machine's clock.
    private static func deadline(_ call: PendingCall) throws(Fault) -> Timestamp {
        let limit = call.request.meta.deadlineMs ?? 10_000
        guard (1...60_000).contains(limit) else {
            throw Fault.invalid("/_meta/deadlineMs", expected: "an integer from 1 to 60000", zh: "1 到 60000 的整数")
        }
        return Timestamp(microseconds: call.receivedAt.microseconds + limit * 1000)
    }

    /// Takes a place in the caller's share of the queue, or refuses the call.
    private func takeShare(of call: PendingCall, _ account: RecordID?) -> CallShares.Holder? {
        let holder = account.map { CallShares.Holder.account($0) } ?? .network(call.connection.network)
        if self.shares.take(holder) { return holder }
        call.refuse(HostFault.overloaded.fault(["share": .integer(Int64(self.shares.limit(of: holder)))]))
        return nil
    }

    /// Whose turn a call takes in the queue: its site's; with passwords its source's, so that guessing from one address does
    /// not keep out who logs in from another.
    private static func turn(of call: PendingCall, _ admission: Admission) -> RecordID? {
        guard admission.entry.lane == .credential else { return admission.site?.id }
        var hasher = Hasher()
        hasher.combine(call.connection.network)
        return RecordID(high: 0, low: UInt64(bitPattern: Int64(hasher.finalize())))
    }

    private func submit(
        _ call: PendingCall, _ admission: Admission, _ state: ConnectionState?, _ deadline: Timestamp
    ) {
        guard let share = self.takeShare(of: call, admission.principal?.accountID) else { return }
        let runner = CallRunner(
            services: self.services, request: call.request, admission: admission, connection: call.connection,
            trace: call.trace, locale: call.locale, deadline: deadline)
        let number = state?.begin() ?? 0
        let job = Job(
            site: Self.turn(of: call, admission), lane: admission.entry.lane, deadline: deadline,
            run: { database, handle in
                self.services.metrics.waited(ContinuousClock.now - call.beganAt, in: admission.entry.lane)
                defer {
                    state?.finished(number)
                    self.shares.giveBack(share)
                }
                do {
                    self.give(try runner.run(database, handle), to: call, admission.site)
                } catch {
                    let manifest = self.services.registry.modules[admission.entry.module]?.manifest
                    call.fail(error, manifest, admission.site, wasCancelled: handle.isCancelled)
                }
            },
            refuse: { fault in
                state?.finished(number)
                self.shares.giveBack(share)
                call.refuse(fault)
            })
        if let handle = self.services.pool.submit(job) { state?.track(handle, number) }
    }

    /// Answers, where personal data was shown only after that is on record.
    private func give(_ answer: CallRunner.Answer, to call: PendingCall, _ site: Site?) {
        guard let access = answer.access else {
            call.succeed(answer.reply, site)
            for work in answer.after { work() }
            return
        }
        self.services.accessLog.append(access) { failure in
            if let failure {
                call.fail(failure, nil, site, wasCancelled: false)
            } else {
                call.succeed(answer.reply, site)
                for work in answer.after { work() }
            }
        }
    }

    /// The audit row of a refusal that matters: a call that is forbidden, and a certificate that is not accepted.
    private func auditRow(of fault: Fault, _ call: PendingCall, _ state: ConnectionState?) -> AuditRow? {
        let directory = self.services.directory.snapshot
        let certificate = state?.certificate?.certificate
        var notes: [String: JSONValue] = [:]
        if let refusal = CertificateRefusal(fault.kind) {
            guard state?.isNew(fault.kind) == true else { return nil }
            notes = ["certificate": .string(refusal.rawValue)]
            if let serial = certificate?.serial { notes["serial"] = .string(serial) }
        } else if fault.kind != HostFault.forbidden {
            return nil
        }
        let machine = certificate.flatMap { directory.certificates[SQLBytes($0.fingerprint)]?.accountID }
        return AuditRow(
            at: self.services.clock.now, accountID: state?.session?.accountID ?? machine,
            siteID: call.request.meta.site.flatMap { directory.sitesByCode[$0]?.id }, method: call.request.method,
            reason: fault.kind.reason, requestDigest: nil, notes: JSONValue.object(notes).canonicalText,
            trace: call.trace)
    }

    /// Keeps the audit row before the refusal is answered.
    private func submitAudit(_ row: AuditRow, of fault: Fault, _ call: PendingCall) {
        // A refusal that cannot be audited is not given.
        if self.services.databaseMode.refusesWrites { return call.refuse(DatabaseMode.readOnly) }
        guard let share = self.takeShare(of: call, row.accountID) else { return }
        let job = Job(
            site: nil, lane: .interactive, deadline: call.receivedAt.adding(seconds: 10),
            run: { database, _ in
                defer { self.shares.giveBack(share) }
                do {
                    _ = try database.query(try row.insert)
                    call.refuse(fault)
                } catch {
                    call.fail(error, nil, nil, wasCancelled: false)
                }
            },
            refuse: {
                self.shares.giveBack(share)
                call.refuse($0)
            })
        self.services.pool.submit(job)
    }
}
