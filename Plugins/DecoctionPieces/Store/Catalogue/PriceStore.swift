internal import XinglinKit

/// The SQL of a site's prices (PC-04) and of its own codes.
enum PriceStore {
    /// A price on its way in.
    struct New {
        let pieceCode: String
        let fenPerKg: Int64
        let markUpPercent: Int64
        let ruleVersion: String
        let validFrom: LocalDate
        let reason: String
    }

    /// Sets a price; no row where it is above the mark-up on what the piece cost, or nothing tells what it cost.
    static func set(_ price: New, _ act: LotStore.Act) -> SQL {
        """
        WITH basis AS (
            SELECT coalesce(
                (SELECT min(unit_cost_fen_per_kg) FROM decoction.lot
                 WHERE site_id = \(act.site) AND piece_code = \(price.pieceCode) AND state = 'accepted'
                    AND expires_on >= \(act.now.localDate) AND on_hand_mg > 0),
                (SELECT unit_cost_fen_per_kg FROM decoction.lot
                 WHERE site_id = \(act.site) AND piece_code = \(price.pieceCode) AND state = 'accepted' AND NOT EXISTS (
                    SELECT FROM decoction.movement AS receipt JOIN decoction.movement AS back
                        ON back.site_id = receipt.site_id AND back.reverses_seq = receipt.seq
                    WHERE receipt.site_id = lot.site_id AND receipt.lot_id = lot.lot_id
                        AND receipt.kind IN ('opening', 'receipt'))
                 ORDER BY received_at DESC, lot_id DESC LIMIT 1)) AS cost
        ), bound AS (
            SELECT cost, round(cost * (100 + \(price.markUpPercent)::bigint) / 100.0)::bigint AS greatest FROM basis
        )
        INSERT INTO decoction.price (
            site_id, piece_code, revision, price_fen_per_kg, cost_fen_per_kg, greatest_fen_per_kg, rule_version,
            valid_from, reason, recorded_at, recorded_by)
        SELECT \(act.site)::uuid, \(price.pieceCode)::text,
            (SELECT coalesce(max(revision), 0) + 1 FROM decoction.price
             WHERE site_id = \(act.site) AND piece_code = \(price.pieceCode)),
            \(price.fenPerKg)::bigint, cost, greatest, \(price.ruleVersion)::text, \(price.validFrom)::date,
            \(price.reason)::text, \(act.now)::timestamptz, \(act.account)::uuid
        FROM bound WHERE \(price.fenPerKg)::bigint <= greatest
        RETURNING revision, cost_fen_per_kg, greatest_fen_per_kg
        """
    }

    /// What a price of the piece is judged by: the least cost of the lots that can be issued, else that of the last one accepted
    /// whose receipt was not taken back; no row where there is none.
    static func basis(_ code: String, site: RecordID, on today: LocalDate) -> SQL {
        """
        SELECT cost FROM (
            SELECT coalesce(
                (SELECT min(unit_cost_fen_per_kg) FROM decoction.lot
                 WHERE site_id = \(site) AND piece_code = \(code) AND state = 'accepted'
                    AND expires_on >= \(today) AND on_hand_mg > 0),
                (SELECT unit_cost_fen_per_kg FROM decoction.lot
                 WHERE site_id = \(site) AND piece_code = \(code) AND state = 'accepted' AND NOT EXISTS (
                    SELECT FROM decoction.movement AS receipt JOIN decoction.movement AS back
                        ON back.site_id = receipt.site_id AND back.reverses_seq = receipt.seq
                    WHERE receipt.site_id = lot.site_id AND receipt.lot_id = lot.lot_id
                        AND receipt.kind IN ('opening', 'receipt'))
                 ORDER BY received_at DESC, lot_id DESC LIMIT 1)) AS cost
        ) AS basis WHERE cost IS NOT NULL
        """
    }

    /// The price of each piece on a day, with what it may be at the most by today's costs.
    static func list(
        on day: LocalDate, today: LocalDate, markUpPercent: Int64, site: RecordID, after code: String, limit: Int
    ) -> SQL {
        """
        WITH current AS (
            SELECT DISTINCT ON (piece_code) piece_code, revision, price_fen_per_kg, valid_from, recorded_at, recorded_by,
                reason
            FROM decoction.price
            WHERE site_id = \(site) AND valid_from <= \(day) AND piece_code > \(code)
            ORDER BY piece_code, valid_from DESC, revision DESC LIMIT \(limit)
        ), cost AS (
            SELECT piece_code, min(unit_cost_fen_per_kg) AS least FROM decoction.lot
            WHERE site_id = \(site) AND state = 'accepted' AND expires_on >= \(today) AND on_hand_mg > 0
                AND piece_code IN (SELECT piece_code FROM current)
            GROUP BY piece_code
        )
        SELECT piece_code, name_zh, current.revision, price_fen_per_kg, valid_from, least,
            round(least * (100 + \(markUpPercent)::bigint) / 100.0)::bigint,
            coalesce(price_fen_per_kg > round(least * (100 + \(markUpPercent)::bigint) / 100.0), false), recorded_at,
            recorded_by, reason
        FROM current LEFT JOIN cost USING (piece_code) JOIN decoction.piece ON piece.code = piece_code
        ORDER BY piece_code
        """
    }

    static let columns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .integer("revision"), .integer("priceFenPerKg"), .string("validFrom"),
        .integer("costFenPerKg"), .integer("greatestFenPerKg"), .boolean("aboveMarkUp"), .timestamp("at"),
        .string("accountId"), .string("reason"),
    ]
}
