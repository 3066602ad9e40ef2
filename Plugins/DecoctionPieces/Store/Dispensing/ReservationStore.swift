internal import XinglinKit

/// The SQL of reservations. Each statement keeps a lot's and a place's `reserved_mg` equal to the sum of the open reservations there;
/// lots are locked first and in the order of issue, as everywhere.
enum ReservationStore {
    /// What is kept back of one piece.
    struct Wanted {
        let pieceCode: String
        let quantityMg: Int64
    }

    /// Why a reservation ends.
    enum Release: String, SQLBindable {
        case dispensed, released, withdrawn, lapsed
        /// A lot of it was recalled.
        case recalled
    }

    /// Reserves a piece for a prescription, or what there is of it: first expiry first over accepted and unexpired lots (PC-03), of one
    /// lot first what lies in drawers. Toxic pieces are taken from toxic cupboards alone where the site has one (8.4). Gives lot, place
    /// and quantity.
    static func reserve(_ wanted: Wanted, for prescription: RecordID, review: Int, _ act: LotStore.Act) -> SQL {
        """
        WITH candidate AS MATERIALIZED (
            SELECT lot_id, expires_on, received_at, on_hand_mg - placed_mg - reserved_mg AS free_mg FROM decoction.lot
            WHERE site_id = \(act.site) AND piece_code = \(wanted.pieceCode) AND state = 'accepted'
                AND expires_on >= \(act.now.localDate) AND on_hand_mg > 0
                AND NOT EXISTS (SELECT FROM decoction.piece WHERE code = \(wanted.pieceCode) AND withdrawn_on IS NOT NULL)
            ORDER BY expires_on, received_at, lot_id
            FOR UPDATE
        ), held AS MATERIALIZED (
            SELECT candidate.lot_id, expires_on, received_at, holding.location_id,
                holding.on_hand_mg - holding.reserved_mg AS free_mg
            FROM candidate JOIN decoction.holding ON holding.lot_id = candidate.lot_id
            JOIN decoction.location USING (site_id, location_id)
            WHERE holding.site_id = \(act.site) AND location.kind IN ('drawer', 'toxicCupboard')
                AND holding.on_hand_mg > holding.reserved_mg
            FOR UPDATE OF holding
        ), part AS (
            SELECT lot_id, expires_on, received_at, 0 AS place, location_id, free_mg FROM held
            UNION ALL
            SELECT lot_id, expires_on, received_at, 1, \(act.site)::uuid, free_mg FROM candidate
            WHERE free_mg > 0 AND (
                NOT EXISTS (SELECT FROM decoction.piece WHERE code = \(wanted.pieceCode) AND control_class = 'toxic')
                OR NOT EXISTS (
                    SELECT FROM decoction.location
                    WHERE site_id = \(act.site) AND kind = 'toxicCupboard' AND closed_at IS NULL))
        ), running AS (
            SELECT *, sum(free_mg) OVER (ORDER BY expires_on, received_at, lot_id, place, location_id) - free_mg AS before_mg
            FROM part
        ), share AS (
            SELECT *, least(free_mg, \(wanted.quantityMg)::bigint - before_mg)::bigint AS quantity_mg
            FROM running WHERE before_mg < \(wanted.quantityMg)::bigint
        ), kept AS (
            UPDATE decoction.lot SET reserved_mg = lot.reserved_mg + share.quantity_mg FROM share
            WHERE lot.site_id = \(act.site) AND lot.lot_id = share.lot_id AND share.place = 1
        ), kept_there AS (
            UPDATE decoction.holding SET reserved_mg = holding.reserved_mg + share.quantity_mg FROM share
            WHERE holding.site_id = \(act.site) AND holding.lot_id = share.lot_id AND share.place = 0
                AND holding.location_id = share.location_id
        )
        INSERT INTO decoction.reservation (
            site_id, prescription_id, review_no, piece_code, lot_id, location_id, quantity_mg, reserved_at)
        SELECT \(act.site)::uuid, \(prescription)::uuid, \(review)::integer, \(wanted.pieceCode)::text, lot_id, location_id,
            quantity_mg, \(act.now)::timestamptz
        FROM share ORDER BY expires_on, received_at, lot_id, place, location_id
        RETURNING lot_id, location_id, quantity_mg
        """
    }

