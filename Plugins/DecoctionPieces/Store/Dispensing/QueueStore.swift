internal import XinglinKit

/// The SQL of who waits in the pharmacy, and for how long.
enum QueueStore {
    /// Where a page of `list` starts: behind the prescription with these fields.
    struct Cursor {
        var rank = -1
        var since = Timestamp(microseconds: 0)
        var id = RecordID(high: 0, low: 0)
    }

    /// Those that wait, the urgent ones first, then who has waited longest where it stands.
    static func list(
        state: PrescriptionState?, site: RecordID, at now: Timestamp, after last: Cursor, limit: Int
    ) -> SQL {
        """
        SELECT rank, since, prescription_id, patient_id, rank = 0, doses, pieces, state,
            (\(PrescriptionState.labelsZh)::text[])[array_position(\(PrescriptionState.codes)::text[], state)],
            greatest(0, floor(extract(epoch FROM \(now)::timestamptz - since) / 60))::bigint, (
                SELECT site_code FROM decoction.forwarding WHERE forwarding.forwarding_id = queue.forwarding_id)
        FROM (
            SELECT CASE WHEN kind = 'emergency' THEN 0 ELSE 1 END AS rank, prescription_id, patient_id, doses,
                forwarding_id, state, (
                SELECT count(*) FROM decoction.prescription_line AS line
                WHERE line.site_id = prescription.site_id AND line.prescription_id = prescription.prescription_id
            ) AS pieces, (
                SELECT min(at) FROM decoction.prescription_change AS change
                WHERE change.site_id = prescription.site_id AND change.prescription_id = prescription.prescription_id
                    AND seq > (
                        SELECT coalesce(max(seq), 0) FROM decoction.prescription_change AS former
                        WHERE former.site_id = prescription.site_id
                            AND former.prescription_id = prescription.prescription_id
                            AND former.state <> prescription.state)
            ) AS since
            FROM decoction.prescription
            WHERE site_id = \(site) AND state = ANY (\(Self.waiting)::text[])
                AND (\(state)::text IS NULL OR state = \(state)::text)
        ) AS queue
        WHERE (rank, since, prescription_id) > (\(last.rank), \(last.since), \(last.id))
        ORDER BY rank, since, prescription_id LIMIT \(limit)
        """
    }

    /// In which states somebody waits.
    static let waiting: [PrescriptionState] = [.readyForReview, .approved, .dispensing, .dispensed, .arrived]

    /// The columns of `list`, as members of the reply; the first three are the cursor.
    static let columns: [JSONColumn] = [
        .integer("rank"), .timestamp("since"), .string("prescriptionId"), .string("patientId"), .boolean("urgent"),
        .integer("doses"), .integer("pieces"), .string("state"), .string("stateZh"), .integer("waitedMinutes"),
        .string("fromSite"),
    ]

    /// How long each stage took that ended within some days: stage, how often, median and ninth decile in minutes. A stage is from
    /// entering a state to leaving it forwards; a state that was recorded again while it held is one.
    static func waiting(from first: LocalDate, to last: LocalDate, site: RecordID) -> SQL {
        """
        WITH step AS (
            SELECT prescription_id, seq, state, at,
                lag(state) OVER (PARTITION BY prescription_id ORDER BY seq) AS former
            FROM decoction.prescription_change
            WHERE site_id = \(site) AND prescription_id IN (
                SELECT prescription_id FROM decoction.prescription_change
                WHERE site_id = \(site) AND at >= \(first)::date::timestamp AT TIME ZONE 'Asia/Shanghai'
                    AND at < (\(last)::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
        ), stage AS (
            SELECT state, at, lead(state) OVER (PARTITION BY prescription_id ORDER BY seq) AS next,
                lead(at) OVER (PARTITION BY prescription_id ORDER BY seq) AS ended
            FROM step WHERE former IS DISTINCT FROM state
        ), named AS (
            SELECT extract(epoch FROM ended - at) / 60 AS minutes, CASE
                WHEN state = 'readyForReview' AND next IN ('approved', 'refused') THEN 'review'
                WHEN state = 'approved' AND next IN ('dispensing', 'dispensed') THEN 'queue'
                WHEN state = 'dispensing' AND next = 'dispensed' THEN 'weighing'
                WHEN state IN ('dispensed', 'arrived') AND next = 'handedOver' THEN 'pickup' END AS stage
            FROM stage
            WHERE ended >= \(first)::date::timestamp AT TIME ZONE 'Asia/Shanghai'
                AND ended < (\(last)::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        )
        SELECT stage, count(*), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes))::bigint,
            round(percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes))::bigint
        FROM named WHERE stage IS NOT NULL
        GROUP BY stage ORDER BY array_position(\(Self.stages)::text[], stage)
        """
    }

    static let stages = ["review", "queue", "weighing", "pickup"]

    static let waitingColumns: [JSONColumn] = [
        .string("stage"), .integer("count"), .integer("medianMinutes"), .integer("p90Minutes"),
    ]
}
