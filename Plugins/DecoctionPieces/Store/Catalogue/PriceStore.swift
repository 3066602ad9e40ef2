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

    /// What a piece of the row `asked` costs: the least cost of the lots that can be issued, else that of the last one accepted whose
    /// receipt was not taken back; NULL where there is none.
    private static let cost: StaticString = """
        coalesce(
            (SELECT min(unit_cost_fen_per_kg) FROM decoction.lot
             WHERE lot.site_id = asked.site_id AND lot.piece_code = asked.piece_code AND state = 'accepted'
                AND expires_on >= asked.today AND on_hand_mg > 0),
            (SELECT unit_cost_fen_per_kg FROM decoction.lot
             WHERE lot.site_id = asked.site_id AND lot.piece_code = asked.piece_code AND state = 'accepted' AND NOT EXISTS (
                SELECT FROM decoction.movement AS receipt JOIN decoction.movement AS back
                    ON back.site_id = receipt.site_id AND back.reverses_seq = receipt.seq
                WHERE receipt.site_id = lot.site_id AND receipt.lot_id = lot.lot_id
                    AND receipt.kind IN ('opening', 'receipt'))
             ORDER BY received_at DESC, lot_id DESC LIMIT 1))
        """

    /// Sets a price; no row where it is above the mark-up on what the piece cost, or nothing tells what it cost.
    static func set(_ price: New, _ act: LotStore.Act) -> SQL {
        """
        WITH basis AS (
            SELECT \(literal: Self.cost) AS cost FROM (
                SELECT \(act.site)::uuid AS site_id, \(price.pieceCode)::text AS piece_code, \(act.now.localDate)::date AS today
            ) AS asked
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

    /// What a price of the piece is judged by; no row where nothing tells what it cost.
    static func basis(_ code: String, site: RecordID, on today: LocalDate) -> SQL {
        """
        SELECT cost FROM (
            SELECT \(literal: Self.cost) AS cost
            FROM (SELECT \(site)::uuid AS site_id, \(code)::text AS piece_code, \(today)::date AS today) AS asked
        ) AS basis WHERE cost IS NOT NULL
        """
    }

    /// The same of many pieces: piece and cost.
    static func bases(of codes: [String], site: RecordID, on today: LocalDate) -> SQL {
        """
        SELECT piece_code, cost FROM (
            SELECT piece_code, \(literal: Self.cost) AS cost
            FROM (
                SELECT DISTINCT \(site)::uuid AS site_id, unnest(\(codes)::text[]) AS piece_code, \(today)::date AS today
            ) AS asked
        ) AS basis WHERE cost IS NOT NULL
        """
    }

    /// Sets prices; gives piece and day of those that are within the mark-up.
    static func setAll(_ prices: [New], markUpPercent: Int64, ruleVersion: String, _ act: LotStore.Act) -> SQL {
        """
        WITH line AS (
            SELECT * FROM unnest(
                \(prices.map(\.pieceCode))::text[], \(prices.map(\.fenPerKg))::bigint[],
                \(prices.map(\.validFrom))::date[], \(prices.map(\.reason))::text[]
            ) WITH ORDINALITY AS one (piece_code, fen, valid_from, reason, line_no)
        ), basis AS (
            SELECT piece_code, \(literal: Self.cost) AS cost
            FROM (
                SELECT DISTINCT \(act.site)::uuid AS site_id, piece_code, \(act.now.localDate)::date AS today FROM line
            ) AS asked
        ), bound AS (
            SELECT piece_code, cost, round(cost * (100 + \(markUpPercent)::bigint) / 100.0)::bigint AS greatest FROM basis
        )
        INSERT INTO decoction.price (
            site_id, piece_code, revision, price_fen_per_kg, cost_fen_per_kg, greatest_fen_per_kg, rule_version,
            valid_from, reason, recorded_at, recorded_by)
        SELECT \(act.site)::uuid, piece_code,
            (SELECT coalesce(max(revision), 0) FROM decoction.price
             WHERE site_id = \(act.site) AND price.piece_code = line.piece_code)
                + row_number() OVER (PARTITION BY piece_code ORDER BY line_no),
            fen, cost, greatest, \(ruleVersion)::text, valid_from, reason, \(act.now)::timestamptz, \(act.account)::uuid
        FROM line JOIN bound USING (piece_code) WHERE fen <= greatest
        RETURNING piece_code, valid_from
        """
    }

    /// What pieces cost from which days on: piece, day, price.
    static func days(of codes: [String], site: RecordID) -> SQL {
        """
        SELECT DISTINCT ON (piece_code, valid_from) piece_code, valid_from, price_fen_per_kg FROM decoction.price
        WHERE site_id = \(site) AND piece_code = ANY (\(codes)::text[])
        ORDER BY piece_code, valid_from, revision DESC
        """
    }

    /// The prices that hold today and those to come, by piece and day.
    static func export(today: LocalDate, site: RecordID, after last: (String, LocalDate), limit: Int) -> SQL {
        """
        SELECT DISTINCT ON (piece_code, valid_from) piece_code, name_zh, price_fen_per_kg, valid_from, reason
        FROM decoction.price JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND (piece_code, valid_from) > (\(last.0), \(last.1)) AND valid_from >= coalesce((
            SELECT max(held.valid_from) FROM decoction.price AS held
            WHERE held.site_id = \(site) AND held.piece_code = price.piece_code AND held.valid_from <= \(today)), valid_from)
        ORDER BY piece_code, valid_from, price.revision DESC LIMIT \(limit)
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
