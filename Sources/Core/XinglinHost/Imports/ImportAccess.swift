internal import XinglinKit

/// Judges who may import what at a site.
struct ImportAccess {
    private let bulk: BulkAccess

    var principal: Principal { self.bulk.principal }
    var site: Site { self.bulk.site }

    init(_ call: Call) throws {
        self.bulk = try BulkAccess(call)
    }

    init(_ services: HostServices, principal: Principal, site: Site) {
        self.bulk = BulkAccess(services, principal: principal, site: site)
    }

    /// The kinds that may be imported.
    var kinds: [ImportKind] {
        self.bulk.registry.imports.values.filter { self.bulk.isPermitted($0.access, module: $0.module) }
            .sorted { $0.name < $1.name }
    }

    /// The kind of that name, where it may be imported.
    /// - Throws: `host.invalidParams`, `host.moduleDisabled`, `host.forbidden`.
    func kind(_ name: String) throws -> ImportKind {
        guard let kind = self.bulk.registry.imports[name] else {
            let known = self.kinds.map(\.name).joined(separator: ", ")
            throw Fault.invalid(
                "/kind", expected: "a kind that imports.kinds lists: \(known)", zh: "imports.kinds 列出的种类：\(known)")
        }
        _ = try self.readable(kind)
        return kind
    }

    /// The sites whose rows an import of the kind may read.
    /// - Throws: `host.moduleDisabled`, `host.forbidden`.
    func readable(_ kind: ImportKind) throws(Fault) -> [RecordID] {
        try self.bulk.readable(kind.access, module: kind.module)
    }
}

extension ImportAccess {
    /// An import of the acting site whose kind the caller may import.
    /// - Parameter locking: keeps it from others until the call is done.
    /// - Throws: `host.notFound`, `host.moduleDisabled`, `host.forbidden`.
    func found(_ id: RecordID, _ call: Call, locking: Bool = false) throws -> (record: ImportRecord, kind: ImportKind) {
        let sql = locking ? ImportStore.lock(id, site: self.site.id) : ImportStore.get(id, site: self.site.id)
        guard let record = try ImportRecord.read(call.db.rows(sql)).first,
            let kind = self.bulk.registry.imports[record.kind]
        else { throw HostFault.notFound.fault(["importId": .string(id.description)]) }
        return (record, try self.kind(kind.name))
    }
}
