internal import XinglinKit

/// The SQL that dispenses a prescription, takes a dispensing back and hands it over.
enum DispensingStore {
    /// Takes a piece out for a prescription, or what there is of it: what was reserved for it first, then what more was weighed by
    /// first expiry. Its reservations were released in the same transaction, and the lots are locked. Gives lot and quantity.
    static func take(
        _ weighed: ReservationStore.Wanted, for prescription: RecordID, review: Int, document: RecordID, line: Int,
        _ act: LotStore.Act
    ) -> SQL {
        """
        WITH mine AS MATERIALIZED (
            SELECT lot_id, location_id, sum(quantity_mg)::bigint AS mine_mg FROM decoction.reservation
            WHERE site_id = \(act.site) AND prescription_id = \(prescription) AND review_no = \(review)
                AND piece_code = \(weighed.pieceCode) AND release = 'dispensed'
            GROUP BY lot_id, location_id
        ), candidate AS MATERIALIZED (
            SELECT lot_id, expires_on, received_at, on_hand_mg - placed_mg - reserved_mg AS free_mg FROM decoction.lot
            WHERE site_id = \(act.site) AND piece_code = \(weighed.pieceCode) AND state = 'accepted'
                AND expires_on >= \(act.now.localDate) AND on_hand_mg > 0
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
                NOT EXISTS (SELECT FROM decoction.piece WHERE code = \(weighed.pieceCode) AND control_class = 'toxic')
                OR NOT EXISTS (
                    SELECT FROM decoction.location
                    WHERE site_id = \(act.site) AND kind = 'toxicCupboard' AND closed_at IS NULL)
                OR lot_id IN (SELECT lot_id FROM mine WHERE location_id = \(act.site)))
        ), portion AS (
            SELECT lot_id, expires_on, received_at, place, location_id, 0 AS turn, least(free_mg, mine_mg) AS free_mg
            FROM part JOIN mine USING (lot_id, location_id)
            UNION ALL
            SELECT lot_id, expires_on, received_at, place, location_id, 1, free_mg - coalesce(mine_mg, 0)
            FROM part LEFT JOIN mine USING (lot_id, location_id) WHERE free_mg > coalesce(mine_mg, 0)
        ), running AS (
            SELECT *, sum(free_mg) OVER (ORDER BY turn, expires_on, received_at, lot_id, place, location_id) - free_mg
                AS before_mg
            FROM portion
        ), taken AS (
            SELECT lot_id, location_id, expires_on, received_at, place,
                sum(least(free_mg, \(weighed.quantityMg)::bigint - before_mg))::bigint AS quantity_mg
            FROM running WHERE before_mg < \(weighed.quantityMg)::bigint
            GROUP BY lot_id, location_id, expires_on, received_at, place
        ), counted AS (
            UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - change.total_mg, placed_mg = lot.placed_mg - change.placed_mg
            FROM (
                SELECT lot_id, sum(quantity_mg)::bigint AS total_mg,
                    coalesce(sum(quantity_mg) FILTER (WHERE place = 0), 0)::bigint AS placed_mg
                FROM taken GROUP BY lot_id
            ) AS change
            WHERE lot.site_id = \(act.site) AND lot.lot_id = change.lot_id
        ), emptied AS (
            UPDATE decoction.holding SET on_hand_mg = holding.on_hand_mg - taken.quantity_mg FROM taken
            WHERE holding.site_id = \(act.site) AND holding.lot_id = taken.lot_id AND taken.place = 0
                AND holding.location_id = taken.location_id
        )
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on)
        SELECT \(act.site)::uuid, \(document)::uuid, \(line)::integer, lot_id, \(weighed.pieceCode)::text, 'issue', -quantity_mg,
            \(literal: Self.reason), \(act.now)::timestamptz, \(act.account)::uuid, location_id, \(act.bookedOn)::date
        FROM taken ORDER BY expires_on, received_at, lot_id, place, location_id
        RETURNING lot_id, -quantity_mg
        """
    }

    /// What the movements of a dispensing say they are for.
    private static let reason: StaticString = "'处方调剂'"

    /// A dispensing on its way in.
    struct New {
        let document: RecordID
        let prescription: RecordID
        let review: Int
        let dispenser: RecordID?
        let checker: RecordID
        let prescribedMg: Int64
        let weighedMg: Int64
        let ruleVersion: String
    }

    /// Keeps who dispensed and who checked, and moves the prescription; no row where it is neither approved nor being dispensed, or where
    /// the catalogue has withdrawn a piece of it.
    static func finish(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        WITH moved AS (
            UPDATE decoction.prescription SET state = 'dispensed', reserved_until = NULL
            WHERE site_id = \(act.site) AND prescription_id = \(new.prescription) AND state IN ('approved', 'dispensing')
                AND NOT EXISTS (
                    SELECT FROM decoction.prescription_line AS line JOIN decoction.piece ON piece.code = line.piece_code
                    WHERE line.site_id = \(act.site) AND line.prescription_id = \(new.prescription)
                        AND withdrawn_on IS NOT NULL)
            RETURNING site_id, prescription_id, state
        ), recorded AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM moved
        ), dispensed AS (
            INSERT INTO decoction.dispensed (site_id, document_id, prescription_id, at, account_id)
            SELECT site_id, \(new.document)::uuid, prescription_id, \(act.now)::timestamptz, \(act.account)::uuid FROM moved
        )
        INSERT INTO decoction.dispensing (
            site_id, document_id, prescription_id, review_no, dispenser_staff_id, checker_staff_id, prescribed_mg, weighed_mg,
            rule_version, account_id, at)
        SELECT site_id, \(new.document)::uuid, prescription_id, \(new.review)::integer, \(new.dispenser)::uuid,
            \(new.checker)::uuid, \(new.prescribedMg)::bigint, \(new.weighedMg)::bigint, \(new.ruleVersion)::text,
            \(act.account)::uuid, \(act.now)::timestamptz
        FROM moved
        """
    }

    /// The latest dispensing of a prescription: document, dispenser, checker, account, time.
    static func latest(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT document_id, dispenser_staff_id, checker_staff_id, account_id, at FROM decoction.dispensing
        WHERE site_id = \(site) AND prescription_id = \(prescription) ORDER BY review_no DESC LIMIT 1
        """
    }

    /// A row where a document neither dispensed a prescription nor destroyed what came back of one, so that it may be taken back as any
    /// other.
    static func isNoDispensing(_ document: RecordID, site: RecordID) -> SQL {
        """
        SELECT 1 WHERE NOT EXISTS (
            SELECT FROM decoction.dispensed WHERE site_id = \(site) AND document_id = \(document))
            AND NOT EXISTS (
                SELECT FROM decoction.returned WHERE site_id = \(site) AND disposal_id = \(document))
        """
    }
}
