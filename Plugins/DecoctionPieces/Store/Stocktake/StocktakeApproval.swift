internal import XinglinKit

/// The SQL that judges the differences of a stocktake and books them.
enum StocktakeApproval {
    /// Keeps the lots that differ until the transaction ends; a statement of its own, so that the next sees what was waited for.
    static func lockLots(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT lot_id FROM decoction.lot
        WHERE site_id = \(site) AND lot_id IN (
            SELECT lot_id FROM decoction.stocktake_line
            WHERE site_id = \(site) AND stocktake_id = \(id) AND counted_mg <> book_mg)
        ORDER BY piece_code, expires_on, received_at, lot_id FOR UPDATE
        """
    }

    /// The lots that differ: piece, what the ledger said, what was found; whether something
    /// was booked for an earlier day or taken back since, or less is left than is missing; whether more was found than received.
    static func differences(_ id: RecordID, at place: RecordID, site: RecordID) -> SQL {
        """
        SELECT line.lot_id, line.piece_code, control_class <> 'none' OR storage_class = 'precious', book_mg, counted_mg,
            EXISTS (
                SELECT FROM decoction.movement
                WHERE movement.site_id = line.site_id AND movement.lot_id = line.lot_id AND location_id = \(place)
                    AND movement.at > counted_at
                    AND (kind = 'reversal' OR booked_on < (counted_at AT TIME ZONE 'Asia/Shanghai')::date)
            ) OR counted_mg - book_mg + CASE WHEN \(place)::uuid = lot.site_id THEN lot.on_hand_mg - placed_mg
                ELSE coalesce((
                    SELECT holding.on_hand_mg FROM decoction.holding
                    WHERE holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id AND location_id = \(place)), 0)
                END < 0,
            lot.on_hand_mg + counted_mg - book_mg > received_mg
        FROM decoction.stocktake_line AS line JOIN decoction.lot USING (site_id, lot_id)
            JOIN decoction.piece ON piece.code = lot.piece_code
        WHERE line.site_id = \(site) AND stocktake_id = \(id) AND counted_mg <> book_mg
        ORDER BY line.lot_id
        """
    }

    /// The place, where it is no longer in use.
    static func closed(_ place: RecordID, site: RecordID) -> SQL {
        """
        SELECT closed_at IS NOT NULL FROM decoction.location
        WHERE site_id = \(site) AND location_id = \(place) FOR SHARE
        """
    }

    /// Writes the reasons of lots down.
    static func explain(_ lots: [RecordID], _ reasons: [String], in id: RecordID, site: RecordID) -> SQL {
        """
        UPDATE decoction.stocktake_line SET reason = given.reason
        FROM unnest(\(lots)::uuid[], \(reasons)::text[]) AS given (lot_id, reason)
        WHERE site_id = \(site) AND stocktake_id = \(id) AND stocktake_line.lot_id = given.lot_id
        """
    }

    /// Books every difference in one document: the lot, what lies at the place, and a movement each.
    static func book(
        _ id: RecordID, at place: RecordID, document: RecordID, reason: String, _ act: LotStore.Act
    ) -> SQL {
        """
        WITH difference AS MATERIALIZED (
            SELECT lot_id, piece_code, counted_mg - book_mg AS quantity_mg, reason,
                row_number() OVER (ORDER BY piece_code, lot_id)::integer AS line_no
            FROM decoction.stocktake_line
            WHERE site_id = \(act.site) AND stocktake_id = \(id) AND counted_mg <> book_mg
        ), counted AS (
            UPDATE decoction.lot SET on_hand_mg = on_hand_mg + quantity_mg,
                placed_mg = placed_mg + CASE WHEN \(place)::uuid = site_id THEN 0 ELSE quantity_mg END
            FROM difference WHERE lot.site_id = \(act.site) AND lot.lot_id = difference.lot_id
            RETURNING lot.lot_id
        ), held AS (
            UPDATE decoction.holding SET on_hand_mg = holding.on_hand_mg + quantity_mg
            FROM difference WHERE holding.site_id = \(act.site) AND holding.lot_id = difference.lot_id
                AND location_id = \(place)
            RETURNING holding.lot_id
        ), found AS (
            INSERT INTO decoction.holding (site_id, lot_id, location_id, on_hand_mg)
            SELECT \(act.site), lot_id, \(place)::uuid, quantity_mg FROM difference
            WHERE \(place)::uuid <> \(act.site)::uuid AND NOT EXISTS (
                SELECT FROM decoction.holding
                WHERE holding.site_id = \(act.site) AND holding.lot_id = difference.lot_id AND location_id = \(place))
        )
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on)
        SELECT \(act.site), \(document)::uuid, line_no, lot_id, piece_code, 'stocktake', quantity_mg,
            CASE WHEN reason = '' THEN \(reason)::text ELSE reason END, \(act.now)::timestamptz, \(act.account)::uuid,
            \(place)::uuid, \(act.bookedOn)::date
        FROM difference ORDER BY line_no
        """
    }

    /// What the stocktake lost by group, with what was disposed of since the one before, and what that is a part of: whether
    /// the pieces are volatile, the loss, what was issued since then and is left (C06).
    static func losses(
        _ id: RecordID, at place: RecordID, scope: StocktakeScope, volatile: [String], site: RecordID
    ) -> SQL {
        """
        WITH before AS (
            SELECT coalesce(max(ended_at), '-infinity') AS at FROM decoction.stocktake
            WHERE site_id = \(site) AND location_id = \(place) AND state = 'approved' AND stocktake_id <> \(id)
                AND scope IN ('all', \(scope.rawValue))
        ), subject AS MATERIALIZED (
            SELECT lot_id, unit_cost_fen_per_kg AS cost, storage_class = ANY (\(volatile)::text[]) AS is_volatile
            FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
            WHERE site_id = \(site) AND (\(scope.rawValue)::text = 'all'
                OR \(scope.rawValue)::text = 'toxic' AND control_class = 'toxic'
                OR \(scope.rawValue)::text = 'precious' AND storage_class = 'precious')
        ), moved AS (
            SELECT movement.lot_id, coalesce(original.kind, movement.kind) AS kind, movement.quantity_mg,
                coalesce(original.quantity_mg, movement.quantity_mg) AS booked_mg,
                movement.at > before.at AS is_since
            FROM before, decoction.movement LEFT JOIN decoction.movement AS original
                ON original.site_id = movement.site_id AND original.seq = movement.reverses_seq
            WHERE movement.site_id = \(site) AND movement.location_id = \(place)
        ), part AS (
            SELECT lot_id,
                -coalesce(sum(quantity_mg) FILTER (WHERE is_since AND (kind = 'disposal'
                    OR kind = 'stocktake' AND booked_mg < 0)), 0) AS lost_mg,
                coalesce(sum(quantity_mg) FILTER (WHERE is_since
                    AND kind IN ('issue', 'shipment', 'shipmentReturn')), 0) AS issued_mg,
                sum(quantity_mg) AS left_mg
            FROM moved GROUP BY lot_id
        )
        SELECT is_volatile, greatest(round(sum(lost_mg * cost) / 1000000), 0)::bigint,
            round(sum((left_mg - issued_mg) * cost) / 1000000)::bigint
        FROM part JOIN subject USING (lot_id) GROUP BY is_volatile ORDER BY is_volatile
        """
    }

    /// Ends it. Gives what was too little and too much, at cost, each batch rounded to the fen (PC-04).
    static func approve(
        _ id: RecordID, document: RecordID, reason: String, lossReason: String, _ act: LotStore.Act
    ) -> SQL {
        """
        WITH value AS (
            SELECT coalesce(-sum(fen) FILTER (WHERE fen < 0), 0)::bigint AS loss_fen,
                coalesce(sum(fen) FILTER (WHERE fen > 0), 0)::bigint AS gain_fen
            FROM (
                SELECT round((counted_mg - book_mg)::numeric * unit_cost_fen_per_kg / 1000000) AS fen
                FROM decoction.stocktake_line JOIN decoction.lot USING (site_id, lot_id)
                WHERE site_id = \(act.site) AND stocktake_id = \(id)) AS line
        )
        UPDATE decoction.stocktake SET state = 'approved', ended_at = \(act.now)::timestamptz,
            ended_by = \(act.account)::uuid, document_id = \(document)::uuid, reason = \(reason)::text,
            loss_reason = \(lossReason)::text, loss_fen = value.loss_fen, gain_fen = value.gain_fen
        FROM value WHERE site_id = \(act.site) AND stocktake_id = \(id) AND state = 'awaitingApproval'
        RETURNING stocktake.loss_fen, stocktake.gain_fen
        """
    }
}
