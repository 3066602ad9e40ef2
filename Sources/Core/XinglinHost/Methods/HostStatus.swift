internal import XinglinKit
internal import XinglinPostgres

/// `host.status`: how the host fares, for administrators.
struct HostStatus: RPCMethod {
    struct Reply: Codable, Sendable {
        var version: String
        var startedAt: Timestamp
        var now: Timestamp
        var database: Database
        var workers: Workers
        var modules: [Module]

        struct Database: Codable, Sendable {
            var version: String
            var bytes: Int64
        }
        struct Workers: Codable, Sendable {
            var total: Int
            var running: Int
            var queued: Int
        }
        struct Module: Codable, Sendable {
            var code: String
            var state: String
        }
    }

    static let name = "host.status"
    static let summary = "Says how the host fares: version, start, database, workers, modules."
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object()
    static let reply = Schema.object(
        .required("version", .opaque(1...40), "The host's version."),
        .required("startedAt", .timestamp, "When it started."),
        .required("now", .timestamp, "Its time."),
        .required(
            "database",
            .object(
                .required("version", .opaque(1...100), "PostgreSQL's version."),
                .required("bytes", .integer(0...Int64.max), "The size of the database.")), "The database."),
        .required(
            "workers",
            .object(
                .required("total", .integer(1...1000), "Workers of this host."),
                .required("running", .integer(0...2000), "Calls being worked on."),
                .required("queued", .integer(0...1_000_000), "Calls waiting for a worker.")), "The workers."),
        .required(
            "modules",
            .array(
                .object(
                    .required("code", .code(1...64), "The module."),
                    .required("state", .enumeration(["running", "quarantined"]), "Whether it runs.")), 0...1000),
            "The modules of this host.")
    )
    private static let example = Reply(
        version: HostServices.version, startedAt: Timestamp(microseconds: 1_795_000_000_000_000),
        now: Timestamp(microseconds: 1_795_000_600_000_000), database: .init(version: "15.18", bytes: 12_345_678),
        workers: .init(total: 8, running: 1, queued: 0), modules: [.init(code: "decoction", state: "running")])
    static let examples = Examples<Empty, Reply>(full: (Empty(), example), minimal: (Empty(), example))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let services = try call.hosted.services
        let row: (String, Int64)? = try call.db.first(
            "SELECT current_setting('server_version'), pg_database_size(current_database())")
        return Reply(
            version: HostServices.version, startedAt: services.startedAt, now: call.now,
            database: .init(version: row?.0 ?? "", bytes: row?.1 ?? 0),
            workers: .init(
                total: services.settings.database.workers, running: services.pool.running, queued: services.pool.queued),
            modules: services.registry.sortedModules.map {
                .init(code: $0.code, state: $0.quarantine == nil ? "running" : "quarantined")
            })
    }
}
