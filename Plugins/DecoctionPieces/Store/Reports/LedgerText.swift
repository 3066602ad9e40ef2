/// What the statements of reports say of the ledger in common. Every statement that has one of these texts begins with the values of
/// `Asked`, which the texts name by number: $1 the site, $2 the first day, $3 the last day, $4 today.
enum LedgerText {
    /// `opening`: what of a lot lay where when day $2 began. Of a month that was closed before it is reckoned forwards, or, where
    /// that is further away or there is none, backwards from what lies there now: never from the beginning of the ledger.
    static let opening: StaticString = """
        anchor AS MATERIALIZED (
            SELECT month, (month + interval '1 month')::date AS since FROM decoction.period
            WHERE site_id = $1::uuid AND (month + interval '1 month')::date <= $2::date
                AND $2::date - (month + interval '1 month')::date <= $4::date - $2::date
            ORDER BY month DESC LIMIT 1
        ), opening AS MATERIALIZED (
            SELECT lot_id, location_id, sum(mg)::bigint AS mg FROM (
                SELECT lot_id, location_id, on_hand_mg AS mg FROM decoction.period_balance
                WHERE site_id = $1::uuid AND month = (SELECT month FROM anchor)
                UNION ALL
                SELECT lot_id, location_id, quantity_mg FROM decoction.movement
                WHERE site_id = $1::uuid AND booked_on >= (SELECT since FROM anchor) AND booked_on < $2::date
                UNION ALL
                SELECT lot_id, site_id, on_hand_mg - placed_mg FROM decoction.lot
                WHERE site_id = $1::uuid AND on_hand_mg > placed_mg AND (SELECT month FROM anchor) IS NULL
                UNION ALL
                SELECT lot_id, location_id, on_hand_mg FROM decoction.holding
                WHERE site_id = $1::uuid AND on_hand_mg > 0 AND (SELECT month FROM anchor) IS NULL
                UNION ALL
                SELECT lot_id, location_id, -quantity_mg FROM decoction.movement
                WHERE site_id = $1::uuid AND booked_on >= $2::date AND (SELECT month FROM anchor) IS NULL
            ) AS part GROUP BY lot_id, location_id HAVING sum(mg) <> 0
        )
        """

    /// `balance`: the same with its value, behind `opening`. A lot is worth what it cost, rounded to the fen (PC-04); the places have
    /// parts of that, cut so that they add up to it.
    static let balance: StaticString = """
        balance AS MATERIALIZED (
            SELECT lot.piece_code, piece.name_zh, storage_class, control_class, lot_id, location_id,
                coalesce(location.name_zh, '主库') AS location_name_zh, batch_number, expires_on, opening.mg,
                (round(sum(opening.mg) OVER part * unit_cost_fen_per_kg / 1000000)
                    - round((sum(opening.mg) OVER part - opening.mg) * unit_cost_fen_per_kg / 1000000))::bigint AS fen
            FROM opening JOIN decoction.lot USING (lot_id) JOIN decoction.piece ON piece.code = lot.piece_code
                LEFT JOIN decoction.location USING (site_id, location_id)
            WHERE lot.site_id = $1::uuid
            WINDOW part AS (PARTITION BY lot_id ORDER BY location_id)
        )
        """

