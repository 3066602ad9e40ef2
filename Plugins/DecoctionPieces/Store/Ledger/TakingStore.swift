internal import XinglinKit

/// The SQL that takes stock out, by issue and by disposal. Each is one statement that keeps a lot's `on_hand_mg` equal to the sum
/// of its movements, and `placed_mg` to what lies elsewhere than in the main store. What is reserved for prescriptions stays.
enum TakingStore {
    /// Takes a line's quantity, or what there is of it, from accepted and unexpired lots, first expiry first, ties by receipt
    /// and id (PC-03); the issue moves the batch (PC-04). Gives lot and quantity of each move.
    ///
    /// All candidates of the piece are locked in that order, also where the line names one lot: so documents never wait for
    /// each other in a ring, and a waiting one sees what the other left.
    static func take(
        _ entry: IssueDocument.Entry, as kind: MovementKind = .issue, document: RecordID, reason: String,
        _ act: LotStore.Act
    ) -> SQL {
        let named = entry.line.lotId.map { [$0] } ?? []
        return """
            WITH candidate AS MATERIALIZED (
                SELECT lot_id, expires_on, received_at, on_hand_mg - placed_mg - reserved_mg AS free_mg FROM decoction.lot
                WHERE site_id = \(act.site) AND piece_code = \(entry.line.pieceCode) AND state = 'accepted'
                    AND expires_on >= \(act.now.localDate) AND on_hand_mg > placed_mg + reserved_mg
                    AND received_on <= \(act.bookedOn)
                    AND (\(kind.rawValue)::text <> 'issue' OR NOT EXISTS (
                        SELECT FROM decoction.piece WHERE code = \(entry.line.pieceCode) AND withdrawn_on IS NOT NULL))
                ORDER BY expires_on, received_at, lot_id
                FOR UPDATE
            ), running AS (
                SELECT lot_id, expires_on, received_at, free_mg,
                    sum(free_mg) OVER (ORDER BY expires_on, received_at, lot_id) - free_mg AS before_mg
                FROM candidate
                WHERE \(named)::uuid[] = '{}' OR lot_id = ANY (\(named)::uuid[])
            ), share AS (
                SELECT lot_id, least(free_mg, \(entry.line.quantityMg)::bigint - before_mg)::bigint AS quantity_mg
                FROM running WHERE before_mg < \(entry.line.quantityMg)::bigint
            ), taken AS (
                UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - share.quantity_mg
                FROM share
                WHERE lot.site_id = \(act.site) AND lot.lot_id = share.lot_id
                RETURNING lot.site_id, lot.lot_id, lot.piece_code, lot.expires_on, lot.received_at, share.quantity_mg
            ), moved AS (
                INSERT INTO decoction.movement (
                    site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id,
                    location_id, booked_on)
                SELECT site_id, \(document)::uuid, \(entry.number)::integer, lot_id, piece_code, \(kind.rawValue)::text,
                    -quantity_mg, \(reason)::text, \(act.now)::timestamptz, \(act.account)::uuid, site_id,
                    \(act.bookedOn)::date
                FROM taken ORDER BY expires_on, received_at, lot_id
            )
            SELECT lot_id, quantity_mg FROM taken ORDER BY expires_on, received_at, lot_id
            """
    }

    /// The same from what lies at another place than the main store.
    static func take(
        _ entry: IssueDocument.Entry, at location: RecordID, document: RecordID, reason: String, _ act: LotStore.Act
    ) -> SQL {
        let named = entry.line.lotId.map { [$0] } ?? []
        return """
            WITH candidate AS MATERIALIZED (
                SELECT lot_id, expires_on, received_at, holding.on_hand_mg - holding.reserved_mg AS free_mg
                FROM decoction.lot JOIN decoction.holding USING (site_id, lot_id)
                WHERE lot.site_id = \(act.site) AND piece_code = \(entry.line.pieceCode) AND state = 'accepted'
                    AND expires_on >= \(act.now.localDate) AND location_id = \(location)
                    AND holding.on_hand_mg > holding.reserved_mg
                    AND NOT EXISTS (
                        SELECT FROM decoction.piece WHERE code = \(entry.line.pieceCode) AND withdrawn_on IS NOT NULL)
                ORDER BY expires_on, received_at, lot_id
                FOR UPDATE OF lot, holding
            ), running AS (
                SELECT lot_id, expires_on, received_at, free_mg,
                    sum(free_mg) OVER (ORDER BY expires_on, received_at, lot_id) - free_mg AS before_mg
                FROM candidate
                WHERE \(named)::uuid[] = '{}' OR lot_id = ANY (\(named)::uuid[])
            ), share AS (
                SELECT lot_id, least(free_mg, \(entry.line.quantityMg)::bigint - before_mg)::bigint AS quantity_mg
                FROM running WHERE before_mg < \(entry.line.quantityMg)::bigint
            ), taken AS (
                UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - share.quantity_mg,
                    placed_mg = lot.placed_mg - share.quantity_mg
                FROM share
                WHERE lot.site_id = \(act.site) AND lot.lot_id = share.lot_id
                RETURNING lot.site_id, lot.lot_id, lot.piece_code, lot.expires_on, lot.received_at, share.quantity_mg
            ), held AS (
                UPDATE decoction.holding SET on_hand_mg = holding.on_hand_mg - taken.quantity_mg
                FROM taken
                WHERE holding.site_id = taken.site_id AND holding.lot_id = taken.lot_id
                    AND holding.location_id = \(location)
            ), moved AS (
                INSERT INTO decoction.movement (
                    site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id,
                    location_id, booked_on)
                SELECT site_id, \(document)::uuid, \(entry.number)::integer, lot_id, piece_code, 'issue', -quantity_mg,
                    \(reason)::text, \(act.now)::timestamptz, \(act.account)::uuid, \(location)::uuid,
                    \(act.bookedOn)::date
                FROM taken ORDER BY expires_on, received_at, lot_id
            )
            SELECT lot_id, quantity_mg FROM taken ORDER BY expires_on, received_at, lot_id
            """
    }

