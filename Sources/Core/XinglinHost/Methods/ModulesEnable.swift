internal import XinglinKit

/// A module and a site on the wire.
struct ModuleSite: Codable, Sendable {
    var module: String
    var site: String

    static let schema = Schema.object(
        .required("module", .code(1...32), "The module's code."),
        .required("site", .code(1...32), "The site's code.")
    )
    static let example = ModuleSite(module: "decoction", site: "t1")
}

/// `modules.enable`: the site may call the module's methods from now on.
struct ModulesEnable: RPCMethod {
    static let name = "modules.enable"
    static let summary = "Enables a module at a site, live. What the site recorded before is shown again."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = ModuleSite.schema
    static let reply = ModuleSite.schema
    static let examples = Examples<ModuleSite, ModuleSite>(full: (.example, .example), minimal: (.example, .example))

    func handle(_ params: ModuleSite, _ call: Call) throws -> ModuleSite {
        let services = try call.hosted.services
        let site = try Administration(call).site(params.site)
        guard let module = services.registry.modules[params.module] else {
            throw HostFault.notFound.fault(["module": .string(params.module)])
        }
        guard let manifest = module.manifest else {
            throw HostFault.moduleQuarantined.fault(["module": .string(params.module)])
        }
        let directory = services.directory.snapshot
        let missing = manifest.needs.filter { !directory.isEnabled($0, at: site.id) }
        guard missing.isEmpty else {
            throw HostFault.conflict.fault(["needs": .array(missing.map { .string($0) })])
        }
        let added = try call.db.execute(
            """
            INSERT INTO host.enabled_module (module, site_id, enabled_at, enabled_by) \
            VALUES (\(params.module), \(site.id), \(call.now), \(try call.caller.accountID)) ON CONFLICT DO NOTHING
            """)
        try call.hosted.changesDirectory = true
        if added > 0 {
            try call.hosted.publish(
                HostTopics.moduleEnabled, at: site.id, subject: site.id,
                HostTopics.ModuleChange(module: params.module, site: params.site))
        }
        call.note("module", .string(params.module))
        call.note("site", .string(params.site))
        return params
    }
}
