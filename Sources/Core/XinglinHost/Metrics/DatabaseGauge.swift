internal import XinglinKit
internal import XinglinPostgres

/// Figures that are read from the database together. A new one is an entry in `all`, with its row in docs/operations.md.
struct DatabaseGauge: Sendable {
    /// One figure, with the values of its labels.
    struct Value: Sendable {
        let family: MetricFamily
        var labels: [String] = []
        let value: Double
    }

    let families: [MetricFamily]
    /// Rounds from one reading to the next, for figures that cost more.
    var every = 1
    /// The tables that they are read from: where the database lacks one, the figures are left out.
    var tables: [String] = []
    /// - Parameters:
    ///   - now: the time on the clock that the methods see.
    ///   - registry: the modules of this host.
    let read: @Sendable (_ connection: Connection, _ now: Timestamp, _ registry: Registry) throws -> [Value]

    /// Everything that is read. Whoever adds a table that operators watch adds its figures here.
    static let all: [DatabaseGauge] = [
        server, size, transactions, outbox, sealing, handlers, openJobs, failedJobs, backup,
    ]
}

extension MetricFamily {
    static let databaseUp = MetricFamily(
        "xinglin_up_database", .gauge, [],
        "1 where the database answered within the last 15 s; else 0, and the figures that are read from it are left out."
    )
    static let databaseReadAt = MetricFamily(
        "xinglin_database_read_seconds", .gauge, [], "How long the last reading of the database's figures took.")

    fileprivate static let serverConnections = MetricFamily(
        "xinglin_database_connections", .gauge, [], "Connections of the database server, other databases' included.")
    fileprivate static let serverLimit = MetricFamily(
        "xinglin_database_connections_limit", .gauge, [], "How many connections the server takes (max_connections).")
    fileprivate static let recovery = MetricFamily(
        "xinglin_database_standby", .gauge, [], "1 where the server is a standby, which takes no writes.")
    fileprivate static let databaseSize = MetricFamily(
        "xinglin_database_size_bytes", .gauge, [], "Size of the database; read once a minute.")
    fileprivate static let oldestWrite = MetricFamily(
        "xinglin_oldest_write_transaction_seconds", .gauge, [],
        "Age of the oldest open write transaction that the host's login may see; the sealing of the audit waits for it."
    )
    fileprivate static let outboxRows = MetricFamily(
        "xinglin_outbox_rows", .gauge, [], "Published events that have no number yet; 100000 stands for more.")
    fileprivate static let outboxLag = MetricFamily(
        "xinglin_outbox_oldest_seconds", .gauge, [], "Age of the oldest of them.")
    fileprivate static let lastEvent = MetricFamily(
        "xinglin_events_numbered", .gauge, [], "The number of the last event.")
}

extension DatabaseGauge {
    private static let server = DatabaseGauge(
        families: [.serverConnections, .serverLimit, .recovery],
        read: { connection, _, _ in
            let row: (Int64, Int64, Bool)? = try connection.query(
                """
                SELECT (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL),
                       current_setting('max_connections')::bigint, pg_is_in_recovery()
                """
            ).first()
            guard let (connections, limit, isStandby) = row else { return [] }
            return [
                Value(family: .serverConnections, value: Double(connections)),
                Value(family: .serverLimit, value: Double(limit)), Value(family: .recovery, value: isStandby ? 1 : 0),
            ]
        })

    /// It walks through the database's files.
    private static let size = DatabaseGauge(
        families: [.databaseSize], every: 12,
        read: { connection, _, _ in
            let bytes: Int64? = try connection.query("SELECT pg_database_size(current_database())").first()
            return bytes.map { [Value(family: .databaseSize, value: Double($0))] } ?? []
        })

    private static let transactions = DatabaseGauge(
        families: [.oldestWrite],
        read: { connection, _, _ in
            let microseconds: Int64? = try connection.query(
                """
                SELECT coalesce((extract(epoch FROM max(clock_timestamp() - xact_start)) * 1000000)::bigint, 0)
                FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
                """
            ).first()
            return microseconds.map { [Value(family: .oldestWrite, value: Double($0) / 1_000_000)] } ?? []
        })

    private static let outbox = DatabaseGauge(
        families: [.outboxRows, .outboxLag, .lastEvent], tables: ["host.outbox", "host.numbering"],
        read: { connection, now, _ in
            let row: (Int64, Timestamp?, Int64)? = try connection.query(
                """
                SELECT (SELECT count(*) FROM (SELECT FROM host.outbox LIMIT 100000) AS counted),
                       (SELECT at FROM host.outbox ORDER BY seq LIMIT 1),
                       (SELECT last FROM host.numbering WHERE name = 'event')
                """
            ).first()
            guard let (rows, oldest, last) = row else { return [] }
            return [
                Value(family: .outboxRows, value: Double(rows)),
                Value(family: .outboxLag, value: oldest.map { now.seconds(since: $0) } ?? 0),
                Value(family: .lastEvent, value: Double(last)),
            ]
        })
}
