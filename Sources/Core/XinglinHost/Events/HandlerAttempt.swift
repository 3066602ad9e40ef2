internal import Logging
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// One event on its way through a handler, in a transaction of its own.
struct HandlerAttempt {
    /// Why it was undone.
    struct Failure {
        let reason: String
        let trace: String
    }

    private let services: HostServices
    private let handler: HandlerEntry
    private let event: StoredEvent
    private let connection: Connection
    private let isStopping: () -> Bool
    private let trace = Trace.make()

    /// A write transaction ends after this time.
    private static let patience = Duration.seconds(30)
    private static let attempts = 4

    /// - Parameter isStopping: whether the host ends, and cancels what runs here.
    init(
        _ services: HostServices, _ handler: HandlerEntry, _ event: StoredEvent, _ connection: Connection,
        isStopping: @escaping () -> Bool
    ) {
        self.isStopping = isStopping
        self.services = services
        self.handler = handler
        self.event = event
        self.connection = connection
    }

    /// - Parameter closing: what makes the event done, in the same transaction.
    /// - Returns: nil where it is done, or why it is not.
    /// - Throws: where that is the database's doing and not the handler's: the event is as before then, or done.
    func run(closing: [SQL]) throws -> Failure? {
        var attempt = 1
        while true {
            do {
                try self.once(closing)
                return nil
            } catch let error as DatabaseError where error.kind == .retry && attempt < Self.attempts {
                if error.constraint == RecordedKeys.fence { try self.services.keyWatch.refresh(self.connection) }
                attempt += 1
            } catch {
                return try self.failure(error)
            }
        }
    }

    private func once(_ closing: [SQL]) throws {
        let admission = try self.admission()
        let transaction = CallTransaction(
            self.connection,
            scope: .init(
                role: self.services.role(of: self.handler.module), site: self.event.site,
                readable: admission.readable, isReadOnly: false, deadline: .now + Self.patience), claim: nil)
        let context = HostCallContext(
            services: self.services, admission: admission, connection: RPCConnection(id: 0, peerAddress: "event"),
            transaction: transaction, trace: self.trace, now: self.services.clock.now,
            locale: self.services.settings.locale,
            frame: .init(module: self.handler.module, name: self.handler.name, effect: .write))
        do {
            try self.handler.handle(self.event.event, context.call())
            let keys = context.sealingKeys.map { RecordedKeys.mustSeal(with: $0) }
            try transaction.commit(
                closing + [AuditRow.insert(context.withCopies(self.auditRow(context.notes), noting: self.cause))] + keys
                    + context.publication)
            context.announce()
        } catch {
            // A connection that is broken has rolled back by itself, and the error tells so.
            if !self.connection.isBroken { try transaction.rollBack() }
            throw error
        }
    }

    /// There is no caller; what may be read and written is the event's site.
    private func admission() throws -> Admission {
        guard let entry = self.services.registry.methods[EventsParkedRetry.name] else {
            throw HostFault.internal.fault()
        }
        var site: Site?
        if let id = self.event.site {
            site = self.services.directory.snapshot.sitesByID[id]
            guard site != nil else { throw HostFault.siteUnknown.fault() }
        }
        return Admission(
            entry: entry, principal: nil, session: nil, certificate: nil, site: site,
            readable: site.map { [$0.id] } ?? [])
    }

    /// What its audit row says of the event.
    private var cause: [String: JSONValue] {
        [
            "event": .integer(self.event.number), "topic": .string(self.event.topic),
            "cause": .string(self.event.trace),
        ]
    }

    private func auditRow(_ notes: [String: JSONValue]) throws -> AuditRow {
        let notes = notes.merging(self.cause) { _, new in new }
        return AuditRow(
            at: self.services.clock.now, accountID: nil, siteID: self.event.site, method: self.handler.name,
            reason: nil, requestDigest: nil, notes: JSONValue.object(notes).canonicalText, trace: self.trace)
    }

    private func failure(_ error: any Error) throws -> Failure {
        if error is CallTransaction.OutcomeUnknown || self.connection.isBroken || self.isStopping() { throw error }
        if let error = error as? DatabaseError, error.kind == .unavailable || error.kind == .outcomeUnknown {
            throw error
        }
        let manifest = self.services.registry.modules[self.handler.module]?.manifest
        let (fault, isFailure) = FaultMapping.fault(error, manifest: manifest, wasCancelled: false)
        if isFailure {
            self.services.log.error(
                "a handler failed",
                metadata: [
                    "handler": .string(self.handler.name), "number": .stringConvertible(self.event.number),
                    "trace": .string(self.trace), "error": .string(PendingCall.described(error)),
                ])
        }
        return Failure(reason: fault.kind.reason, trace: self.trace)
    }
}
