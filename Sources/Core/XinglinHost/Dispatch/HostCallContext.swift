internal import Synchronization
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinRPC

/// The host's side of one call: what the method notes for the audit, what follows the commit, calls to other modules.
final class HostCallContext: CallContext {
    /// Whose code runs: a method, or a module's import.
    struct Frame {
        let module: String
        let name: String
        let effect: Effect
    }

    let services: HostServices
    let admission: Admission
    let connection: RPCConnection
    let transaction: CallTransaction
    let trace: String
    let now: Timestamp
    private let locale: Locale
    private var path: [Frame]
    /// What was published and not rolled back.
    private(set) var events: [PublishedEvent] = []
    /// Whose code runs now.
    var frame: Frame? { self.path.last }

    private(set) var notes: [String: JSONValue] = [:]
    /// The account that the audit row names where the call itself has none: a login.
    var auditedAccount: RecordID?
    /// Whether the directory must be read anew before the reply.
    var changesDirectory = false
    private(set) var afterCommit: [() -> Void] = []
    private var subjectCount = 0
    private static let subjectsKept = 100

    init(
        services: HostServices, admission: Admission, connection: RPCConnection, transaction: CallTransaction,
        trace: String, now: Timestamp, locale: Locale, frame: Frame? = nil
    ) {
        self.services = services
        self.admission = admission
        self.connection = connection
        self.transaction = transaction
        self.trace = trace
        self.now = now
        self.locale = locale
        self.path = [frame ?? Frame(admission.entry)]
    }

    /// The connection's session and calls.
    var state: ConnectionState? { self.connection.state.withLock { $0 as? ConnectionState } }

    func note(_ name: String, _ value: JSONValue) {
        self.notes[name] = value
    }

    /// Whether this read showed personal data, which must be audited before it is answered.
    private(set) var showsPersonalData = false

    /// The other sites whose audit has a row of the call.
    var concernedSites: [RecordID] { self.concerned.map(\.site) }
    /// The same with whose data it concerns there.
    private var concerned: [(site: RecordID, subjects: [RecordID])] = []

    func concern(_ site: RecordID, subjects: [RecordID]) {
        guard site != self.admission.site?.id else { return }
        let place = self.concerned.firstIndex { $0.site == site } ?? self.concerned.endIndex
        if place == self.concerned.endIndex { self.concerned.append((site, [])) }
        for subject in subjects where !self.concerned[place].subjects.contains(subject) {
            self.concerned[place].subjects.append(subject)
        }
    }

    /// A row with its copies for the audit of the other sites.
    /// - Parameter more: what the row notes beside the call's own notes.
    func withCopies(_ row: AuditRow, noting more: [String: JSONValue]) -> [AuditRow] {
        [row]
            + self.concerned.map { site, subjects in
                var notes = self.notes.merging(more) { _, new in new }
                let shown = subjects.prefix(Self.subjectsKept).map { JSONValue.string($0.description) }
                notes["subjects"] = shown.isEmpty ? nil : .array(Array(shown))
                notes["subjectCount"] = subjects.count > Self.subjectsKept ? .integer(Int64(subjects.count)) : nil
                return row.at(site, notes: JSONValue.object(notes).canonicalText)
            }
    }

    func recordAccess(basis: String, subjects: [RecordID]) {
        self.showsPersonalData = true
        self.notes["basis"] = .string(basis)
        // Of a call through several modules every subject counts.
        let before = self.notes["subjects"]?.arrayValue ?? []
        let all = before + subjects.map { JSONValue.string($0.description) }
        self.notes["subjects"] = .array(Array(all.prefix(Self.subjectsKept)))
        self.subjectCount += subjects.count
        if self.subjectCount > Self.subjectsKept { self.notes["subjectCount"] = .integer(Int64(self.subjectCount)) }
    }

    /// The keys that values of this call were sealed with: the database must agree that they are the current one.
    private(set) var sealingKeys: Set<UInt32> = []

    /// Says that the host itself seals something in this call.
    func willSeal() {
        self.sealingKeys.insert(self.services.keyWatch.live.ring.currentID)
    }

    func seal(_ plain: [UInt8], for column: SealedColumn, row: RecordID) throws -> [UInt8] {
        let sealed = try self.services.cipher.seal(plain, context: column.context(module: self.module, row: row))
        if let key = FieldCipher.keyID(of: sealed) { self.sealingKeys.insert(key) }
        return sealed
    }

    func open(_ sealed: [UInt8], of column: SealedColumn, row: RecordID) throws -> [UInt8] {
        try self.services.cipher.open(sealed, context: column.context(module: self.module, row: row))
    }

    func blindIndex(_ text: String, of column: SealedColumn) throws -> [UInt8] {
        try self.services.cipher.blindIndex(text, context: column.indexContext(module: self.module))
    }

