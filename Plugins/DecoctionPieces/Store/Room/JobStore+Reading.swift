internal import XinglinKit

/// The SQL that reads jobs.
extension JobStore {
    static func read(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT job_id, prescription_id, patient_id, machine_id, job.state, is_urgent, since, earliest_at, latest_at, due_at,
            received_at, packed_at, ended_at, volume_ml, is_spoilt
        FROM decoction.job JOIN decoction.prescription USING (site_id, prescription_id)
        WHERE site_id = \(site) AND job_id = \(id)
        """
    }

    static func plan(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT kind, usage, is_child, doses, bags, soak_minutes, lead_minutes, first_min_minutes, first_max_minutes,
            second_min_minutes, second_max_minutes, pack_minutes, volume_min_ml, volume_max_ml, water_first_ml,
            water_second_ml, sample_bags, sample_min_hours, sample_max_hours, rule_version, age_rule_version
        FROM decoction.job WHERE site_id = \(site) AND job_id = \(id)
        """
    }

    static func steps(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT step_id, state, at, account_id, staff_id, array_to_string(codes, ' '), note, received_by
        FROM decoction.job_step WHERE site_id = \(site) AND job_id = \(id)
        ORDER BY array_position(\(JobState.codes)::text[], state)
        """
    }

    /// The prescription of a job that begins, kept from everybody who would change it or begin another.
    static func lockPrescription(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT patient_id, state, kind, usage, doses, age_years FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id = \(id) FOR UPDATE
        """
    }

    static func prescription(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT patient_id, state, kind, usage, doses, age_years FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id = \(id)
        """
    }

    static func lines(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT code, name_zh, base_material, category, per_dose_mg, prescription_line.cooking, piece.cooking, toxicity,
            controlled_toxic_28, control_class, notes
        FROM decoction.prescription_line JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND prescription_id = \(prescription) ORDER BY line_no
        """
    }

    /// What a list is narrowed to.
    struct Filter {
        var prescription: RecordID?
        var machine: RecordID?
        var state: JobState?
    }

    /// The jobs of a site, the newest first.
    static func list(_ filter: Filter, site: RecordID, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT job_id, prescription_id, machine_id, kind, usage, state,
            (\(JobState.labelsZh)::text[])[array_position(\(JobState.codes)::text[], state)], is_urgent, since, earliest_at,
            latest_at, due_at, received_at, packed_at, ended_at, is_spoilt
        FROM decoction.job
        WHERE site_id = \(site) AND job_id < \(last)
            AND (\(filter.prescription)::uuid IS NULL OR prescription_id = \(filter.prescription)::uuid)
            AND (\(filter.machine)::uuid IS NULL OR machine_id = \(filter.machine)::uuid)
            AND (\(filter.state)::text IS NULL OR state = \(filter.state)::text)
        ORDER BY job_id DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("jobId"), .string("prescriptionId"), .string("machineId"), .string("kind"), .string("use"),
        .string("state"), .string("stateZh"), .boolean("urgent"), .timestamp("since"), .timestamp("earliestAt"),
        .timestamp("latestAt"), .timestamp("dueAt"), .timestamp("receivedAt"), .timestamp("packedAt"),
        .timestamp("endedAt"), .boolean("dispenseAnew"),
    ]

    /// What the pot of a job was filled from: the documents by which its prescription was dispensed before the job began and
    /// after the last that was spoilt, less what was taken back before. What was spoilt is destroyed later, and was in the pot all the
    /// same; what was broken off dry was not.
    static func lots(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT movement.lot_id, movement.piece_code, name_zh, batch_number, expires_on, dispensed.document_id,
            -sum(movement.quantity_mg + coalesce(back.quantity_mg, 0))::bigint
        FROM decoction.job JOIN decoction.dispensed USING (site_id, prescription_id)
        JOIN decoction.movement USING (site_id, document_id)
        JOIN decoction.lot ON lot.site_id = job.site_id AND lot.lot_id = movement.lot_id
        JOIN decoction.piece ON piece.code = movement.piece_code
        LEFT JOIN decoction.movement AS back ON back.site_id = job.site_id AND back.reverses_seq = movement.seq
            AND (back.at <= job.received_at OR (job.state = 'aborted' AND NOT is_spoilt))
        WHERE job.site_id = \(site) AND job.job_id = \(id) AND dispensed.at <= job.received_at AND NOT EXISTS (
            SELECT FROM decoction.job AS spoilt
            WHERE spoilt.site_id = job.site_id AND spoilt.prescription_id = job.prescription_id AND spoilt.is_spoilt
                AND spoilt.job_id <> job.job_id AND spoilt.ended_at BETWEEN dispensed.at AND job.received_at)
        GROUP BY movement.lot_id, movement.piece_code, name_zh, batch_number, expires_on, dispensed.document_id
        HAVING sum(movement.quantity_mg + coalesce(back.quantity_mg, 0)) < 0
        ORDER BY movement.piece_code, expires_on, movement.lot_id, dispensed.document_id
        """
    }

    static let lotColumns: [JSONColumn] = [
        .string("lotId"), .string("pieceCode"), .string("nameZh"), .string("batchNumber"), .string("expiresOn"),
        .string("documentId"), .integer("quantityMg"),
    ]

    /// The same the other way: the jobs into whose pots a lot went.
    static func ofLot(_ lot: RecordID, site: RecordID, after last: RecordID, limit: Int) -> SQL {
        """
        SELECT job.job_id, patient_id, job.prescription_id, job.machine_id, job.state,
            (\(JobState.labelsZh)::text[])[array_position(\(JobState.codes)::text[], job.state)], job.received_at,
            job.ended_at, -sum(movement.quantity_mg + coalesce(back.quantity_mg, 0))::bigint
        FROM decoction.movement JOIN decoction.dispensed USING (site_id, document_id)
        JOIN decoction.job USING (site_id, prescription_id) JOIN decoction.prescription USING (site_id, prescription_id)
        LEFT JOIN decoction.movement AS back ON back.site_id = job.site_id AND back.reverses_seq = movement.seq
            AND (back.at <= job.received_at OR (job.state = 'aborted' AND NOT is_spoilt))
        WHERE movement.site_id = \(site) AND movement.lot_id = \(lot) AND job.job_id > \(last)
            AND dispensed.at <= job.received_at AND NOT EXISTS (
                SELECT FROM decoction.job AS spoilt
                WHERE spoilt.site_id = job.site_id AND spoilt.prescription_id = job.prescription_id AND spoilt.is_spoilt
                    AND spoilt.job_id <> job.job_id AND spoilt.ended_at BETWEEN dispensed.at AND job.received_at)
        GROUP BY job.job_id, patient_id, job.prescription_id, job.machine_id, job.state, job.received_at, job.ended_at
        HAVING sum(movement.quantity_mg + coalesce(back.quantity_mg, 0)) < 0
        ORDER BY job.job_id LIMIT \(limit)
        """
    }

    static let ofLotColumns: [JSONColumn] = [
        .string("jobId"), .string("patientId"), .string("prescriptionId"), .string("machineId"), .string("state"),
        .string("stateZh"), .timestamp("receivedAt"), .timestamp("endedAt"), .integer("quantityMg"),
    ]
}
