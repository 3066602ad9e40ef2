internal import Foundation
internal import Synchronization
public import XinglinHost
public import XinglinKit
internal import XinglinPostgres

/// One real PostgreSQL for the whole test process, in a temporary folder, stopped when the process ends. Databases are cloned
/// from a template that is migrated once for each set of modules.
public final class TestCluster: Sendable {
    private static let started = Mutex<Result<TestCluster, any Error>?>(nil)

    /// The process's cluster, started at the first use.
    public static func shared() throws -> TestCluster {
        try Self.started.withLock { started in
            if let started { return try started.get() }
            let result = Result { try TestCluster() }
            started = result
            return try result.get()
        }
    }

    let folder: String
    private let cluster: EmbeddedCluster
    private let templates = Mutex<[String: String]>([:])
    private let counter = Atomic<Int>(0)

    private init() throws {
        // Directly below /tmp, so that the cluster's own user can pass through and the socket's path stays short.
        self.folder = "/tmp/xinglin-tests-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        self.cluster = EmbeddedCluster(
            dataDirectory: self.folder, user: "postgres", log: TestLog.logger,
            overrides: [
                "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300",
            ])
        try self.cluster.start()
        atexit { TestCluster.stopAtExit() }
    }

    private static func stopAtExit() {
        guard case .success(let cluster) = Self.started.withLock({ $0 }) else { return }
        do {
            try cluster.cluster.stop()
            try FileManager.default.removeItem(atPath: cluster.folder)
        } catch {
            FileHandle.standardError.write(
                Data("the test cluster in \(cluster.folder) was left behind: \(error)\n".utf8))
        }
    }

    /// The superuser's connection string.
    public func superuser(_ database: String) -> String { self.cluster.superuserConninfo(database: database) }

    /// The host's connection string.
    public func host(_ database: String) -> String {
        self.cluster.hostConninfo(database: database, user: "xinglin_host")
    }

    /// A new database with the modules' schemas; gives its name.
    public func clone(_ modules: [any FeatureModule.Type], _ settings: HostSettings) throws -> String {
        let template = try self.template(modules, settings)
        let name = "test_\(self.counter.wrappingAdd(1, ordering: .relaxed).newValue)"
        let connection = try Connection(self.superuser("postgres"), applicationName: "tests")
        try connection.script("CREATE DATABASE \(name) TEMPLATE \(template) OWNER xinglin_owner")
        return name
    }

    public func drop(_ database: String) throws {
        try Connection(self.superuser("postgres"), applicationName: "tests").script(
            "DROP DATABASE \(database) WITH (FORCE)")
    }

    private func template(_ modules: [any FeatureModule.Type], _ settings: HostSettings) throws -> String {
        let key = modules.map { String(reflecting: $0) }.joined(separator: " ")
        return try self.templates.withLock { templates in
            if let name = templates[key] { return name }
            let name = "template_\(templates.count)"
            try self.cluster.ensureDatabase(name, rolePrefix: "xinglin", modules: modules.map { $0.manifest.code })
            _ = try HostCore.migrate(settings, linked: modules, conninfo: self.superuser(name), log: TestLog.logger)
            templates[key] = name
            return name
        }
    }
}
