internal import XinglinKit

/// The SQL of `host.job_schedule` and `host.job_run`.
enum JobStore {

    /// Up to when the decisions about jobs go.
    static func decided(_ jobs: [String]) -> SQL {
        "SELECT job, decided_until FROM host.job_schedule WHERE job = ANY (\(jobs)::text[])"
    }

    /// Jobs that are seen for the first time begin now: nothing before was missed.
    static func begin(_ jobs: [String], at now: Timestamp) -> SQL {
        """
        INSERT INTO host.job_schedule (job, decided_until) SELECT job, \(now)::timestamptz FROM unnest(\(jobs)::text[]) AS new (job)
        ON CONFLICT (job) DO NOTHING
        """
    }

    /// Decides: moves the note on and makes the runs, in one statement. Of hosts that decide at once one finds the note as it
    /// read it; for the others it does nothing.
    static func decide(
        _ job: String, _ plan: JobPlan, from decided: Timestamp, sites: [JobSite], at now: Timestamp
    ) -> SQL {
        var runs = PlannedRuns()
        for site in sites {
            if let missed = plan.passedOver, site.since <= missed {
                runs.add(site, missed, .skipped, #"{"missed":\#(plan.passedOverCount)}"#)
            }
            for time in plan.runs where site.since <= time { runs.add(site, time, .waiting, "{}") }
        }
        return """
            WITH turn AS (
                UPDATE host.job_schedule SET decided_until = \(plan.decidedUntil)
                WHERE job = \(job) AND decided_until = \(decided) RETURNING job
            )
            INSERT INTO host.job_run (run_id, job, site_id, scheduled_for, state, not_before, ended_at, reason, counts)
            SELECT run_id, turn.job, site_id, scheduled_for, state, scheduled_for,
                CASE WHEN state = 'skipped' THEN \(now)::timestamptz END,
                CASE WHEN state = 'skipped' THEN \(JobFault.missed.reason)::text END, counts
            FROM turn, unnest(\(runs.ids)::uuid[], \(runs.sites)::uuid[], \(runs.times)::timestamptz[],
                \(runs.states)::text[], \(runs.counts)::text[]) AS run (run_id, site_id, scheduled_for, state, counts)
            ON CONFLICT ON CONSTRAINT job_run_once DO NOTHING
            """
    }

    /// A run that an administrator asks for. Two in one instant, as on a clock that stands still, are a moment apart.
    static func request(
        _ id: RecordID, _ job: String, site: RecordID?, by account: RecordID, at now: Timestamp
    ) -> SQL {
        """
        INSERT INTO host.job_run (run_id, job, site_id, scheduled_for, requested_by, state, not_before)
        SELECT \(id)::uuid, \(job)::text, \(site)::uuid,
            greatest(\(now)::timestamptz, max(scheduled_for) + interval '1 microsecond'),
            \(account)::uuid, 'waiting', \(now)::timestamptz
        FROM host.job_run
        WHERE job = \(job) AND site_id IS NOT DISTINCT FROM \(site) AND requested_by IS NOT NULL
        """
    }

    /// The oldest run of each job and site that can be done now, or was being done when it was last heard of.
    static func open(_ jobs: [String], at now: Timestamp) -> SQL {
        """
        SELECT job, site_id FROM host.job_run
        WHERE state IN ('waiting', 'running') AND not_before <= \(now) AND job = ANY (\(jobs)::text[])
        GROUP BY job, site_id ORDER BY min(not_before), job, site_id LIMIT 500
        """
    }

    /// The next run of one job at one site.
    static func next(_ job: String, site: RecordID?, at now: Timestamp) -> SQL {
        """
        SELECT \(literal: JobRunRecord.selection) FROM host.job_run
        WHERE state IN ('waiting', 'running') AND not_before <= \(now) AND job = \(job)
            AND site_id IS NOT DISTINCT FROM \(site)
        ORDER BY scheduled_for LIMIT 1
        """
    }

    static func start(_ id: RecordID, host: String, isTakeover: Bool, at now: Timestamp) -> SQL {
        """
        UPDATE host.job_run SET state = 'running', host = \(host), started_at = coalesce(started_at, \(now)),
            takeovers = takeovers + \(isTakeover ? 1 : 0)
        WHERE run_id = \(id)
        """
    }

    /// What a portion came to; rides in the portion's transaction.
    static func proceed(_ id: RecordID, counts: String) -> SQL {
        "UPDATE host.job_run SET counts = \(counts) WHERE run_id = \(id)"
    }

    /// The end; rides in the last transaction of the work.
    static func end(_ id: RecordID, counts: String, trace: String, at now: Timestamp) -> SQL {
        """
        UPDATE host.job_run SET state = 'done', counts = \(counts), ended_at = \(now), reason = NULL, trace = \(trace)
        WHERE run_id = \(id)
        """
    }

    /// Why an attempt failed, and how many have by now.
    struct Failure {
        let reason: String
        let failures: Int
        let trace: String
    }

    static func giveUp(_ id: RecordID, _ state: JobRunState, _ failure: Failure, at now: Timestamp) -> SQL {
        """
        UPDATE host.job_run SET state = \(state), reason = \(failure.reason), failures = \(failure.failures),
            trace = \(failure.trace), ended_at = \(now)
        WHERE run_id = \(id)
        """
    }

    static func tryAgain(_ id: RecordID, _ failure: Failure, after time: Timestamp) -> SQL {
        """
        UPDATE host.job_run SET state = 'waiting', reason = \(failure.reason), failures = \(failure.failures),
            trace = \(failure.trace), not_before = \(time)
        WHERE run_id = \(id)
        """
    }

    /// It was not begun after all.
    static func putBack(_ id: RecordID) -> SQL {
        "UPDATE host.job_run SET state = 'waiting' WHERE run_id = \(id) AND state = 'running'"
    }
}

/// A site at which a job runs, or all sites together.
struct JobSite: Equatable {
    let id: RecordID?
    /// Since when; a time before was not missed there.
    let since: Timestamp
}

/// Runs on their way into the table, column by column.
private struct PlannedRuns {
    private(set) var ids: [RecordID] = []
    private(set) var sites: [RecordID?] = []
    private(set) var times: [Timestamp] = []
    private(set) var states: [JobRunState] = []
    private(set) var counts: [String] = []

    mutating func add(_ site: JobSite, _ time: Timestamp, _ state: JobRunState, _ counts: String) {
        // So that the history, in the order of ids, is in the order of the times.
        self.ids.append(RecordID.make(at: time))
        self.sites.append(site.id)
        self.times.append(time)
        self.states.append(state)
        self.counts.append(counts)
    }
}
