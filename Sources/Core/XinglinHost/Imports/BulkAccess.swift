internal import XinglinKit

/// Judges who may import or export what at a site: by the kind's own roles, at the acting site, where its module is enabled.
struct BulkAccess {
    let registry: Registry
    let directory: DirectorySnapshot
    let principal: Principal
    let site: Site

    init(_ call: Call) throws {
        self.init(try call.hosted.services, principal: try call.caller, site: try call.site)
    }

    init(_ services: HostServices, principal: Principal, site: Site) {
        self.init(
            registry: services.registry, directory: services.directory.snapshot, principal: principal, site: site)
    }

    init(registry: Registry, directory: DirectorySnapshot, principal: Principal, site: Site) {
        self.registry = registry
        self.directory = directory
        self.principal = principal
        self.site = site
    }

    func isPermitted(_ access: Access, module: String) -> Bool {
        self.isEnabled(module) && !self.grants(access).isEmpty
    }

    /// The sites whose rows may be read.
    /// - Throws: `host.moduleDisabled`, `host.forbidden`.
    func readable(_ access: Access, module: String) throws(Fault) -> [RecordID] {
        guard self.isEnabled(module) else {
            throw HostFault.moduleDisabled.fault(["module": .string(module), "site": .string(self.site.code)])
        }
        let grants = self.grants(access)
        guard !grants.isEmpty else {
            var roles = Set(Role.allCases)
            if case .roles(let named) = access { roles = named }
            throw HostFault.forbidden.fault(["roles": .array(roles.sorted().map { .string($0.rawValue) })])
        }
        return self.directory.readableSites(from: self.site.id, by: grants)
    }

    private func isEnabled(_ module: String) -> Bool { self.directory.isEnabled(module, at: self.site.id) }

    private func grants(_ access: Access) -> [Grant] {
        switch access {
        case .roles(let roles): self.directory.grants(of: self.principal, for: roles, at: self.site.id)
        case .authenticated: self.principal.grants.filter { self.directory.reaches($0, self.site.id) }
        case .anonymous, .modules: []
        }
    }
}
