internal import XinglinKit

/// The SQL of what comes back before it is handed over, and of the hand-over after which nothing does.
enum ReturnStore {
    /// Destroys what a document took out and another one has just put back: the toxic pieces of it, or all. The lots are locked by the
    /// reversal.
    static func destroy(
        _ document: RecordID, all: Bool, disposal: RecordID, _ act: LotStore.Act
    ) -> SQL {
        """
        WITH gone AS MATERIALIZED (
            SELECT movement.lot_id, movement.location_id, movement.piece_code, min(line_no) AS line_no,
                -sum(quantity_mg)::bigint AS quantity_mg
            FROM decoction.movement JOIN decoction.piece ON piece.code = movement.piece_code
            WHERE movement.site_id = \(act.site) AND document_id = \(document)
                AND (\(all)::boolean OR control_class IN ('toxic', 'narcotic'))
            GROUP BY movement.lot_id, movement.location_id, movement.piece_code
        ), counted AS (
            UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - change.total_mg, placed_mg = lot.placed_mg - change.placed_mg
            FROM (
                SELECT lot_id, sum(quantity_mg)::bigint AS total_mg,
                    coalesce(sum(quantity_mg) FILTER (WHERE location_id <> \(act.site)), 0)::bigint AS placed_mg
                FROM gone GROUP BY lot_id
            ) AS change
            WHERE lot.site_id = \(act.site) AND lot.lot_id = change.lot_id
        ), emptied AS (
            UPDATE decoction.holding SET on_hand_mg = holding.on_hand_mg - gone.quantity_mg FROM gone
            WHERE holding.site_id = \(act.site) AND holding.lot_id = gone.lot_id AND holding.location_id = gone.location_id
        )
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on)
        SELECT \(act.site)::uuid, \(disposal)::uuid, line_no, lot_id, piece_code, 'disposal', -quantity_mg,
            \(literal: Self.destroyed), \(act.now)::timestamptz, \(act.account)::uuid, location_id, \(act.bookedOn)::date
        FROM gone ORDER BY line_no, lot_id, location_id
        """
    }

    private static let destroyed: StaticString = "'调剂退回销毁'"
    /// What the movements of a return say they are for.
    static let reason = "调剂退回"

    /// A return on its way in.
    struct New {
        let document: RecordID
        let dispensing: RecordID
        let disposal: RecordID?
        let prescription: RecordID
        let reason: SQLBytes
        let checker: RecordID?
    }

    static func add(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.returned (
            site_id, document_id, dispensing_id, disposal_id, prescription_id, reason, checker_staff_id, account_id, at)
        VALUES (\(act.site), \(new.document), \(new.dispensing), \(new.disposal)::uuid, \(new.prescription), \(new.reason),
            \(new.checker)::uuid, \(act.account), \(act.now))
        """
    }

    /// A hand-over on its way in.
    struct HandOver {
        let id: RecordID
        let prescription: RecordID
        let receivedBy: Receiver
        let receiverName: SQLBytes?
        let counselling: SQLBytes?
        let staff: RecordID?
    }

    /// Hands a dispensed prescription over; gives the patient, or no row where it is neither dispensed nor come back from another site's
    /// pharmacy, was spoilt in the decoction room, or has something of a recalled lot. The lots are kept as they are: who recalls one is
    /// done before, or behind it.
    static func handOver(_ new: HandOver, _ act: LotStore.Act) -> SQL {
        """
        WITH given AS MATERIALIZED (
            SELECT lot_id, state FROM decoction.lot
            WHERE site_id = \(act.site) AND lot_id IN (
                SELECT taken.lot_id FROM decoction.dispensed JOIN decoction.movement AS taken USING (site_id, document_id)
                WHERE dispensed.site_id = \(act.site) AND dispensed.prescription_id = \(new.prescription)
                    AND taken.kind = 'issue' AND NOT EXISTS (
                        SELECT FROM decoction.movement AS back
                        WHERE back.site_id = taken.site_id AND back.reverses_seq = taken.seq))
            ORDER BY piece_code, expires_on, received_at, lot_id FOR SHARE
        ), moved AS (
            UPDATE decoction.prescription SET state = 'handedOver'
            WHERE site_id = \(act.site) AND prescription_id = \(new.prescription)
                AND state IN ('dispensed', 'arrived')
                AND NOT EXISTS (SELECT FROM given WHERE given.state = 'recalled')
                AND NOT \(literal: HindranceStore.isSpoilt)
            RETURNING site_id, prescription_id, patient_id, state
        ), recorded AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM moved
        ), kept AS (
            INSERT INTO decoction.hand_over (
                site_id, hand_over_id, prescription_id, received_by, receiver_name, counselling, staff_id, account_id, at)
            SELECT site_id, \(new.id)::uuid, prescription_id, \(new.receivedBy)::text, \(new.receiverName)::bytea,
                \(new.counselling)::bytea, \(new.staff)::uuid, \(act.account)::uuid, \(act.now)::timestamptz
            FROM moved
        )
        SELECT patient_id FROM moved
        """
    }
}

/// Who takes the bag.
enum Receiver: String, PrescriptionCode {
    case patient, family
    /// Somebody of the ward or the village, for the patient.
    case staff
    case courier
}
