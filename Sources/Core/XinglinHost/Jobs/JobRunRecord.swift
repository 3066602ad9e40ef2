internal import XinglinKit

/// Where a run stands.
enum JobRunState: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    /// It is due, or will be tried again.
    case waiting
    case running
    case done
    /// It failed as often as it may.
    case failed
    /// Its time was missed, or its module is no longer enabled at the site.
    case skipped
}

/// A row of `host.job_run`.
struct JobRunRecord: Sendable {
    let id: RecordID
    let job: String
    let site: RecordID?
    let scheduledFor: Timestamp
    let requestedBy: RecordID?
    let state: JobRunState
    let host: String
    let failures: Int
    let takeovers: Int
    let startedAt: Timestamp?
    let endedAt: Timestamp?
    let reason: String?
    let counts: String
    /// When it may begin.
    let notBefore: Timestamp
    /// The trace of its last attempt.
    let trace: String?

    /// The columns of every statement whose rows `read` takes.
    static let selection: StaticString = """
        run_id, job, site_id, scheduled_for, requested_by, state, host, failures, takeovers, started_at, ended_at, reason, \
        counts, not_before, trace
        """

    static func read(_ rows: Rows) throws -> [JobRunRecord] {
        typealias Row = (
            RecordID, String, RecordID?, Timestamp, RecordID?, JobRunState, String, Int, Int, Timestamp?, Timestamp?,
            String?, String, Timestamp, String?
        )
        let decoded: [Row] = try rows.decode()
        return decoded.map { row in
            JobRunRecord(
                id: row.0, job: row.1, site: row.2, scheduledFor: row.3, requestedBy: row.4, state: row.5, host: row.6,
                failures: row.7, takeovers: row.8, startedAt: row.9, endedAt: row.10, reason: row.11, counts: row.12,
                notBefore: row.13,
                trace: row.14)
        }
    }
}