    /// Lets go of all that is reserved for prescriptions. Whoever calls it has locked them.
    static func release(_ prescriptions: [RecordID], as why: Release, site: RecordID, at now: Timestamp) -> SQL {
        """
        WITH open AS MATERIALIZED (
            SELECT seq, lot_id, location_id, quantity_mg FROM decoction.reservation
            WHERE site_id = \(site) AND prescription_id = ANY (\(prescriptions)::uuid[]) AND released_at IS NULL
        ), locked AS MATERIALIZED (
            SELECT lot_id FROM decoction.lot
            WHERE site_id = \(site) AND lot_id IN (SELECT lot_id FROM open)
            ORDER BY piece_code, expires_on, received_at, lot_id
            FOR UPDATE
        ), freed AS (
            UPDATE decoction.lot SET reserved_mg = lot.reserved_mg - part.quantity_mg
            FROM (
                SELECT lot_id, sum(quantity_mg)::bigint AS quantity_mg FROM open
                WHERE location_id = \(site) GROUP BY lot_id
            ) AS part JOIN locked USING (lot_id)
            WHERE lot.site_id = \(site) AND lot.lot_id = part.lot_id
        ), freed_there AS (
            UPDATE decoction.holding SET reserved_mg = holding.reserved_mg - part.quantity_mg
            FROM (
                SELECT lot_id, location_id, sum(quantity_mg)::bigint AS quantity_mg FROM open
                WHERE location_id <> \(site) GROUP BY lot_id, location_id
            ) AS part JOIN locked USING (lot_id)
            WHERE holding.site_id = \(site) AND holding.lot_id = part.lot_id AND holding.location_id = part.location_id
        )
        UPDATE decoction.reservation SET released_at = \(now)::timestamptz, release = \(why.rawValue)
        FROM open WHERE reservation.site_id = \(site) AND reservation.seq = open.seq
        """
    }

    /// The open reservations of a prescription: piece, lot, place, quantity, in the order in which they were made.
    static func open(_ prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT piece_code, lot_id, location_id, quantity_mg FROM decoction.reservation
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND released_at IS NULL ORDER BY seq
        """
    }

    /// Locks every lot of the pieces of which something is left, in the order of issue. Whatever moves a holding locks its lot first, so the
    /// statements behind this one wait for nobody, and see holdings as they are: one that waits for a lot itself has read the holdings
    /// before.
    static func lockLots(_ codes: [String], _ act: LotStore.Act) -> SQL {
        """
        SELECT lot_id FROM decoction.lot
        WHERE site_id = \(act.site) AND piece_code = ANY (\(codes)::text[]) AND on_hand_mg > 0
        ORDER BY piece_code, expires_on, received_at, lot_id
        FOR UPDATE
        """
    }

    /// Locks the named lots in the same order, for the same reason.
    static func lock(_ lots: [RecordID], _ act: LotStore.Act) -> SQL {
        """
        SELECT lot_id FROM decoction.lot
        WHERE site_id = \(act.site) AND lot_id = ANY (\(lots)::uuid[])
        ORDER BY piece_code, expires_on, received_at, lot_id
        FOR UPDATE
        """
    }

    /// The lots with an open reservation of the prescription that may no longer be dispensed: lot, piece, state, expiry.
    static func lost(_ prescription: RecordID, _ act: LotStore.Act) -> SQL {
        """
        SELECT DISTINCT lot_id, lot.piece_code, state, expires_on
        FROM decoction.reservation JOIN decoction.lot USING (site_id, lot_id)
        WHERE reservation.site_id = \(act.site) AND prescription_id = \(prescription) AND released_at IS NULL
            AND (state <> 'accepted' OR expires_on < \(act.now.localDate))
        ORDER BY lot_id
        """
    }

    /// The prescriptions whose reservations have lapsed, locked; others that are being worked on are left for the next time.
    static func lapsed(at now: Timestamp, site: RecordID, limit: Int) -> SQL {
        """
        SELECT prescription_id FROM decoction.prescription
        WHERE site_id = \(site) AND state IN ('approved', 'dispensing') AND reserved_until <= \(now)
        ORDER BY reserved_until, prescription_id LIMIT \(limit) FOR UPDATE SKIP LOCKED
        """
    }

    /// Sends prescriptions back to be reviewed again, each with its history; `nobody` is the account of a job.
    static func reopen(_ prescriptions: [RecordID], site: RecordID, by account: RecordID, at now: Timestamp) -> SQL {
        """
        WITH reopened AS (
            UPDATE decoction.prescription SET state = 'readyForReview', reserved_until = NULL
            WHERE site_id = \(site) AND prescription_id = ANY (\(prescriptions)::uuid[])
                AND state IN ('approved', 'dispensing', 'dispensed')
            RETURNING site_id, prescription_id, state
        )
        INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
        SELECT site_id, prescription_id, state, \(now)::timestamptz, \(account)::uuid FROM reopened
        """
    }

    /// The prescriptions for which something of lots is kept back: of a lot, or of every lot of its batch.
    static func holding(_ lot: RecordID, wholeBatch: Bool, site: RecordID) -> SQL {
        """
        SELECT prescription_id FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id IN (
            SELECT reservation.prescription_id FROM decoction.reservation
            JOIN decoction.lot USING (site_id, lot_id)
            JOIN decoction.lot AS named ON named.site_id = lot.site_id AND named.lot_id = \(lot)
            WHERE reservation.site_id = \(site) AND released_at IS NULL
                AND (lot.lot_id = named.lot_id OR (\(wholeBatch)::boolean AND lot.batch_number = named.batch_number
                    AND lot.piece_code = named.piece_code AND lot.supplier_id = named.supplier_id)))
        ORDER BY prescription_id FOR UPDATE
        """
    }

    /// The account of changes that no person made.
    static let nobody = RecordID(high: 0, low: 0)
}
