internal import XinglinKit

/// Judges who may import what at a site: by the kind's own roles, at the acting site, where its module is enabled.
struct ImportAccess {
    let registry: Registry
    let directory: DirectorySnapshot
    let principal: Principal
    let site: Site

    init(_ call: Call) throws {
        let services = try call.hosted.services
        self.init(services, principal: try call.caller, site: try call.site)
    }

    init(_ services: HostServices, principal: Principal, site: Site) {
        self.registry = services.registry
        self.directory = services.directory.snapshot
        self.principal = principal
        self.site = site
    }

    /// The kinds that may be imported.
    var kinds: [ImportKind] {
        self.registry.imports.values.filter { self.isEnabled($0) && !self.grants($0).isEmpty }
            .sorted { $0.name < $1.name }
    }

    /// The kind of that name, where it may be imported.
    /// - Throws: `host.invalidParams`, `host.moduleDisabled`, `host.forbidden`.
    func kind(_ name: String) throws -> ImportKind {
        guard let kind = self.registry.imports[name] else {
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
        guard self.isEnabled(kind) else {
            throw HostFault.moduleDisabled.fault(["module": .string(kind.module), "site": .string(self.site.code)])
        }
        let grants = self.grants(kind)
        guard !grants.isEmpty else {
            var roles = Set(Role.allCases)
            if case .roles(let named) = kind.access { roles = named }
            throw HostFault.forbidden.fault(["roles": .array(roles.sorted().map { .string($0.rawValue) })])
        }
        return self.directory.readableSites(from: self.site.id, by: grants)
    }

    private func isEnabled(_ kind: ImportKind) -> Bool { self.directory.isEnabled(kind.module, at: self.site.id) }

    private func grants(_ kind: ImportKind) -> [Grant] {
        switch kind.access {
        case .roles(let roles): self.directory.grants(of: self.principal, for: roles, at: self.site.id)
        case .authenticated: self.principal.grants.filter { self.directory.reaches($0, self.site.id) }
        case .anonymous, .modules: []
        }
    }
}

extension ImportAccess {
    /// An import of the acting site whose kind the caller may import.
    /// - Parameter locking: keeps it from others until the call is done.
    /// - Throws: `host.notFound`, `host.moduleDisabled`, `host.forbidden`.
    func found(_ id: RecordID, _ call: Call, locking: Bool = false) throws -> (record: ImportRecord, kind: ImportKind) {
        let sql = locking ? ImportStore.lock(id, site: self.site.id) : ImportStore.get(id, site: self.site.id)
        guard let record = try ImportRecord.read(call.db.rows(sql)).first,
            let kind = self.registry.imports[record.kind]
        else { throw HostFault.notFound.fault(["importId": .string(id.description)]) }
        return (record, try self.kind(kind.name))
    }
}
