internal import XinglinKit
internal import XinglinPostgres

extension MetricFamily {
    fileprivate static let unsealed = MetricFamily(
        "xinglin_audit_unsealed_rows", .gauge, [], "Audit rows that have no link of their chain yet.")
    fileprivate static let sealerLag = MetricFamily(
        "xinglin_sealer_lag_seconds", .gauge, [], "Age of the oldest audit row that has no link yet.")
    fileprivate static let checkpointAge = MetricFamily(
        "xinglin_audit_checkpoint_age_seconds", .gauge, [], "Age of the last signed checkpoint of the audit.")
    fileprivate static let stoppedChains = MetricFamily(
        "xinglin_audit_stopped_chains", .gauge, [],
        "Chains of the audit at which sealing stopped, because their last link is damaged.")
    fileprivate static let delayed = MetricFamily(
        "xinglin_events_delayed", .gauge, ["handler", "state"],
        "Events that a handler has not done: waiting to be tried again (or behind such a one), and parked.")
    fileprivate static let handlerLag = MetricFamily(
        "xinglin_event_handler_lag", .gauge, ["handler"],
        "Numbered events of its topics that a handler has not come to yet; of the next 100000 numbers.")
    fileprivate static let jobsFailed = MetricFamily(
        "xinglin_job_failures", .gauge, ["name"], "Runs of a job that failed for good within the last day.")
    fileprivate static let jobsOpen = MetricFamily(
        "xinglin_job_runs", .gauge, ["state"], "Runs of jobs that wait or run now.")
    fileprivate static let jobsLate = MetricFamily(
        "xinglin_job_oldest_wait_seconds", .gauge, [], "How long the oldest run has been due without being begun.")
    fileprivate static let backupAge = MetricFamily(
        "xinglin_backup_age_seconds", .gauge, [],
        "Age of the last backup by `xinglin backup`; +Inf where there is none.")
}

/// The figures of events, audit, jobs and backups.
extension DatabaseGauge {
    static let sealing = DatabaseGauge(
        families: [.unsealed, .sealerLag, .checkpointAge, .stoppedChains],
        tables: ["host.audit_watermark", "host.audit_checkpoint"],
        read: { connection, now, _ in
            let row: (Int64, Timestamp?, Cell<Timestamp>, Int64)? = try connection.query(
                """
                SELECT count(*), min(at) FILTER (WHERE isfinite(at)),
                    (SELECT at FROM host.audit_checkpoint ORDER BY number DESC LIMIT 1), (\(literal: StoppedChains.count))
                FROM host.audit_waiting()
                """
            ).first()
            guard let (rows, oldest, checkpoint, stopped) = row else { return [] }
            let age = checkpoint.value.map { [Value(family: .checkpointAge, value: now.seconds(since: $0))] } ?? []
            return [
                Value(family: .unsealed, value: Double(rows)),
                Value(family: .sealerLag, value: oldest.map { now.seconds(since: $0) } ?? 0),
                Value(family: .stoppedChains, value: Double(stopped)),
            ] + age
        })

    /// How far ahead of a handler's cursor its events are counted.
    private static let handlerReach: Int64 = 100_000

    /// Of a handler's events alone: what is none of its topics is no work. A handler that this host does not have, as of a
    /// module that is gone, shows what it left behind and no lag.
    static let handlers = DatabaseGauge(
        families: [.delayed, .handlerLag], tables: ["host.event", "host.event_cursor", "host.event_delayed"],
        read: { connection, _, registry in
            let known = registry.handlers.values.sorted { $0.name < $1.name }
            let rows: [(String, Int64?, Int64, Int64)] = try connection.query(
                """
                SELECT c.handler, CASE WHEN known.name IS NOT NULL THEN (SELECT count(*) FROM host.event e
                        WHERE e.number > c.number AND e.number <= c.number + \(Self.handlerReach)
                            AND e.topic = ANY (string_to_array(known.topics, ' '))) END,
                    (SELECT count(*) FROM host.event_delayed d WHERE d.handler = c.handler AND parked_at IS NULL),
                    (SELECT count(*) FROM host.event_delayed d WHERE d.handler = c.handler AND parked_at IS NOT NULL)
                FROM host.event_cursor c LEFT JOIN
                    unnest(\(known.map(\.name))::text[], \(known.map { $0.topics.joined(separator: " ") })::text[])
                    AS known (name, topics) ON known.name = c.handler ORDER BY c.handler
                """
            ).decode()
            return rows.flatMap { handler, lag, waiting, parked in
                (lag.map { [Value(family: .handlerLag, labels: [handler], value: Double($0))] } ?? []) + [
                    Value(family: .delayed, labels: [handler, "waiting"], value: Double(waiting)),
                    Value(family: .delayed, labels: [handler, "parked"], value: Double(parked)),
                ]
            }
        })

    static let openJobs = DatabaseGauge(
        families: [.jobsOpen, .jobsLate], tables: ["host.job_run"],
        read: { connection, now, _ in
            let row: (Int64, Int64, Timestamp?)? = try connection.query(
                """
                SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'running'),
                    min(not_before) FILTER (WHERE state = 'waiting')
                FROM host.job_run WHERE state IN ('waiting', 'running')
                """
            ).first()
            guard let (waiting, running, oldest) = row else { return [] }
            return [
                Value(family: .jobsOpen, labels: ["waiting"], value: Double(waiting)),
                Value(family: .jobsOpen, labels: ["running"], value: Double(running)),
                Value(family: .jobsLate, value: oldest.map { now.seconds(since: $0) } ?? 0),
            ]
        })

    /// It reads the runs of a day, which no index serves. Every job of this host stands there from the start, so that an alert
    /// has something to compare with.
    static let failedJobs = DatabaseGauge(
        families: [.jobsFailed], every: 12, tables: ["host.job_run"],
        read: { connection, now, registry in
            let yesterday = now.adding(seconds: -86_400)
            let rows: [(String, Int64)] = try connection.query(
                """
                SELECT coalesce(name, job), count(run_id) FROM unnest(\(registry.sortedJobs.map(\.name))::text[]) AS known (name)
                FULL JOIN (SELECT job, run_id FROM host.job_run WHERE ended_at > \(yesterday) AND state = 'failed') AS failed
                    ON job = name
                GROUP BY 1 ORDER BY 1
                """
            ).decode()
            return rows.map { Value(family: .jobsFailed, labels: [$0], value: Double($1)) }
        })

    /// `xinglin backup` leaves a note of the instant whose data it holds.
    static let backup = DatabaseGauge(
        families: [.backupAge], every: 12,
        read: { connection, now, _ in
            let note = try connection.query("SELECT value FROM host.note WHERE name = 'backup/last'").first(
                as: String.self)
            let last = note.flatMap { Timestamp($0) }
            return [Value(family: .backupAge, value: last.map { now.seconds(since: $0) } ?? .infinity)]
        })
}

extension Timestamp {
    /// The seconds since an earlier instant; 0 where that is later, as by another machine's clock.
    func seconds(since earlier: Timestamp) -> Double {
        Double(max(0, self.microseconds - earlier.microseconds)) / 1_000_000
    }
}
