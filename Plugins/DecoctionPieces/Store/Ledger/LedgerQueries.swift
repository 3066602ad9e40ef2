internal import XinglinKit

/// The SQL that reads the ledger as a whole: whether it adds up, what it is worth, what runs out.
enum LedgerQueries {
    /// How many lots and movements there are.
    static func counts(site: RecordID) -> SQL {
        """
        SELECT (SELECT count(*) FROM decoction.lot WHERE site_id = \(site)),
            (SELECT count(*) FROM decoction.movement WHERE site_id = \(site))
        """
    }

    /// Every lot, place and transfer that does not add up: what, lot or document, what the movements
    /// (of what is reserved, the open reservations) say, what is written.
    static func differences(site: RecordID, limit: Int) -> SQL {
        """
        WITH place AS (
            SELECT lot_id, location_id, sum(quantity_mg)::bigint AS total_mg FROM decoction.movement
            WHERE site_id = \(site) GROUP BY lot_id, location_id
        ), whole AS (
            SELECT lot_id, sum(total_mg)::bigint AS total_mg,
                coalesce(sum(total_mg) FILTER (WHERE location_id <> \(site)), 0)::bigint AS placed_mg
            FROM place GROUP BY lot_id
        ), held AS (
            SELECT lot_id, location_id, on_hand_mg FROM decoction.holding WHERE site_id = \(site)
        )
        SELECT 'lotBalance', lot_id, coalesce(total_mg, 0), on_hand_mg
        FROM decoction.lot LEFT JOIN whole USING (lot_id)
        WHERE site_id = \(site) AND on_hand_mg <> coalesce(total_mg, 0)
        UNION ALL
        SELECT 'lotPlaced', lot_id, coalesce(whole.placed_mg, 0), lot.placed_mg
        FROM decoction.lot LEFT JOIN whole USING (lot_id)
        WHERE site_id = \(site) AND lot.placed_mg <> coalesce(whole.placed_mg, 0)
        UNION ALL
        SELECT 'placeBalance', lot_id, coalesce(total_mg, 0), coalesce(on_hand_mg, 0)
        FROM (SELECT * FROM place WHERE location_id <> \(site)) AS other FULL JOIN held USING (lot_id, location_id)
        WHERE coalesce(on_hand_mg, 0) <> coalesce(total_mg, 0)
        UNION ALL
        SELECT 'negative', lot_id, total_mg, total_mg FROM place WHERE total_mg < 0
        UNION ALL
        SELECT 'negativeThen', lot_id, min(left_mg), min(left_mg) FROM (
            SELECT lot_id, sum(sum(quantity_mg)) OVER (PARTITION BY lot_id, location_id ORDER BY booked_on)::bigint AS left_mg
            FROM decoction.movement WHERE site_id = \(site) GROUP BY lot_id, location_id, booked_on
        ) AS running GROUP BY lot_id HAVING min(left_mg) < 0
        UNION ALL
        SELECT 'transfer', document_id, 0, sum(quantity_mg)::bigint FROM decoction.movement
        WHERE site_id = \(site) AND kind = 'transfer' GROUP BY document_id, line_no HAVING sum(quantity_mg) <> 0
        UNION ALL
        SELECT 'reserved', lot_id, coalesce(open_mg, 0), coalesce(reserved_mg, 0)
        FROM (
            SELECT lot_id, site_id AS location_id, reserved_mg FROM decoction.lot
            WHERE site_id = \(site) AND reserved_mg <> 0
            UNION ALL
            SELECT lot_id, location_id, reserved_mg FROM decoction.holding WHERE site_id = \(site) AND reserved_mg <> 0
        ) AS kept FULL JOIN (
            SELECT lot_id, location_id, sum(quantity_mg)::bigint AS open_mg FROM decoction.reservation
            WHERE site_id = \(site) AND released_at IS NULL GROUP BY lot_id, location_id
        ) AS open USING (lot_id, location_id)
        WHERE coalesce(open_mg, 0) <> coalesce(reserved_mg, 0)
        ORDER BY 1, 2 LIMIT \(limit)
        """
    }

    static let differenceColumns: [JSONColumn] = [
        .string("what"), .string("id"), .integer("expectedMg"), .integer("foundMg"),
    ]