    /// Takes a quantity, or with 0 all that is left there, out of what the main store has of a lot in any state; no row where
    /// it has less, or nothing. Gives what was taken and what the site has left of the lot.
    static func dispose(_ lot: RecordID, quantityMg: Int64, reason: String, document: RecordID, _ act: LotStore.Act)
        -> SQL
    {
        """
        WITH target AS (
            SELECT lot_id, on_hand_mg - placed_mg - reserved_mg AS free_mg,
                CASE WHEN \(quantityMg)::bigint = 0 THEN on_hand_mg - placed_mg - reserved_mg
                    ELSE \(quantityMg)::bigint END AS quantity_mg
            FROM decoction.lot
            WHERE site_id = \(act.site) AND lot_id = \(lot) AND received_on <= \(act.bookedOn) FOR UPDATE
        ), gone AS (
            UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - target.quantity_mg
            FROM target
            WHERE lot.site_id = \(act.site) AND lot.lot_id = target.lot_id
                AND target.quantity_mg BETWEEN 1 AND target.free_mg
            RETURNING lot.site_id, lot.lot_id, lot.piece_code, lot.on_hand_mg, target.quantity_mg
        ), moved AS (
            INSERT INTO decoction.movement (
                site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id,
                location_id, booked_on)
            SELECT site_id, \(document)::uuid, 1, lot_id, piece_code, 'disposal', -quantity_mg, \(reason)::text,
                \(act.now)::timestamptz, \(act.account)::uuid, site_id, \(act.bookedOn)::date
            FROM gone
        )
        SELECT quantity_mg, on_hand_mg FROM gone
        """
    }

    /// The same of what lies at another place.
    static func dispose(
        _ lot: RecordID, at location: RecordID, quantityMg: Int64, reason: String, document: RecordID,
        _ act: LotStore.Act
    ) -> SQL {
        """
        WITH target AS (
            SELECT lot_id, holding.on_hand_mg - holding.reserved_mg AS free_mg,
                CASE WHEN \(quantityMg)::bigint = 0 THEN holding.on_hand_mg - holding.reserved_mg
                    ELSE \(quantityMg)::bigint END AS quantity_mg
            FROM decoction.lot JOIN decoction.holding USING (site_id, lot_id)
            WHERE lot.site_id = \(act.site) AND lot_id = \(lot) AND location_id = \(location)
            FOR UPDATE OF lot, holding
        ), gone AS (
            UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - target.quantity_mg,
                placed_mg = lot.placed_mg - target.quantity_mg
            FROM target
            WHERE lot.site_id = \(act.site) AND lot.lot_id = target.lot_id
                AND target.quantity_mg BETWEEN 1 AND target.free_mg
            RETURNING lot.site_id, lot.lot_id, lot.piece_code, lot.on_hand_mg, target.quantity_mg
        ), held AS (
            UPDATE decoction.holding SET on_hand_mg = holding.on_hand_mg - gone.quantity_mg
            FROM gone
            WHERE holding.site_id = gone.site_id AND holding.lot_id = gone.lot_id AND holding.location_id = \(location)
        ), moved AS (
            INSERT INTO decoction.movement (
                site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id,
                location_id, booked_on)
            SELECT site_id, \(document)::uuid, 1, lot_id, piece_code, 'disposal', -quantity_mg, \(reason)::text,
                \(act.now)::timestamptz, \(act.account)::uuid, \(location)::uuid, \(act.bookedOn)::date
            FROM gone
        )
        SELECT quantity_mg, on_hand_mg FROM gone
        """
    }
}
