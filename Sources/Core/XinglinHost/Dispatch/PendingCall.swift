internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinRPC

/// A call on its way to its answer: the one place that logs and answers it.
struct PendingCall: Sendable {
    let request: RPCRequest
    let connection: RPCConnection
    let trace: String
    let receivedAt: Timestamp
    /// The same on a clock that is never set.
    let beganAt: ContinuousClock.Instant
    let locale: Locale
    let services: HostServices
    let answer: @Sendable (RPCAnswer) -> Void

    func succeed(_ reply: [UInt8], _ site: Site?) {
        self.conclude(.done, "done", site)
        self.answer(.result(reply))
    }

    /// Answers an error, whatever it is, as a refusal.
    func fail(_ error: any Error, _ manifest: ModuleManifest?, _ site: Site?, wasCancelled: Bool) {
        let (fault, isFailure) = FaultMapping.fault(error, manifest: manifest, wasCancelled: wasCancelled)
        if isFailure {
            self.services.log.error(
                "a call failed",
                metadata: [
                    "method": .string(self.request.method), "trace": .string(self.trace),
                    "error": .string(Self.described(error)),
                ])
        }
        self.refuse(fault, site)
    }

    func refuse(_ fault: Fault, _ site: Site? = nil) {
        self.conclude(CallOutcome(fault.kind), fault.kind.reason, site)
        if fault.kind.reason == HostFault.badCredentials.reason, self.request.method == SessionLogin.name {
            self.services.metrics.count(.loginFailed)
        }
        self.answer(.error(ErrorObject.bytes(fault, locale: self.locale, trace: self.trace)))
    }

    /// Answers a method that needs neither worker nor database.
    func answerInline(_ admission: Admission) {
        do {
            let prepared = try PreparedCall(self.request, admission.entry)
            let context = InlineContext(self.services)
            let call = Call(
                principal: admission.principal, site: nil, now: self.services.clock.now, locale: self.locale,
                trace: self.trace, db: Database(context), log: self.services.log, context: context)
            self.succeed(try admission.entry.invoke(prepared.params, call), nil)
        } catch {
            self.fail(error, nil, nil, wasCancelled: false)
        }
    }

    /// Database errors are safe to log by design; of others only the type is.
    static func described(_ error: any Error) -> String {
        switch error {
        case let error as DatabaseError: "\(error): \(error.message)"
        case let error as ModuleCallRefused: error.description
        case let error as EventRefused: error.description
        default: String(describing: type(of: error))
        }
    }

    /// Counts the call, and writes its one line; of a method nobody knows not even the name, which is the client's text.
    private func conclude(_ outcome: CallOutcome, _ word: String, _ site: Site?) {
        let entry = self.services.registry.methods[self.request.method]
        let took = ContinuousClock.now - self.beganAt
        self.services.metrics.inFlight.wrappingSubtract(1, ordering: .relaxed)
        (entry?.meter ?? self.services.metrics.unknown).record(outcome, took)
        let (seconds, attoseconds) = took.components
        var metadata: Logger.Metadata = [
            "method": .string(entry?.name ?? "?"), "outcome": .string(word),
            "site": .string(site?.code ?? self.askedSite(entry) ?? ""),
            "us": .stringConvertible(seconds * 1_000_000 + attoseconds / 1_000_000_000_000),
            "trace": .string(self.trace),
        ]
        if let parent = self.request.meta.traceContext { metadata["traceparent"] = .string(parent) }
        self.services.log.info("call", metadata: metadata)
    }

    /// The site that a refused call asked to act at, where there is such a one: a code that nobody knows is the client's text.
    private func askedSite(_ entry: MethodEntry?) -> String? {
        guard entry?.scope != .host, let code = self.request.meta.site else { return nil }
        return self.services.directory.snapshot.sitesByCode[code]?.code
    }
}

/// Stands behind a call that has no transaction.
private final class InlineContext: CallContext, DatabaseSession, DiscoverySource {
    let discovery: [UInt8]

    init(_ services: HostServices) {
        self.discovery = services.discovery
    }

    func note(_ name: String, _ value: JSONValue) {}
    func recordAccess(basis: String, subjects: [RecordID]) {}
    func concern(_ site: RecordID, subjects: [RecordID]) {}

    func publish<Body: Encodable>(_ topic: EventTopic, subject: RecordID, _ body: Body) throws {
        throw EventRefused(topic: topic.name, why: "an inline method has no transaction")
    }

    func publish<Body: Encodable>(_ topic: EventTopic, at site: RecordID?, subject: RecordID, _ body: Body) throws {
        throw EventRefused(topic: topic.name, why: "an inline method has no transaction")
    }

    func seal(_ plain: [UInt8], for column: SealedColumn, row: RecordID) throws -> [UInt8] {
        throw HostFault.internal.fault()
    }

    func open(_ sealed: [UInt8], of column: SealedColumn, row: RecordID) throws -> [UInt8] {
        throw HostFault.internal.fault()
    }

    func blindIndex(_ text: String, of column: SealedColumn) throws -> [UInt8] {
        throw HostFault.internal.fault()
    }

    func callModule<Params: Encodable, Reply: Decodable>(
        _ method: String, _ params: Params, as reply: Reply.Type
    ) throws -> Reply {
        throw HostFault.internal.fault()
    }

    var fileHost: any FileHost { get throws { throw HostFault.internal.fault() } }

    func run(_ statements: [SQL]) throws -> [Rows] {
        throw DatabaseError(kind: .other, message: "an inline method has no database")
    }
}

/// Gives the reply of `rpc.discover`.
protocol DiscoverySource {
    var discovery: [UInt8] { get }
}
