internal import XinglinKit

extension JobStore {
    /// Runs that are over or open, the newest first.
    /// - Parameters:
    ///   - job: of that job alone.
    ///   - sites: at these sites, and, where `all`, those for all sites together.
    static func history(
        job: String?, sites: [RecordID], all: Bool, state: JobRunState?, before last: RecordID, limit: Int
    ) -> SQL {
        """
        SELECT \(literal: JobRunRecord.selection) FROM host.job_run
        WHERE run_id < \(last) AND (\(job)::text IS NULL OR job = \(job)) AND (\(state)::text IS NULL OR state = \(state))
            AND (site_id = ANY (\(sites)::uuid[]) OR (site_id IS NULL AND \(all)))
        ORDER BY run_id DESC LIMIT \(limit)
        """
    }

    /// The last run of each job at these sites.
    static func lastRuns(_ jobs: [String], sites: [RecordID]) -> SQL {
        """
        SELECT \(literal: JobRunRecord.selection) FROM unnest(\(jobs)::text[]) AS wanted (name), LATERAL (
            SELECT * FROM host.job_run
            WHERE job = wanted.name AND (site_id IS NULL OR site_id = ANY (\(sites)::uuid[]))
            ORDER BY run_id DESC LIMIT 1) AS run
        """
    }

    /// Old runs go, and with them those whose module is there no longer.
    static func forget(before: Timestamp, limit: Int) -> SQL {
        """
        DELETE FROM host.job_run WHERE run_id IN (
            SELECT run_id FROM host.job_run WHERE scheduled_for < \(before) AND state <> 'running' LIMIT \(limit))
        """
    }
}
