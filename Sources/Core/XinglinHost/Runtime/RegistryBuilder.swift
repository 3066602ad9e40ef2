internal import Logging
internal import XinglinKit

/// Loads the plugins and puts their methods and the host's own into a registry.
enum RegistryBuilder {
    static func load(_ settings: HostSettings, log: Logger) throws -> Registry {
        let directory = try settings.plugins.directory ?? PluginLoader.standardDirectory()
        let loader = PluginLoader(directories: [directory] + settings.plugins.directories)
        let candidates = try loader.load(settings.plugins.load).map { found in
            switch found.result {
            case .success(let module): ModuleCandidate.found(module)
            case .failure(let refusal): ModuleCandidate.refused(code: found.stem, reason: refusal.reason)
            }
        }
        return try Self.make(candidates, settings)
    }

    /// A registry of modules that are linked in, as tests have them.
    static func make(_ candidates: [ModuleCandidate], _ settings: HostSettings) throws -> Registry {
        let schedules = try JobSchedules(settings.jobs.schedules)
        var registry = Registry(candidates, settings: settings.modules, schedules: schedules)
        try registry.addHost(HostMethods.all, jobs: HostJobs.all, schedules: schedules)
        try registry.checkJobs(schedules.names + settings.jobs.disabled)
        return registry
    }
}
