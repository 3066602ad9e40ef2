internal import XinglinKit

/// The SQL of reviews (RX-13).
enum ReviewStore {
    /// A decision on its way in.
    struct New {
        let id: RecordID
        let prescription: RecordID
        let check: Int
        let decision: ReviewDecision
        let note: SQLBytes?
        let staff: RecordID?
        let title: String?
        let ruleVersion: String
    }

    /// Keeps a decision under the prescription's next number, and moves the prescription. No row where it is not ready for review.
    static func decide(_ new: New, keptFor hours: Int64, _ act: LotStore.Act) -> SQL {
        let state = new.decision == .approve ? PrescriptionState.approved : .refused
        return """
            WITH moved AS (
                UPDATE decoction.prescription SET state = \(state), check_no = \(new.check), review_no = review_no + 1,
                    reserved_until = CASE WHEN \(state)::text = 'approved'
                        THEN \(act.now)::timestamptz + make_interval(hours => \(hours)::integer) END
                WHERE site_id = \(act.site) AND prescription_id = \(new.prescription) AND state = 'readyForReview'
                RETURNING site_id, prescription_id, state, check_no, review_no, reserved_until
            ), recorded AS (
                INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
                SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM moved
            ), reviewed AS (
                INSERT INTO decoction.review (
                    site_id, review_id, prescription_id, review_no, check_no, decision, note, staff_id, title,
                    rule_version, account_id, at)
                SELECT site_id, \(new.id)::uuid, prescription_id, review_no, check_no, \(new.decision)::text,
                    \(new.note)::bytea, \(new.staff)::uuid, \(new.title)::text, \(new.ruleVersion)::text,
                    \(act.account)::uuid, \(act.now)::timestamptz
                FROM moved
            )
            SELECT reserved_until FROM moved
            """
    }

    /// The latest review of a prescription.
    struct Latest {
        let number: Int
        let account: RecordID?
        let staff: RecordID?
    }

    /// Its number, and who reviewed.
    static func latest(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT prescription.review_no, review.account_id, review.staff_id
        FROM decoction.prescription LEFT JOIN decoction.review USING (site_id, prescription_id, review_no)
        WHERE prescription.site_id = \(site) AND prescription.prescription_id = \(prescription)
        """
    }

    /// Reads the row of `latest`.
    static func latest(_ rows: Rows) throws -> Latest {
        let row = try rows.first(as: (Int, RecordID?, RecordID?).self)
        return Latest(number: row?.0 ?? 0, account: row?.1, staff: row?.2)
    }
}
