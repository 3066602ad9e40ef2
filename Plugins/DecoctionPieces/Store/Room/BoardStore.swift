internal import XinglinKit

/// The SQL of the day's board, the samples and the supervisions.
enum BoardStore {
    /// A day and the moment from which it is looked at.
    struct Day {
        let from: Timestamp
        let to: Timestamp
        let now: Timestamp
    }

    /// The jobs that began on the day, and on the day that is now those that have not ended: what is due next first.
    static func jobs(_ day: Day, site: RecordID, limit: Int) -> SQL {
        """
        SELECT job_id, prescription_id, machine_id, machine.code, machine.name_zh, job.kind, job.usage, job.state,
            (\(JobState.labelsZh)::text[])[array_position(\(JobState.codes)::text[], job.state)],
            (\(Self.followers)::text[])[array_position(\(JobState.codes)::text[], job.state)], is_urgent, since,
            CASE WHEN ended_at IS NULL THEN earliest_at END, latest_at, due_at, received_at, ended_at,
            ended_at IS NULL AND (coalesce(latest_at < \(day.now), false)
                OR coalesce(due_at < \(day.now) AND job.state <> 'labelled', false))
        FROM decoction.job JOIN decoction.machine USING (site_id, machine_id)
        WHERE site_id = \(site) AND received_at < \(day.to) AND (received_at >= \(day.from) OR (
            \(day.now) < \(day.to) AND job.state IN (
                'received', 'checked', 'soaking', 'boiling1', 'boiling2', 'packed', 'labelled')))
        ORDER BY ended_at IS NOT NULL, earliest_at, job_id LIMIT \(limit)
        """
    }

    /// What follows each state, empty where nothing does.
    private static var followers: [String?] { JobState.allCases.map { $0.next.first?.rawValue } }

    static let jobColumns: [JSONColumn] = [
        .string("jobId"), .string("prescriptionId"), .string("machineId"), .string("machineCode"),
        .string("machineNameZh"), .string("kind"), .string("use"), .string("state"), .string("stateZh"),
        .string("next"), .boolean("urgent"), .timestamp("since"), .timestamp("earliestAt"), .timestamp("latestAt"),
        .timestamp("dueAt"), .timestamp("receivedAt"), .timestamp("endedAt"), .boolean("overdue"),
    ]

    /// The dispensed prescriptions without a job, urgent ones first, then those that wait longest.
    static func waiting(site: RecordID, limit: Int) -> SQL {
        """
        SELECT prescription_id, kind = 'emergency' AS is_urgent, usage, doses, waiting_since, coalesce(
            spoilt_at >= coalesce(dispensed_at, '-infinity'), false)
        FROM (
            SELECT prescription_id, kind, usage, doses, dispensed_at, (
                    SELECT max(ended_at) FROM decoction.job
                    WHERE job.site_id = prescription.site_id AND job.prescription_id = prescription.prescription_id
                        AND is_spoilt) AS spoilt_at,
                coalesce(dispensed_at, created_at) AS waiting_since
            FROM decoction.prescription LEFT JOIN LATERAL (
                SELECT max(at) AS dispensed_at FROM decoction.dispensed
                WHERE dispensed.site_id = prescription.site_id
                    AND dispensed.prescription_id = prescription.prescription_id) AS document ON true
            WHERE site_id = \(site) AND state = 'dispensed' AND NOT EXISTS (
                SELECT FROM decoction.job
                WHERE job.site_id = prescription.site_id AND job.prescription_id = prescription.prescription_id
                    AND job.state <> 'aborted')
        ) AS waiting
        ORDER BY kind = 'emergency' DESC, waiting_since, prescription_id LIMIT \(limit)
        """
    }

    static let waitingColumns: [JSONColumn] = [
        .string("prescriptionId"), .boolean("urgent"), .string("use"), .integer("doses"), .timestamp("since"),
        .boolean("dispenseAnew"),
    ]
}

/// The SQL of the bags that are kept as samples.
enum SampleStore {
    /// Where a page of `list` starts.
    struct Cursor {
        var discardBy = Timestamp(microseconds: 0)
        var sample = RecordID(high: 0, low: 0)
    }

    /// The samples of a site, those that have to be thrown away first at the head: kept ones, those that may be thrown away at an
    /// instant, or all.
    static func list(all: Bool, dueAt: Timestamp?, site: RecordID, now: Timestamp, after last: Cursor, limit: Int)
        -> SQL
    {
        """
        SELECT discard_by, sample_id, job_id, prescription_id, sample.bags, kept_at, discard_from, discarded_at,
            discarded_at IS NULL AND discard_from <= \(now), discarded_at IS NULL AND discard_by < \(now)
        FROM decoction.sample JOIN decoction.job USING (site_id, job_id)
        WHERE site_id = \(site) AND (\(all) OR discarded_at IS NULL)
            AND (\(dueAt)::timestamptz IS NULL OR discard_from <= \(dueAt)::timestamptz)
            AND (discard_by, sample_id) > (\(last.discardBy), \(last.sample))
        ORDER BY discard_by, sample_id LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .timestamp("discardBy"), .string("sampleId"), .string("jobId"), .string("prescriptionId"), .integer("bags"),
        .timestamp("keptAt"), .timestamp("discardFrom"), .timestamp("discardedAt"), .boolean("due"),
        .boolean("overdue"),
    ]

    /// No row where it was thrown away before, or is to be kept for longer.
    static func discard(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.sample SET discarded_at = \(act.now), discarded_by = \(act.account)
        WHERE site_id = \(act.site) AND sample_id = \(id) AND discarded_at IS NULL AND discard_from <= \(act.now)
        """
    }

    static func describe(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT job_id, discard_from, discarded_at FROM decoction.sample WHERE site_id = \(site) AND sample_id = \(id)"
    }
}

/// The SQL of the supervisions of the room.
enum SupervisionStore {
    struct New {
        let id: RecordID
        let doneOn: LocalDate
        let isPassed: Bool
        let findings: String
        let measures: String
        let months: Int64
        let ruleVersion: String
    }

    /// Gives the day on which the next one is due.
    static func record(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.supervision (
            site_id, supervision_id, done_on, is_passed, findings, measures, next_due_on, rule_version, at, account_id)
        VALUES (\(act.site), \(new.id), \(new.doneOn), \(new.isPassed), \(new.findings), \(new.measures),
            (\(new.doneOn)::date + make_interval(months => \(new.months)::integer))::date, \(new.ruleVersion), \(act.now),
            \(act.account))
        RETURNING next_due_on
        """
    }

    /// The latest first.
    static func list(site: RecordID, before day: LocalDate, _ last: RecordID, limit: Int) -> SQL {
        """
        SELECT done_on, supervision_id, is_passed, findings, nullif(measures, ''), next_due_on, rule_version, at, account_id
        FROM decoction.supervision
        WHERE site_id = \(site) AND (done_on, supervision_id) < (\(day)::date, \(last))
        ORDER BY done_on DESC, supervision_id DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("doneOn"), .string("supervisionId"), .boolean("passed"), .string("findings"), .string("measures"),
        .string("nextDueOn"), .string("ruleVersion"), .timestamp("at"), .string("accountId"),
    ]

    /// The day on which the next one is due, of the latest that was done.
    static func nextDue(site: RecordID) -> SQL {
        """
        SELECT next_due_on FROM decoction.supervision WHERE site_id = \(site)
        ORDER BY done_on DESC, supervision_id DESC LIMIT 1
        """
    }
}
