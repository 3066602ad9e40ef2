public import Logging
internal import XinglinCrypto
public import XinglinKit
internal import XinglinPostgres

extension HostCore {
    /// Migrates a database for modules that are linked into this process, as a superuser or a member of the owner role.
    /// - Throws: where any module's migration fails.
    public static func migrate(
        _ settings: HostSettings, linked modules: [any FeatureModule.Type], conninfo: String, log: Logger
    ) throws -> [String] {
        var registry = try RegistryBuilder.make(modules.map { .found($0) }, settings)
        let booted = Set(registry.runningModules.map(\.code))
        let applied = try DatabaseSetup(settings: settings, log: log).migrate(conninfo, &registry)
        if let failed = registry.sortedModules.first(where: { $0.quarantine != nil && booted.contains($0.code) }) {
            throw StartFailure(
                .init(
                    zh: "模块 \(failed.code)：\(failed.quarantine ?? "")",
                    en: "module \(failed.code): \(failed.quarantine ?? "")"),
                remedy: .init(zh: "修复该模块", en: "mend the module"))
        }
        return applied
    }

    /// A host of modules that are linked into this process, on a migrated database.
    public convenience init(
        _ settings: HostSettings, linked modules: [any FeatureModule.Type], conninfo: String, clock: HostClock,
        log: Logger
    ) throws {
        let folders = HostFolders(settings.dataDirectory)
        try folders.prepare()
        try self.init(
            settings, registry: try RegistryBuilder.make(modules.map { .found($0) }, settings), conninfo: conninfo,
            clock: clock, keys: try KeyGuard.load(folders.keys, Connection(conninfo, applicationName: "xinglin start")),
            log: log)
    }

    /// Reads the directory anew, after its tables were written past the host's methods.
    public func reloadDirectory() throws {
        try self.services.directory.reload(Connection(self.services.conninfo, applicationName: "xinglin reload"))
    }

    /// The modules, with why one is quarantined.
    public var modules: [ModuleReport] {
        self.services.registry.sortedModules.map {
            ModuleReport(
                code: $0.code, version: $0.version, state: $0.quarantine == nil ? "running" : "quarantined",
                reason: $0.quarantine, methods: $0.methodNames)
        }
    }
}
