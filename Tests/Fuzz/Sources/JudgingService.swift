internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres
@testable import XinglinHost
@testable import XinglinRPC

/// A service that judges every call as the dispatcher does — method, session, site, module, role, deadline, params against the
/// schema, params as their type — and runs the method up to its first word to the database, which is not there.
final class JudgingService: RPCService {
    let registry: Registry
    private let directory: DirectorySnapshot
    private let session: Session
    private let discovery: [UInt8]
    /// How often each reason was given, `done` for a result.
    let outcomes = Mutex<[String: Int]>([:])
    static let now = Timestamp(microseconds: 1_795_000_000_000_000)

    init(_ registry: Registry) throws {
        self.registry = registry
        self.discovery = Array(try OpenRPCDocument(registry).json(withExamples: false).canonicalText.utf8)
        func id(_ number: UInt64) -> RecordID {
            RecordID(high: 0x0198_F3A2_0000_7000, low: 0x8000_0000_0000_0000 + number)
        }
        let county = Site(id: id(1), code: "county", nameZh: "测试县卫生健康局", kind: .bureau, parentID: nil)
        let township = Site(id: id(2), code: "t1", nameZh: "一号镇卫生院", kind: .townshipCentre, parentID: id(1))
        let principal = Principal(
            accountID: id(3), account: "everything", staffID: nil,
            grants: Role.allCases.map { Grant(role: $0, siteID: nil, reach: .subtree) })
        self.directory = DirectorySnapshot(
            sites: [county, township],
            accounts: [
                .init(principal: principal, epoch: 1, isDisabled: false, mustChangePassword: false, isMachine: false)
            ],
            enabled: Dictionary(
                uniqueKeysWithValues: registry.runningModules.map { ($0.code, [id(2): Self.now]) }))
        self.session = Session(
            tokenDigest: SQLBytes([1]), accountID: id(3), epoch: 1, expiresAt: Self.now.adding(seconds: 3600),
            lastUsed: Self.now)
    }

    func opened(_ connection: RPCConnection) {}
    func closed(_ connection: RPCConnection, wasReset: Bool) {}

    /// Connections of an odd number have a session of an account that may do everything.
    func call(_ request: RPCRequest, on connection: RPCConnection, answer: @escaping @Sendable (RPCAnswer) -> Void) {
        do {
            let admission = try Admission.judge(
                request, session: connection.id % 2 == 1 ? self.session : nil, registry: self.registry,
                directory: self.directory, now: Self.now, idleMinutes: 30)
            guard (1...60_000).contains(request.meta.deadlineMs ?? 1) else {
                throw Fault.invalid("/_meta/deadlineMs", expected: "an integer from 1 to 60000", zh: "1 到 60000 的整数")
            }
            let prepared = try PreparedCall(request, admission.entry)
            let reply = try admission.entry.invoke(prepared.params, self.context(request, admission))
            guard reply.count <= request.resultBytes else { throw HostFault.replyTooLarge.fault() }
            self.count("done")
            answer(.result(reply))
        } catch {
            let manifest = self.registry.methods[request.method].flatMap { self.registry.modules[$0.module]?.manifest }
            var fault = FaultMapping.fault(error, manifest: manifest, wasCancelled: false).fault
            // Most of the host's own methods ask for the inside of a whole host first, which is not here either.
            if error as? Fault == HostFault.internal.fault(), request.method.isOfTheHost(in: self.registry) {
                fault = HostFault.unavailable.fault()
            }
            expect(fault.kind != HostFault.internal, "\(request.method) fails with \(String(reflecting: error))")
            self.count(fault.kind.reason)
            answer(.error(ErrorObject.bytes(fault, locale: request.meta.locale ?? .zh, trace: Trace.make())))
        }
    }

    private func count(_ outcome: String) {
        self.outcomes.withLock { $0[outcome, default: 0] += 1 }
    }

    private func context(_ request: RPCRequest, _ admission: Admission) -> Call {
        let nothing = NoDatabase(discovery: self.discovery)
        return Call(
            principal: admission.principal, site: admission.site, now: Self.now, locale: request.meta.locale ?? .zh,
            trace: Trace.make(), db: Database(nothing), log: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            context: nothing)
    }
}

/// Where the database would be.
private final class NoDatabase: CallContext, DatabaseSession, DiscoverySource {
    let discovery: [UInt8]

    init(discovery: [UInt8]) {
        self.discovery = discovery
    }

    private func absent() -> DatabaseError { DatabaseError(kind: .unavailable, message: "there is no database") }
    func note(_ name: String, _ value: JSONValue) {}
    func publish<Body: Encodable>(_ topic: EventTopic, subject: RecordID, _ body: Body) throws {}
    func publish<Body: Encodable>(_ topic: EventTopic, at site: RecordID?, subject: RecordID, _ body: Body) throws {}
    func concern(_ site: RecordID, subjects: [RecordID]) {}
    var fileHost: any FileHost { get throws { throw self.absent() } }
    func recordAccess(basis: String, subjects: [RecordID]) {}
    func seal(_ plain: [UInt8], for column: SealedColumn, row: RecordID) throws -> [UInt8] { plain }
    func open(_ sealed: [UInt8], of column: SealedColumn, row: RecordID) throws -> [UInt8] { throw self.absent() }
    func blindIndex(_ text: String, of column: SealedColumn) throws -> [UInt8] { Array(text.utf8) }
    func callModule<Params: Encodable, Reply: Decodable>(
        _ method: String, _ params: Params, as reply: Reply.Type
    ) throws -> Reply { throw self.absent() }
    func run(_ statements: [SQL]) throws -> [Rows] { throw self.absent() }
}

extension String {
    fileprivate func isOfTheHost(in registry: Registry) -> Bool { registry.methods[self]?.module == Registry.hostCode }
}
