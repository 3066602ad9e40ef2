internal import XinglinKit

/// The SQL that begins jobs, moves them on and breaks them off. Each is one statement that claims what it changes.
enum JobStore {
    /// A job on its way in.
    struct New {
        let id: RecordID
        let step: RecordID
        let prescription: RecordID
        let machine: RecordID
        let plan: BoilingPlan
        let isUrgent: Bool
        let dueAt: Timestamp?
        let staff: RecordID?
    }

    /// Takes the machine and begins the job; no row where the machine is not ready or kept for something else, where the
    /// prescription is not dispensed or has a job, or where its pieces were spoilt since they were dispensed or a lot of them was
    /// recalled.
    static func start(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        WITH machine AS (
            UPDATE decoction.machine SET state = 'busy'
            WHERE site_id = \(act.site) AND machine_id = \(new.machine) AND state = 'ready' AND usage = \(new.plan.use)
                AND EXISTS (
                    SELECT FROM decoction.prescription
                    WHERE prescription.site_id = machine.site_id AND prescription_id = \(new.prescription)
                        AND prescription.state = 'dispensed' AND NOT \(literal: HindranceStore.isSpoilt)
                        AND NOT \(literal: HindranceStore.isRecalled))
                AND NOT EXISTS (
                    SELECT FROM decoction.job
                    WHERE job.site_id = machine.site_id AND prescription_id = \(new.prescription) AND job.state <> 'aborted')
            RETURNING site_id, machine_id
        ), job AS (
            INSERT INTO decoction.job (
                site_id, job_id, prescription_id, machine_id, kind, usage, is_urgent, is_child, doses, bags, soak_minutes,
                lead_minutes, first_min_minutes, first_max_minutes, second_min_minutes, second_max_minutes, pack_minutes,
                volume_min_ml, volume_max_ml, water_first_ml, water_second_ml, sample_bags, sample_min_hours,
                sample_max_hours, rule_version, age_rule_version, state, since, earliest_at, due_at, received_at,
                is_spoilt)
            SELECT site_id, \(new.id)::uuid, \(new.prescription)::uuid, machine_id, \(new.plan.kind)::text,
                \(new.plan.use)::text, \(new.isUrgent)::boolean, \(new.plan.isChild)::boolean,
                \(new.plan.doses)::integer, \(new.plan.bags)::integer, \(new.plan.soakMinutes)::integer,
                \(new.plan.leadMinutes)::integer, \(new.plan.firstMinMinutes)::integer,
                \(new.plan.firstMaxMinutes)::integer, \(new.plan.secondMinMinutes)::integer,
                \(new.plan.secondMaxMinutes)::integer, \(new.plan.packMinutes)::integer,
                \(new.plan.volumeMinMl)::integer, \(new.plan.volumeMaxMl)::integer, \(new.plan.waterFirstMl)::integer,
                \(new.plan.waterSecondMl)::integer, \(new.plan.sampleBags)::integer,
                \(new.plan.sampleMinHours)::integer, \(new.plan.sampleMaxHours)::integer,
                \(new.plan.ruleVersion)::text, \(new.plan.ageRuleVersion)::text, 'received', \(act.now)::timestamptz,
                \(act.now)::timestamptz, \(new.dueAt)::timestamptz, \(act.now)::timestamptz, false
            FROM machine RETURNING site_id, job_id
        )
        INSERT INTO decoction.job_step (site_id, step_id, job_id, state, at, account_id, staff_id, codes)
        SELECT site_id, \(new.step)::uuid, job_id, 'received', \(act.now)::timestamptz, \(act.account)::uuid,
            \(new.staff)::uuid, '{}' FROM job
        """
    }

    /// What a step leaves behind.
    struct Step {
        let id: RecordID
        let job: RecordID
        let staff: RecordID?
        let codes: [String]
        let note: SQLBytes?
        var receivedBy: SQLBytes?
    }

    /// Where a job goes.
    struct Advance {
        let from: JobState
        let to: JobState
        let earliest: Timestamp
        let latest: Timestamp?
        let volumeMl: Int?
        let sample: RecordID
    }

    /// Moves a job on with its step; packed, it leaves its machine to be cleaned and a bag in the refrigerator. No row where it
    /// is in another state, has not been in it for long enough, or has something of a recalled lot in its pot.
    static func advance(_ step: Step, _ advance: Advance, _ act: LotStore.Act) -> SQL {
        """
        WITH job AS (
            UPDATE decoction.job SET state = \(advance.to), since = \(act.now), earliest_at = \(advance.earliest),
                latest_at = \(advance.latest), volume_ml = coalesce(\(advance.volumeMl)::integer, volume_ml),
                packed_at = CASE WHEN \(advance.to)::text = 'packed' THEN \(act.now)::timestamptz ELSE packed_at END,
                ended_at = CASE WHEN \(advance.to)::text IN ('handedOver', 'delivered')
                    THEN \(act.now)::timestamptz END
            WHERE site_id = \(act.site) AND job_id = \(step.job) AND state = \(advance.from)
                AND earliest_at <= \(act.now) AND NOT EXISTS (
                    SELECT FROM decoction.prescription
                    WHERE prescription.site_id = job.site_id AND prescription.prescription_id = job.prescription_id
                        AND \(literal: HindranceStore.isRecalled))
            RETURNING site_id, job_id, machine_id, state, sample_bags, sample_min_hours, sample_max_hours
        ), freed AS (
            UPDATE decoction.machine SET state = 'dirty' FROM job
            WHERE job.state = 'packed' AND machine.site_id = job.site_id AND machine.machine_id = job.machine_id
        ), kept AS (
            INSERT INTO decoction.sample (site_id, sample_id, job_id, bags, kept_at, discard_from, discard_by)
            SELECT site_id, \(advance.sample)::uuid, job_id, sample_bags, \(act.now)::timestamptz,
                \(act.now)::timestamptz + make_interval(hours => sample_min_hours),
                \(act.now)::timestamptz + make_interval(hours => sample_max_hours)
            FROM job WHERE state = 'packed' AND sample_bags > 0
        )
        INSERT INTO decoction.job_step (
            site_id, step_id, job_id, state, at, account_id, staff_id, codes, note, received_by)
        SELECT site_id, \(step.id)::uuid, job_id, state, \(act.now)::timestamptz, \(act.account)::uuid,
            \(step.staff)::uuid, \(step.codes)::text[], \(step.note)::bytea, \(step.receivedBy)::bytea
        FROM job
        """
    }

    /// Breaks a job off and gives its machine back, to be cleaned where the pieces had got wet; gives whether they are spoilt,
    /// or no row where the job has ended. What was packed to be delivered and has not left the house is no longer handed over; its
    /// prescription is locked before.
    static func abort(_ step: Step, _ act: LotStore.Act) -> SQL {
        """
        WITH job AS (
            UPDATE decoction.job SET state = 'aborted', since = \(act.now), earliest_at = \(act.now), latest_at = NULL,
                ended_at = \(act.now), is_spoilt = state NOT IN ('received', 'checked')
            WHERE site_id = \(act.site) AND job_id = \(step.job)
                AND state NOT IN ('handedOver', 'aborted') AND (state <> 'delivered' OR EXISTS (
                    SELECT FROM decoction.prescription AS kept
                    WHERE kept.site_id = job.site_id AND kept.prescription_id = job.prescription_id
                        AND kept.state = 'handedOver' AND NOT EXISTS (
                            SELECT FROM decoction.delivery WHERE delivery.site_id = kept.site_id
                                AND delivery.prescription_id = kept.prescription_id AND delivery.state <> 'broughtBack')
                        AND NOT EXISTS (
                            SELECT FROM decoction.forwarding WHERE forwarding.forwarding_id = kept.forwarding_id
                                AND forwarding.state <> 'taken')))
            RETURNING site_id, job_id, machine_id, prescription_id, is_spoilt, packed_at
        ), freed AS (
            UPDATE decoction.machine SET state = CASE WHEN job.is_spoilt THEN 'dirty' ELSE 'ready' END FROM job
            WHERE job.packed_at IS NULL AND machine.site_id = job.site_id AND machine.machine_id = job.machine_id
        ), kept AS (
            UPDATE decoction.prescription SET state = 'dispensed' FROM job
            WHERE prescription.site_id = job.site_id AND prescription.prescription_id = job.prescription_id
                AND prescription.state = 'handedOver'
            RETURNING prescription.site_id, prescription.prescription_id, prescription.state
        ), changed AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM kept
        ), recorded AS (
            INSERT INTO decoction.job_step (site_id, step_id, job_id, state, at, account_id, staff_id, codes, note)
            SELECT site_id, \(step.id)::uuid, job_id, 'aborted', \(act.now)::timestamptz, \(act.account)::uuid,
                \(step.staff)::uuid, \(step.codes)::text[], \(step.note)::bytea
            FROM job
        )
        SELECT prescription_id, is_spoilt FROM job
        """
    }

    /// Why a job did not begin: the prescription's job, and whether its pieces have to be dispensed anew.
    static func hindrances(_ prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT (SELECT job_id FROM decoction.job
                WHERE site_id = \(site) AND prescription_id = \(prescription) AND state <> 'aborted'),
            EXISTS (
                SELECT FROM decoction.job
                WHERE site_id = \(site) AND prescription_id = \(prescription) AND is_spoilt
                    AND ended_at >= coalesce((
                        SELECT max(at) FROM decoction.dispensed
                        WHERE site_id = \(site) AND prescription_id = \(prescription)), '-infinity'))
        """
    }
}
