internal import Logging
internal import XinglinKit
internal import XinglinPostgres

/// Brings the database to where the host can run on it: the embedded cluster, or an external server.
struct DatabaseSetup {
    let settings: HostSettings
    let log: Logger

    static let databaseName = "xinglin"

    /// The host's own schema.
    static let hostSchema = SchemaSource(
        code: Registry.hostCode,
        migrations: [
            Migration("m0001_host", PackageResources.m0001_host_sql),
            Migration("m0002_imports", PackageResources.m0002_imports_sql),
            Migration("m0003_machine", PackageResources.m0003_machine_sql),
            Migration("m0004_sealing_key", PackageResources.m0004_sealing_key_sql),
            Migration("m0005_events", PackageResources.m0005_events_sql),
            Migration("m0006_chain", PackageResources.m0006_chain_sql),
            Migration("m0007_files", PackageResources.m0007_files_sql),
            Migration("m0008_jobs", PackageResources.m0008_jobs_sql),
            Migration("m0009_job_trace", PackageResources.m0009_job_trace_sql),
            Migration("m0010_links_follow", PackageResources.m0010_links_follow_sql),
            Migration("m0011_import_form", PackageResources.m0011_import_form_sql),
        ], tables: [], dataDigests: [:], load: nil)

    /// The embedded cluster of the data folder, whether it runs or not.
    var cluster: EmbeddedCluster {
        // Workers, credential workers, the watcher, and room for commands and an operator's psql.
        EmbeddedCluster(
            dataDirectory: self.settings.dataDirectory, user: self.settings.database.clusterUser, log: self.log,
            overrides: ["max_connections": String(self.settings.database.workers + 32)])
    }

    /// Starts the embedded cluster and makes the database and the roles.
    func startCluster(_ registry: Registry) throws -> EmbeddedCluster {
        let cluster = self.cluster
        try cluster.start()
        do {
            try cluster.ensureDatabase(
                Self.databaseName, rolePrefix: self.settings.database.rolePrefix,
                modules: registry.runningModules.map(\.code))
            try cluster.supervise()
        } catch let failure {
            // Nobody else would stop it.
            try cluster.stop()
            throw failure
        }
        return cluster
    }

    /// Migrates the host and every running module; a module that fails is quarantined. Gives what was applied.
    func migrate(_ conninfo: String, _ registry: inout Registry) throws -> [String] {
        let connection = try Connection(conninfo, applicationName: "xinglin migrate")
        let migrator = Migrator(rolePrefix: self.settings.database.rolePrefix)
        // What becomes of the host's own schema is not among the outcomes: where it fails, nothing is told.
        var applied = try migrator.pending(connection, host: Self.hostSchema, modules: [])
        let outcomes = try migrator.migrate(connection, host: Self.hostSchema, modules: Self.sources(registry))
        for outcome in outcomes {
            switch outcome {
            case .applied(let names): applied += names
            case .failed(let error):
                registry.quarantine(
                    error.module, version: registry.modules[error.module]?.version ?? "",
                    error.name.isEmpty ? error.reason : "migration \(error.name) failed: \(error.reason)")
            }
        }
        return applied
    }

    /// The migrations that an external database still lacks.
    func pending(_ conninfo: String, _ registry: Registry) throws -> [String] {
        try self.pending(Connection(conninfo, applicationName: "xinglin start"), registry)
    }

    func pending(_ connection: Connection, _ registry: Registry) throws -> [String] {
        try Migrator(rolePrefix: self.settings.database.rolePrefix)
            .pending(connection, host: Self.hostSchema, modules: Self.sources(registry))
    }

    /// Modules in the order of booting would matter only if schemas referred to each other, which they never do.
    private static func sources(_ registry: Registry) -> [SchemaSource] {
        registry.runningModules.compactMap { entry in
            guard let manifest = entry.manifest else { return nil }
            let files = entry.files
            let load = entry.load.map { load in { @Sendable (database: Database) in try load(files, database) } }
            return SchemaSource(
                code: entry.code, migrations: manifest.migrations, tables: manifest.tables,
                dataDigests: Dictionary(
                    manifest.dataFiles.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first }),
                load: manifest.dataFiles.isEmpty ? nil : load)
        }
    }
}
