internal import XinglinKit

/// The SQL of weighings.
enum WeighingStore {
    /// The pieces of a prescription as they are weighed, lines of one piece together: code, name, weight in a dose, control.
    static func pieces(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT piece_code, name_zh, sum(per_dose_mg)::bigint, control_class
        FROM decoction.prescription_line JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND prescription_id = \(prescription)
        GROUP BY piece_code, name_zh, control_class ORDER BY piece_code
        """
    }

    /// Reads the rows of `pieces`.
    static func pieces(_ rows: Rows) throws -> [WeighedPiece] {
        try rows.decode(as: (String, String, Int64, ControlClass).self).map {
            WeighedPiece(code: $0.0, nameZh: $0.1, perDoseMg: $0.2, controlClass: $0.3)
        }
    }

    /// Keeps what the scales showed.
    static func add(
        _ weighings: [Weighing], to prescription: RecordID, review: Int, by staff: RecordID?, _ act: LotStore.Act
    )
        -> SQL
    {
        """
        INSERT INTO decoction.weighing (
            site_id, prescription_id, review_no, dose, piece_code, scale_id, gross_mg, tare_mg, at, account_id,
            staff_id)
        SELECT \(act.site)::uuid, \(prescription)::uuid, \(review)::integer, dose, piece_code, scale_id, gross_mg, tare_mg,
            \(act.now)::timestamptz, \(act.account)::uuid, \(staff)::uuid
        FROM unnest(
            \(weighings.map(\.dose))::integer[], \(weighings.map(\.pieceCode))::text[],
            \(weighings.map(\.scaleId))::uuid[], \(weighings.map(\.grossMg))::bigint[],
            \(weighings.map(\.tareMg))::bigint[]
        ) AS weighing (dose, piece_code, scale_id, gross_mg, tare_mg)
        """
    }

    /// The latest weighing of each piece of each dose since a review, and by whom.
    static func latest(of prescription: RecordID, review: Int, site: RecordID) -> SQL {
        """
        SELECT DISTINCT ON (dose, piece_code) dose, piece_code, scale_id, gross_mg, tare_mg, account_id, staff_id
        FROM decoction.weighing
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND review_no = \(review)
        ORDER BY dose, piece_code, seq DESC
        """
    }

    /// Reads the rows of `latest`.
    static func latest(_ rows: Rows) throws -> [Recorded] {
        try rows.decode(as: (Int, String, RecordID, Int64, Int64, RecordID, RecordID?).self).map {
            Recorded(
                weighing: Weighing(dose: $0.0, pieceCode: $0.1, scaleId: $0.2, grossMg: $0.3, tareMg: $0.4),
                actor: Actor(account: $0.5, staff: $0.6))
        }
    }

    /// A weighing that was recorded by itself, and who did.
    struct Recorded {
        let weighing: Weighing
        let actor: Actor
    }

    /// Until when a prescription's pieces are kept back, and whether a doctor has signed for a longer validity (RX-02).
    static func validity(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT reserved_until, EXISTS (
            SELECT FROM decoction.prescription_signature AS signed
            WHERE signed.site_id = prescription.site_id AND signed.prescription_id = prescription.prescription_id
                AND signed.rule = 'RX-02')
        FROM decoction.prescription WHERE site_id = \(site) AND prescription_id = \(prescription)
        """
    }

    /// An approved prescription is being dispensed from the first weighing on, which alone keeps the reservation for as long again: those
    /// behind it do not move its end. No row where it is neither approved nor being dispensed.
    static func begin(_ prescription: RecordID, keptFor hours: Int64, _ act: LotStore.Act) -> SQL {
        """
        WITH before AS MATERIALIZED (
            SELECT prescription_id, state FROM decoction.prescription
            WHERE site_id = \(act.site) AND prescription_id = \(prescription) AND state IN ('approved', 'dispensing')
            FOR UPDATE
        ), moved AS (
            UPDATE decoction.prescription SET state = 'dispensing',
                reserved_until = CASE WHEN before.state = 'approved'
                    THEN \(act.now)::timestamptz + make_interval(hours => \(hours)::integer) ELSE reserved_until END
            FROM before WHERE prescription.site_id = \(act.site)
                AND prescription.prescription_id = before.prescription_id
            RETURNING prescription.site_id, prescription.prescription_id, prescription.state, before.state AS former
        ), recorded AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid
            FROM moved WHERE former <> state
        )
        SELECT former FROM moved
        """
    }
}
