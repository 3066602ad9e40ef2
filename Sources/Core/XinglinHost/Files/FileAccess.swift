internal import XinglinKit

/// Judges who may read a file: at the site it belongs to the account that brought it, and at the sites of a reference whoever
/// may use the method that the reference names. To everybody else it does not exist.
struct FileAccess {
    /// A file that may be read.
    struct Found {
        let file: FileRecord
        let references: [FileReferenceStore.Row]

        /// The basis under which a read is audited; nil where the content is no personal data as far as is known.
        var basis: String? { self.file.basis ?? self.references.lazy.compactMap(\.basis).first }
    }

    private let registry: Registry
    private let directory: DirectorySnapshot
    private let principal: Principal?
    let site: Site

    init(_ call: Call) throws {
        try self.init(call.hosted)
    }

    init(_ context: HostCallContext) throws {
        guard let site = context.admission.site else { throw HostFault.siteRequired.fault() }
        self.registry = context.services.registry
        self.directory = context.services.directory.snapshot
        self.principal = context.admission.principal
        self.site = site
    }

    /// - Parameter module: a module that asks for itself: it may read what it references.
    /// - Throws: `host.notFound`.
    func found(_ id: RecordID, module: String? = nil, _ database: Database) throws -> Found {
        guard let file = try FileRecord.read(database.rows(FileStore.get(id))).first else {
            throw FileRefusal.notFound(id)
        }
        let references = try FileReferenceStore.read(database.rows(FileReferenceStore.of([id])))
        let here = references.filter { $0.site == self.site.id }
        let mayRead = self.isOwn(file) || here.contains { $0.module == module || self.isPermitted($0) }
        guard mayRead else { throw FileRefusal.notFound(id) }
        return Found(file: file, references: references)
    }

    func isOwn(_ file: FileRecord) -> Bool {
        file.site == self.site.id && file.account != nil && file.account == self.principal?.accountID
    }

    private func isPermitted(_ reference: FileReferenceStore.Row) -> Bool {
        guard let principal = self.principal, let entry = self.registry.methods[reference.readableBy],
            entry.module == reference.module
        else { return false }
        let bulk = BulkAccess(
            registry: self.registry, directory: self.directory, principal: principal, site: self.site)
        return bulk.isPermitted(entry.access, module: entry.module)
    }
}
