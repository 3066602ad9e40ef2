internal import XinglinKit

/// The host's side of `call.files`, for one module's code.
struct HostFiles: FileHost {
    private let context: HostCallContext
    private let module: String

    init(_ context: HostCallContext, module: String) {
        self.context = context
        self.module = module
    }

    func info(_ file: RecordID) throws -> FileInfo { try self.finished(file).file.info }

    func reference(_ reference: FileReference) throws {
        guard self.context.services.registry.methods[reference.readableBy]?.module == self.module,
            !reference.purpose.isEmpty
        else { throw ReferenceRefused(module: self.module, method: reference.readableBy) }
        // A caller attaches only what they may read themselves: otherwise a record would be a way to others' files.
        let isCalled = self.context.admission.principal != nil
        _ = try self.finished(reference.file, asModule: !isCalled)
        let now = self.context.services.clock.now
        let sites = try reference.sites.isEmpty ? [self.site] : reference.sites
        do {
            try self.asHost { database in
                try database.batch([
                    // Whoever deletes it meanwhile is waited for, and then it is not there.
                    Statement(
                        FileReferenceStore.hold(reference.file, at: now), .rows(1),
                        otherwise: FileRefusal.notFound(reference.file)),
                    Statement(FileReferenceStore.add(reference, module: self.module, sites: sites, at: now)),
                ])
            }
        } catch let error as DatabaseError where error.constraint == Self.constraint {
            throw FileRefusal.notFound(reference.file)
        }
    }

    func release(_ file: RecordID, by purpose: String, record: RecordID) throws {
        let now = self.context.services.clock.now
        try self.asHost { database in
            try database.batch([
                Statement(FileReferenceStore.remove(file, module: self.module, purpose: purpose, record: record)),
                Statement(FileReferenceStore.hold(file, at: now)),
            ])
        }
    }

    func read(_ file: RecordID, _ body: ([UInt8]) throws -> Void) throws {
        let found = try self.finished(file)
        if let basis = found.basis { self.context.recordAccess(basis: basis, subjects: [file]) }
        guard let object = found.file.object else { return }
        let content = FileContent(id: file, object: object, cipher: self.context.services.cipher)
        var offset: Int64 = 0
        while offset < found.file.bytes {
            let end = min(found.file.bytes, offset + FileContent.blockBytes)
            // The body runs the module's own statements, under its own role.
            let part = try self.asHost { try content.bytes(offset..<end, of: found.file.bytes, $0) }
            try body(part)
            offset = end
        }
    }

    func create(
        name: String, mediaType: String, basis: String?, _ body: (FileWriter) throws -> Void
    ) throws -> FileInfo {
        let services = self.context.services
        let now = services.clock.now
        self.context.willSeal()
        let composer = try FileComposer(
            services,
            .made(
                .make(at: now), site: self.site, account: self.context.admission.principal?.accountID, name: name,
                mediaType: mediaType, basis: basis, at: now)
        ) { statements in try self.asHost { try statements($0) } }
        try body(FileWriter { try composer.add($0) })
        let file = try composer.finish()
        self.context.note("fileId", .string(file.id.description))
        return file.info
    }

    /// The reference's foreign key.
    static let constraint = "file_is_referenced"

    private var site: RecordID {
        get throws {
            guard let site = self.context.admission.site else { throw HostFault.siteRequired.fault() }
            return site.id
        }
    }

    /// - Parameter asModule: whether it is enough that the module itself references the file.
    private func finished(_ id: RecordID, asModule: Bool = true) throws -> FileAccess.Found {
        let access = try FileAccess(self.context)
        let found = try self.asHost { try access.found(id, module: asModule ? self.module : nil, $0) }
        guard found.file.state == .finished else { throw FileRefusal.notFound(id) }
        return found
    }

    /// Runs statements under the host's own role; the tables of files are no module's.
    @discardableResult
    private func asHost<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let transaction = self.context.transaction
        if self.module == Registry.hostCode { return try body(Database(transaction)) }
        return try transaction.nested(role: HostServices.ownRole) { try body(Database(transaction)) }
    }
}

/// A module referenced a file on terms that nobody could meet: a fault of the program.
struct ReferenceRefused: Error, CustomStringConvertible {
    let module: String
    let method: String
    var description: String { "\(self.module) references a file for those who may use \(self.method), which it lacks" }
}
