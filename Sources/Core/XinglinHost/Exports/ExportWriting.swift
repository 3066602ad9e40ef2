internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// One export on its way into its file. The module reads in one transaction that changes nothing; the file is written in short
/// ones beside it, so that nothing waits for a long export.
struct ExportWriting {
    let services: HostServices
    let record: ExportRecord
    let kind: ExportKind
    private let connection: Connection
    private let trace = Trace.make()

    private static let wholePatience = Duration.seconds(4 * 3600)
    private static let partPatience = Duration.seconds(60)

    /// - Throws: `host.notFound` where the module no longer has the kind.
    init(_ services: HostServices, _ record: ExportRecord, _ connection: Connection) throws {
        guard let kind = services.registry.exports[record.kind] else { throw HostFault.notFound.fault() }
        self.services = services
        self.record = record
        self.kind = kind
        self.connection = connection
    }

    func run() throws {
        let admission = try self.admission()
        let beside = try Connection(
            self.services.conninfo, applicationName: "xinglin exports file", lockTimeout: "10s",
            idleInTransaction: "10min")
        try self.inTransaction(beside) { try $0.execute(ExportStore.deleteFile(of: self.record.id)) }
        let reading = self.reading(admission)
        let context = HostCallContext(
            services: self.services, admission: admission, connection: RPCConnection(id: 0, peerAddress: "export"),
            transaction: reading, trace: self.trace, now: self.services.clock.now, locale: self.record.locale,
            frame: .init(module: self.kind.module, name: self.kind.name, effect: .read))
        let outcome = Result {
            try reading.looking(role: self.services.role(of: self.kind.module), readable: admission.readable) {
                try self.write(context, beside)
            }
        }
        do {
            try reading.rollBack()
        } catch {
            // The connection is gone, and the transaction with it; the outcome tells more.
            self.services.log.debug("a rollback found no connection", metadata: ["trace": .string(self.trace)])
        }
        try outcome.get()
    }

    private func write(_ context: HostCallContext, _ beside: Connection) throws {
        let now = self.services.clock.now
        let file = FileRecord.made(
            .make(at: now), site: self.record.site, account: self.record.account,
            name: "\(self.kind.name)-\(now.localDate).csv", mediaType: "text/csv; charset=utf-8",
            basis: self.kind.basis, at: now)
        let composer = try FileComposer(self.services, file) { statements in
            try self.inTransaction(beside, statements)
        }
        try self.inTransaction(beside) {
            try $0.execute(ExportStore.writes(self.record.id, into: file.id), expecting: .rows(1))
        }
        try composer.add(Array((CSVText.byteOrderMark + CSVText.line(self.kind.header(self.record.locale))).utf8))
        let params = try self.record.tree
        let call = context.call()
        var lines = 0
        var last: [String]?
        repeat {
            try self.checkStop()
            let page = try self.kind.work.page(after: last, params: params, call)
            guard page.lines.allSatisfy({ $0.count == self.kind.columns.count }), page.next == nil || page.next != last
            else { throw PageMalformed(kind: self.kind.name) }
            if let basis = self.kind.basis { context.recordAccess(basis: basis, subjects: page.subjects) }
            try composer.add(Array(page.lines.map { CSVText.line($0) }.joined().utf8))
            lines += page.lines.count
            last = page.next
            try self.inTransaction(beside) { try $0.execute(ExportStore.reached(self.record.id, lines: lines)) }
        } while last != nil
        try self.finish(composer, context, lines)
    }

    private func finish(_ composer: FileComposer, _ context: HostCallContext, _ lines: Int) throws {
        let now = self.services.clock.now
        let made = try composer.finish { database, file in
            var notes = context.notes
            notes["exportId"] = .string(self.record.id.description)
            notes["kind"] = .string(self.kind.name)
            notes["lines"] = .integer(Int64(lines))
            notes["fileId"] = .string(file.id.description)
            notes["sm3"] = .string(file.sm3)
            let audit = AuditRow(
                at: now, accountID: self.record.account, siteID: self.record.site, method: ExportsBegin.name,
                reason: nil, requestDigest: nil, notes: JSONValue.object(notes).canonicalText, trace: self.trace)
            try database.batch([
                Statement(ExportStore.done(self.record.id, lines: lines, at: now), .rows(1)),
                Statement(try audit.insert),
            ])
        }
        self.services.log.info(
            "an export was written",
            metadata: [
                "export": .string(self.record.id.description), "kind": .string(self.kind.name),
                "file": .string(made.id.description),
            ])
    }
}

// MARK: - Transactions

extension ExportWriting {
    /// - Throws: `host.forbidden`, `host.moduleDisabled`, where the account may not, or no longer.
    private func admission() throws -> Admission {
        let directory = self.services.directory.snapshot
        guard let entry = self.services.registry.methods[ExportsBegin.name],
            let site = directory.sitesByID[self.record.site], let account = directory.accounts[self.record.account],
            !account.isDisabled
        else { throw HostFault.forbidden.fault() }
        let access = ExportAccess(self.services, principal: account.principal, site: site)
        return Admission(
            entry: entry, principal: account.principal, session: nil, certificate: nil, site: site,
            readable: try access.readable(self.kind))
    }

    private func reading(_ admission: Admission) -> CallTransaction {
        CallTransaction(
            self.connection,
            scope: .init(
                role: self.services.role(of: self.kind.module), site: self.record.site, readable: admission.readable,
                isReadOnly: true, deadline: .now + Self.wholePatience), claim: nil)
    }

    /// Runs the host's own statements in a transaction of their own, sealed with the key that the database names.
    private func inTransaction(_ connection: Connection, _ body: (Database) throws -> Void) throws {
        let transaction = CallTransaction(
            connection,
            scope: .init(
                role: HostServices.ownRole, site: nil, readable: [], isReadOnly: false,
                deadline: .now + Self.partPatience), claim: nil)
        do {
            let key = self.services.keyWatch.live.ring.currentID
            try body(Database(transaction))
            try transaction.commit([RecordedKeys.mustSeal(with: key)])
        } catch let error {
            if !connection.isBroken { try transaction.rollBack() }
            throw error
        }
    }

    private func checkStop() throws {
        if self.services.exportWorker.isStopping {
            throw DatabaseError(kind: .unavailable, message: "the host is stopping")
        }
    }
}

/// A module gave lines that do not fit its columns, or the same page twice: a fault of the program.
struct PageMalformed: Error, CustomStringConvertible {
    let kind: String
    var description: String { "a page of \(self.kind) does not fit its columns, or does not go on" }
}
