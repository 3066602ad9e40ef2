internal import XinglinKit

/// The SQL that shows stocktakes.
enum StocktakeQueries {
    /// What is to be counted, without what the ledger says of it (blind count): what lies there, and what was counted already.
    static func sheet(
        _ id: RecordID, at place: RecordID, scope: StocktakeScope, site: RecordID, after last: StockStore.Cursor,
        limit: Int
    ) -> SQL {
        """
        SELECT lot.piece_code, lot.expires_on, lot.received_at, lot.lot_id, name_zh, batch_number,
            CASE WHEN line.lot_id IS NULL OR line.rounds = line.void_rounds THEN 'open' ELSE line.status END
        FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
            LEFT JOIN decoction.holding ON holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id
                AND holding.location_id = \(place)
            LEFT JOIN decoction.stocktake_line AS line ON line.site_id = lot.site_id AND line.lot_id = lot.lot_id
                AND line.stocktake_id = \(id)
        WHERE lot.site_id = \(site) AND (line.lot_id IS NOT NULL
                OR CASE WHEN \(place)::uuid = lot.site_id THEN lot.on_hand_mg - placed_mg ELSE holding.on_hand_mg END > 0
                    AND (\(scope.rawValue)::text = 'all' OR \(scope.rawValue)::text = 'toxic' AND control_class = 'toxic'
                        OR \(scope.rawValue)::text = 'precious' AND storage_class = 'precious'))
            AND (lot.piece_code, lot.expires_on, lot.received_at, lot.lot_id)
                > (\(last.pieceCode), \(last.expiresOn), \(last.receivedAt), \(last.lotID))
        ORDER BY lot.piece_code, lot.expires_on, lot.received_at, lot.lot_id LIMIT \(limit)
        """
    }

    static let sheetColumns: [JSONColumn] = [
        .string("pieceCode"), .string("expiresOn"), .timestamp("receivedAt"), .string("lotId"), .string("nameZh"),
        .string("batchNumber"), .string("status"),
    ]

    /// A stocktake's place and scope, without keeping it.
    static func subject(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT location_id, scope FROM decoction.stocktake WHERE site_id = \(site) AND stocktake_id = \(id)"
    }

    /// One stocktake.
    static func one(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT \(literal: Self.shown) FROM decoction.stocktake WHERE site_id = \(site) AND stocktake_id = \(id)
        """
    }

    /// A page of stocktakes, the latest first.
    static func list(state: StocktakeState?, site: RecordID, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.shown) FROM decoction.stocktake
        WHERE site_id = \(site) AND (\(state?.rawValue)::text IS NULL OR state = \(state?.rawValue))
            AND stocktake_id < \(last)
        ORDER BY stocktake_id DESC LIMIT \(limit)
        """
    }

    private static let shown: StaticString = """
        stocktake_id, location_id, scope, state, rule_version, started_at, started_by, finished_at, ended_at, ended_by,
        document_id, nullif(reason, ''), nullif(loss_reason, ''), loss_fen, gain_fen,
        (SELECT count(*) FROM decoction.stocktake_line AS line
         WHERE line.site_id = stocktake.site_id AND line.stocktake_id = stocktake.stocktake_id),
        reversal_id, reversed_at, reversed_by
        """

    static let columns: [JSONColumn] = [
        .string("stocktakeId"), .string("locationId"), .string("scope"), .string("state"), .string("ruleVersion"),
        .timestamp("startedAt"), .string("startedBy"), .timestamp("finishedAt"), .timestamp("endedAt"),
        .string("endedBy"), .string("documentId"), .string("reason"), .string("lossReason"), .integer("lossFen"),
        .integer("gainFen"), .integer("lots"), .string("reversalId"), .timestamp("reversedAt"), .string("reversedBy"),
    ]

    /// What differed: the lot, what the ledger said and what was found, at cost, how often it was counted, and why.
    static func differences(_ id: RecordID, site: RecordID, after last: (String, RecordID), limit: Int) -> SQL {
        """
        SELECT line.piece_code, line.lot_id, name_zh, batch_number, status, book_mg, counted_mg, counted_mg - book_mg,
            round((counted_mg - book_mg)::numeric * unit_cost_fen_per_kg / 1000000)::bigint, rounds,
            nullif(line.reason, '')
        FROM decoction.stocktake_line AS line JOIN decoction.lot USING (site_id, lot_id)
            JOIN decoction.piece ON piece.code = line.piece_code
            JOIN decoction.stocktake USING (site_id, stocktake_id)
        WHERE stocktake.state <> 'counting' AND line.site_id = \(site) AND stocktake_id = \(id) AND counted_mg <> book_mg
            AND (line.piece_code, line.lot_id) > (\(last.0), \(last.1))
        ORDER BY line.piece_code, line.lot_id LIMIT \(limit)
        """
    }

    static let differenceColumns: [JSONColumn] = [
        .string("pieceCode"), .string("lotId"), .string("nameZh"), .string("batchNumber"), .string("status"),
        .integer("bookMg"), .integer("countedMg"), .integer("differenceMg"), .integer("valueFen"), .integer("rounds"),
        .string("reason"),
    ]

    /// When each place is to be counted next: all of it each month, its toxic pieces each day, its precious ones each week.
    /// What was never counted is due on the day on which something came there.
    static func due(on day: LocalDate, months: Int64, toxicDays: Int64, preciousDays: Int64, site: RecordID) -> SQL {
        """
        WITH lying AS (
            SELECT site_id AS location_id, piece_code, received_on FROM decoction.lot
            WHERE site_id = \(site) AND on_hand_mg > placed_mg
            UNION ALL
            SELECT location_id, piece_code, received_on
            FROM decoction.holding JOIN decoction.lot USING (site_id, lot_id)
            WHERE holding.site_id = \(site) AND holding.on_hand_mg > 0
        ), wanted AS (
            SELECT location_id, scope, min(received_on) AS since
            FROM lying JOIN decoction.piece ON piece.code = piece_code,
                LATERAL (VALUES ('all'), (CASE WHEN control_class = 'toxic' THEN 'toxic' END),
                    (CASE WHEN storage_class = 'precious' THEN 'precious' END)) AS kind (scope)
            WHERE scope IS NOT NULL GROUP BY location_id, scope
        ), next AS (
            SELECT location_id, scope, last_on, CASE WHEN last_on IS NULL THEN since
                WHEN scope = 'all' THEN (last_on + make_interval(months => \(months)::integer))::date
                WHEN scope = 'toxic' THEN last_on + \(toxicDays)::integer ELSE last_on + \(preciousDays)::integer
                END AS due_on
            FROM wanted, LATERAL (
                SELECT (max(finished_at) AT TIME ZONE 'Asia/Shanghai')::date AS last_on FROM decoction.stocktake
                WHERE site_id = \(site) AND stocktake.location_id = wanted.location_id AND state = 'approved'
                    AND stocktake.scope IN ('all', wanted.scope)) AS counted
        )
        SELECT next.location_id, code, name_zh, scope, last_on, due_on, due_on < \(day)
        FROM next LEFT JOIN decoction.location ON location.site_id = \(site)
            AND location.location_id = next.location_id
        ORDER BY due_on, next.location_id, scope
        """
    }

    static let dueColumns: [JSONColumn] = [
        .string("locationId"), .string("code"), .string("nameZh"), .string("scope"), .string("lastOn"),
        .string("dueOn"), .boolean("overdue"),
    ]
}