    /// `held` and `flow`, behind `opening`: what there was of each lot, and every movement of the days with its value and what it was
    /// for. A movement is worth the change of its lot's value in the order of the ledger's days, so that what there was and what moved add
    /// up to what is left, to the fen. A reversal belongs to what it takes back.
    static let flow: StaticString = """
        held AS MATERIALIZED (
            SELECT lot_id, lot.piece_code, sum(opening.mg) AS mg,
                round(sum(opening.mg) * unit_cost_fen_per_kg / 1000000)::bigint AS fen
            FROM opening JOIN decoction.lot USING (lot_id) WHERE lot.site_id = $1::uuid
            GROUP BY lot_id, lot.piece_code, unit_cost_fen_per_kg
        ), moved AS (
            SELECT movement.seq, movement.document_id, movement.lot_id, movement.location_id, movement.kind,
                coalesce(origin.kind, movement.kind) AS cause, coalesce(origin.reason, movement.reason) AS reason,
                coalesce(origin.quantity_mg, movement.quantity_mg) < 0 AS takes, movement.quantity_mg AS mg,
                movement.booked_on, movement.at, movement.account_id, coalesce(held.mg, 0) + sum(movement.quantity_mg)
                    OVER (PARTITION BY movement.lot_id ORDER BY movement.booked_on, movement.seq) AS after_mg
            FROM decoction.movement LEFT JOIN held USING (lot_id) LEFT JOIN decoction.movement AS origin
                ON origin.site_id = movement.site_id AND origin.seq = movement.reverses_seq
            WHERE movement.site_id = $1::uuid AND movement.booked_on BETWEEN $2::date AND $3::date
        ), flow AS MATERIALIZED (
            SELECT moved.*, lot.piece_code, piece.name_zh, storage_class, control_class, batch_number,
                CASE WHEN cause IN ('issue', 'shipment', 'shipmentReturn') THEN 'issued'
                    WHEN cause = 'disposal' THEN 'writeOff'
                    WHEN cause = 'stocktake' AND takes THEN 'shortage'
                    WHEN cause = 'stocktake' THEN 'surplus' ELSE '' END AS part,
                (round(after_mg * unit_cost_fen_per_kg / 1000000)
                    - round((after_mg - mg) * unit_cost_fen_per_kg / 1000000))::bigint AS fen
            FROM moved JOIN decoction.lot USING (lot_id) JOIN decoction.piece ON piece.code = lot.piece_code
            WHERE lot.site_id = $1::uuid
        )
        """

    /// `piece_sum`, behind `flow`: all of that for each piece.
    static let pieces: StaticString = """
        piece_sum AS MATERIALIZED (
            SELECT piece_code, piece.name_zh, storage_class,
                sum(open_mg)::bigint AS opening_mg, sum(open_fen)::bigint AS opening_fen,
                coalesce(sum(mg) FILTER (WHERE mg > 0), 0)::bigint AS in_mg,
                coalesce(sum(fen) FILTER (WHERE mg > 0), 0)::bigint AS in_fen,
                -coalesce(sum(mg) FILTER (WHERE mg < 0), 0)::bigint AS out_mg,
                -coalesce(sum(fen) FILTER (WHERE mg < 0), 0)::bigint AS out_fen,
                sum(open_mg + mg)::bigint AS closing_mg, sum(open_fen + fen)::bigint AS closing_fen,
                -coalesce(sum(mg) FILTER (WHERE part = 'issued'), 0)::bigint AS issued_mg,
                -coalesce(sum(fen) FILTER (WHERE part = 'issued'), 0)::bigint AS issued_fen,
                -coalesce(sum(mg) FILTER (WHERE part = 'shortage'), 0)::bigint AS shortage_mg,
                -coalesce(sum(fen) FILTER (WHERE part = 'shortage'), 0)::bigint AS shortage_fen,
                -coalesce(sum(mg) FILTER (WHERE part = 'writeOff'), 0)::bigint AS write_off_mg,
                -coalesce(sum(fen) FILTER (WHERE part = 'writeOff'), 0)::bigint AS write_off_fen,
                coalesce(sum(mg) FILTER (WHERE part = 'surplus'), 0)::bigint AS surplus_mg,
                coalesce(sum(fen) FILTER (WHERE part = 'surplus'), 0)::bigint AS surplus_fen
            FROM (
                SELECT piece_code, mg AS open_mg, fen AS open_fen, 0 AS mg, 0 AS fen, '' AS part FROM held
                UNION ALL
                SELECT piece_code, 0, 0, mg, fen, part FROM flow
            ) AS entry JOIN decoction.piece ON piece.code = piece_code
            GROUP BY piece_code, piece.name_zh, storage_class
        )
        """
}
