internal import XinglinKit

/// `modules.disable`: the site may no longer call the module's methods. All its data stay.
struct ModulesDisable: RPCMethod {
    static let name = "modules.disable"
    static let summary = "Disables a module at a site, live. All its data stay."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = ModuleSite.schema
    static let reply = ModuleSite.schema
    static let examples = Examples<ModuleSite, ModuleSite>(full: (.example, .example), minimal: (.example, .example))

    func handle(_ params: ModuleSite, _ call: Call) throws -> ModuleSite {
        let services = try call.hosted.services
        let site = try Administration(call).site(params.site)
        let directory = services.directory.snapshot
        let dependents = services.registry.runningModules.filter {
            $0.manifest?.needs.contains(params.module) == true && directory.isEnabled($0.code, at: site.id)
        }
        guard dependents.isEmpty else {
            throw HostFault.conflict.fault(["neededBy": .array(dependents.map { .string($0.code) })])
        }
        // Judged by what is stored, so that a module that is no longer loaded can be disabled too.
        try call.db.execute(
            "DELETE FROM host.enabled_module WHERE module = \(params.module) AND site_id = \(site.id)",
            expecting: .rows(1), otherwise: HostFault.notFound.fault(["module": .string(params.module)]))
        try call.hosted.changesDirectory = true
        try call.hosted.publish(
            HostTopics.moduleDisabled, at: site.id, subject: site.id,
            HostTopics.ModuleChange(module: params.module, site: params.site))
        call.note("module", .string(params.module))
        call.note("site", .string(params.site))
        return params
    }
}