    /// What was on hand of each piece at the end of a day, and what it cost, batch by batch (PC-04); give it `Asked.atEnd`.
    static func values(_ asked: Asked, after code: String, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening)
        SELECT piece_code, name_zh, sum(left_mg)::bigint, sum(value_fen)::bigint, count(*)
        FROM (
            SELECT piece_code, lot_id, sum(mg) AS left_mg, round(sum(mg) * unit_cost_fen_per_kg / 1000000) AS value_fen
            FROM opening JOIN decoction.lot USING (lot_id)
            WHERE lot.site_id = \(asked.site) AND piece_code > \(code)
            GROUP BY piece_code, lot_id, unit_cost_fen_per_kg HAVING sum(mg) <> 0
        ) AS batch JOIN decoction.piece ON piece.code = piece_code
        GROUP BY piece_code, name_zh ORDER BY piece_code LIMIT \(limit)
        """
    }

    static let valueColumns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .integer("onHandMg"), .integer("valueFen"), .integer("lots"),
    ]

    /// The whole of it, of all pieces.
    static func totalValue(_ asked: Asked) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening)
        SELECT coalesce(sum(value_fen), 0)::bigint FROM (
            SELECT round(sum(mg) * unit_cost_fen_per_kg / 1000000) AS value_fen
            FROM opening JOIN decoction.lot USING (lot_id) WHERE lot.site_id = \(asked.site)
            GROUP BY lot_id, unit_cost_fen_per_kg
        ) AS batch
        """
    }

    /// The lots of which something is left that expire by a date, those that have expired among them, the first first.
    static func expiring(by day: LocalDate, site: RecordID, after last: StockStore.Cursor, limit: Int) -> SQL {
        """
        SELECT expires_on, lot_id, piece_code, name_zh, batch_number, on_hand_mg, state
        FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
        WHERE site_id = \(site) AND on_hand_mg > 0 AND expires_on <= \(day)
            AND (expires_on, lot_id) > (\(last.expiresOn), \(last.lotID))
        ORDER BY expires_on, lot_id LIMIT \(limit)
        """
    }

    static let expiringColumns: [JSONColumn] = [
        .string("expiresOn"), .string("lotId"), .string("pieceCode"), .string("nameZh"), .string("batchNumber"),
        .integer("onHandMg"), .string("state"),
    ]

    /// The pieces that last for fewer days than they should at the use of the last days, and what is missing for that: what
    /// was issued and not taken back, in the days before today.
    static func shortages(
        since day: LocalDate, days: Int, cover: Int, today: LocalDate, site: RecordID, after code: String, limit: Int
    ) -> SQL {
        """
        WITH used AS (
            SELECT movement.piece_code, -sum(movement.quantity_mg)::bigint AS used_mg
            FROM decoction.movement LEFT JOIN decoction.movement AS original
                ON original.site_id = movement.site_id AND original.seq = movement.reverses_seq
            WHERE movement.site_id = \(site) AND movement.booked_on >= \(day) AND movement.booked_on < \(today)
                AND movement.piece_code > \(code) AND coalesce(original.kind, movement.kind) IN ('issue', 'shipment')
            GROUP BY movement.piece_code HAVING sum(movement.quantity_mg) < 0
        ), available AS (
            SELECT piece_code, sum(on_hand_mg)::bigint AS available_mg FROM decoction.lot
            WHERE site_id = \(site) AND state NOT IN ('rejected', 'recalled', 'withheld') AND expires_on >= \(today) GROUP BY piece_code
        )
        SELECT piece_code, name_zh, used_mg, coalesce(available_mg, 0),
            (ceil(used_mg::numeric * \(cover) / \(days)) - coalesce(available_mg, 0))::bigint
        FROM used LEFT JOIN available USING (piece_code) JOIN decoction.piece ON piece.code = piece_code
        WHERE coalesce(available_mg, 0) < ceil(used_mg::numeric * \(cover) / \(days))
        ORDER BY piece_code LIMIT \(limit)
        """
    }

    static let shortageColumns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .integer("usedMg"), .integer("availableMg"), .integer("suggestedMg"),
    ]
}