    var fileHost: any FileHost { HostFiles(self, module: self.module) }

    /// The module whose code runs now.
    private var module: String { self.path.last?.module ?? Registry.hostCode }

    func onCommit(_ work: @escaping () -> Void) {
        self.afterCommit.append(work)
    }

    /// What runs once the answer has been given.
    private(set) var afterAnswer: [@Sendable () -> Void] = []

    func onAnswer(_ work: @escaping @Sendable () -> Void) {
        self.afterAnswer.append(work)
    }

    func add(_ event: PublishedEvent) {
        self.events.append(event)
    }

    /// The call as the method sees it.
    func call() -> Call {
        var log = self.services.log
        log[metadataKey: "trace"] = .string(self.trace)
        return Call(
            principal: self.admission.principal, site: self.admission.site, now: self.now, locale: self.locale,
            trace: self.trace, db: Database(self.transaction), log: log, context: self)
    }

    func callModule<Params: Encodable, Reply: Decodable>(
        _ method: String, _ params: Params, as reply: Reply.Type
    ) throws -> Reply {
        guard let caller = self.path.last, let entry = self.services.registry.methods[method] else {
            throw HostFault.methodNotFound.fault(["method": .string(method)])
        }
        try self.check(entry, calledBy: caller)
        let tree = try JSONCodec.tree(of: params)
        if let violation = entry.params.violations(in: tree).first {
            throw HostFault.invalidParams.fault([violation.json])
        }
        self.path.append(Frame(entry))
        defer { self.path.removeLast() }
        self.note("calls", .array(self.calls + [.string(self.path.map(\.name).joined(separator: ">"))]))
        let role = self.services.role(of: entry.module)
        let notesBefore = self.notes
        let eventsBefore = self.events.count
        let bytes: [UInt8]
        do {
            bytes = try self.transaction.nested(role: role) { try entry.invoke(tree, self.call()) }
        } catch let error as DatabaseError where error.kind == .constraint {
            // To the caller a violated constraint is the other module's refusal.
            self.notes = notesBefore
            self.events.removeLast(self.events.count - eventsBefore)
            let manifest = self.services.registry.modules[entry.module]?.manifest
            throw FaultMapping.fault(error, manifest: manifest, wasCancelled: false).fault
        } catch {
            // What was rolled back must not stand in the audit, and has not happened.
            self.notes = notesBefore
            self.events.removeLast(self.events.count - eventsBefore)
            throw error
        }
        return try JSONCodec.decode(Reply.self, from: try JSONReader.parse(bytes))
    }

    /// Lets a module's import judge lines: under its role, with what its own grants may read, and changing nothing.
    func judging<Value>(_ kind: ImportKind, readable: [RecordID], _ body: (Call) throws -> Value) throws -> Value {
        let notesBefore = self.notes
        self.path.append(Frame(module: kind.module, name: kind.name, effect: .read))
        defer {
            self.path.removeLast()
            self.notes = notesBefore
        }
        return try self.transaction.looking(role: self.services.role(of: kind.module), readable: readable) {
            try body(self.call())
        }
    }

    private var calls: [JSONValue] { self.notes["calls"]?.arrayValue ?? [] }

    /// A module may call what its manifest's `uses` names, where that module is enabled; a read never calls a write.
    private func check(_ entry: MethodEntry, calledBy caller: Frame) throws {
        let uses = self.services.registry.modules[caller.module]?.manifest?.uses ?? []
        guard uses.contains(entry.name), self.path.count < 8, caller.effect == .write || entry.effect == .read else {
            throw ModuleCallRefused(caller: caller.name, callee: entry.name)
        }
        if let site = self.admission.site, !self.services.directory.snapshot.isEnabled(entry.module, at: site.id) {
            throw HostFault.moduleDisabled.fault(["module": .string(entry.module), "site": .string(site.code)])
        }
    }
}

extension HostCallContext.Frame {
    init(_ entry: MethodEntry) {
        self.init(module: entry.module, name: entry.name, effect: entry.effect)
    }
}

/// A module called what it may not: a fault of the program, not of the caller.
struct ModuleCallRefused: Error, CustomStringConvertible {
    let caller: String
    let callee: String
    var description: String {
        "\(self.caller) may not call \(self.callee): the manifest's uses do not name it, or a read calls a write"
    }
}

extension HostServices {
    /// The database role that a module's statements run under; the host's own run as its login.
    func role(of module: String) -> String {
        module == Registry.hostCode ? Self.ownRole : "\(self.settings.database.rolePrefix)_\(module)"
    }
}

extension Call {
    /// The host's side, for the host's own methods.
    var hosted: HostCallContext {
        get throws {
            guard let context = self.context as? HostCallContext else { throw HostFault.internal.fault() }
            return context
        }
    }
}
