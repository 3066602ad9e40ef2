internal import XinglinKit

/// The SQL of stocktakes while lots are counted. Whoever changes one holds its row.
enum StocktakeStore {
    /// Begins a stocktake; `stocktake_place_is_counted` says where the place is being counted.
    static func start(
        _ id: RecordID, at place: RecordID, scope: StocktakeScope, ruleVersion: String, _ act: LotStore.Act
    ) -> SQL {
        """
        INSERT INTO decoction.stocktake (
            site_id, stocktake_id, location_id, scope, state, rule_version, started_at, started_by)
        VALUES (\(act.site), \(id), \(place), \(scope.rawValue), 'counting', \(ruleVersion), \(act.now), \(act.account))
        ON CONFLICT (site_id, location_id) WHERE state IN ('counting', 'awaitingApproval') DO NOTHING
        """
    }

    /// The stocktake that is going on at a place.
    static func running(at place: RecordID, site: RecordID) -> SQL {
        """
        SELECT stocktake_id FROM decoction.stocktake
        WHERE site_id = \(site) AND location_id = \(place) AND state IN ('counting', 'awaitingApproval')
        """
    }

    /// Where a stocktake stands, which place it counts, and which lots; its row is kept until the transaction ends.
    static func lock(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT state, location_id, scope FROM decoction.stocktake
        WHERE site_id = \(site) AND stocktake_id = \(id) FOR UPDATE
        """
    }

    /// How many lots of the scope lie at a place.
    static func lots(at place: RecordID, scope: StocktakeScope, site: RecordID) -> SQL {
        """
        SELECT count(*) FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
            LEFT JOIN decoction.holding ON holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id
                AND holding.location_id = \(place)
        WHERE lot.site_id = \(site)
            AND CASE WHEN \(place)::uuid = lot.site_id THEN lot.on_hand_mg - placed_mg ELSE holding.on_hand_mg END > 0
            AND (\(scope.rawValue)::text = 'all' OR \(scope.rawValue)::text = 'toxic' AND control_class = 'toxic'
                OR \(scope.rawValue)::text = 'precious' AND storage_class = 'precious')
        """
    }

    /// What a count is compared with: the piece, whether two persons answer for it, whether the scope has it, and what lies at
    /// the place; no row for a lot of another site. The lot is locked before: what is being moved was waited for.
    static func book(_ lot: RecordID, at place: RecordID, scope: StocktakeScope, site: RecordID) -> SQL {
        """
        SELECT lot.piece_code, control_class <> 'none' OR storage_class = 'precious',
            \(scope.rawValue)::text = 'all' OR \(scope.rawValue)::text = 'toxic' AND control_class = 'toxic'
                OR \(scope.rawValue)::text = 'precious' AND storage_class = 'precious',
            CASE WHEN \(place)::uuid = lot.site_id THEN lot.on_hand_mg - placed_mg
                ELSE coalesce((
                    SELECT holding.on_hand_mg FROM decoction.holding
                    WHERE holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id AND location_id = \(place)), 0)
                END
        FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
        WHERE lot.site_id = \(site) AND lot.lot_id = \(lot)
        """
    }

    /// The counts of a lot that hold, the first first: what the ledger said, what was found, by which account and member of staff.
    static func counts(of lot: RecordID, in id: RecordID, site: RecordID) -> SQL {
        """
        SELECT made.book_mg, made.counted_mg, account_id, staff_id
        FROM decoction.stocktake_count AS made LEFT JOIN decoction.stocktake_line USING (site_id, stocktake_id, lot_id)
        WHERE site_id = \(site) AND stocktake_id = \(id) AND lot_id = \(lot) AND round > coalesce(void_rounds, 0)
        ORDER BY round
        """
    }

    /// A count, and where it leaves its lot; gives the round.
    static func count(
        _ lot: RecordID, of piece: String, in id: RecordID, _ count: LotCount, status: CountStatus, by staff: RecordID?,
        _ act: LotStore.Act
    ) -> SQL {
        """
        WITH line AS (
            INSERT INTO decoction.stocktake_line (
                site_id, stocktake_id, lot_id, piece_code, status, rounds, void_rounds, book_mg, counted_mg, counted_at)
            VALUES (\(act.site), \(id), \(lot), \(piece), \(status.rawValue), 1, 0, \(count.bookMg), \(count.countedMg),
                \(act.now))
            ON CONFLICT (site_id, stocktake_id, lot_id) DO UPDATE SET status = excluded.status,
                rounds = stocktake_line.rounds + 1, book_mg = excluded.book_mg, counted_mg = excluded.counted_mg,
                counted_at = excluded.counted_at
            RETURNING site_id, stocktake_id, lot_id, rounds, counted_mg, book_mg, counted_at
        )
        INSERT INTO decoction.stocktake_count (
            site_id, stocktake_id, lot_id, round, counted_mg, book_mg, at, account_id, staff_id)
        SELECT site_id, stocktake_id, lot_id, rounds, counted_mg, book_mg, counted_at, \(act.account)::uuid, \(staff)::uuid
        FROM line
        RETURNING round
        """
    }

    /// The lots that keep a count from being finished: what lies there and nobody has counted, and what is to be counted again.
    static func unfinished(
        _ id: RecordID, at place: RecordID, scope: StocktakeScope, site: RecordID, limit: Int
    ) -> SQL {
        """
        SELECT lot.lot_id, lot.piece_code,
            CASE WHEN line.lot_id IS NULL OR line.rounds = line.void_rounds THEN 'open' ELSE line.status END,
            count(*) OVER ()
        FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
            LEFT JOIN decoction.holding ON holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id
                AND holding.location_id = \(place)
            LEFT JOIN decoction.stocktake_line AS line ON line.site_id = lot.site_id AND line.lot_id = lot.lot_id
                AND line.stocktake_id = \(id)
        WHERE lot.site_id = \(site) AND (line.status = 'recount' OR line.rounds = line.void_rounds
            OR line.lot_id IS NULL
                AND CASE WHEN \(place)::uuid = lot.site_id THEN lot.on_hand_mg - placed_mg ELSE holding.on_hand_mg END > 0
                AND (\(scope.rawValue)::text = 'all' OR \(scope.rawValue)::text = 'toxic' AND control_class = 'toxic'
                    OR \(scope.rawValue)::text = 'precious' AND storage_class = 'precious'))
        ORDER BY lot.piece_code, lot.expires_on, lot.lot_id LIMIT \(limit)
        """
    }

    /// Everything is counted: where nothing differs, the stocktake is over. Gives the state and how many lots differ.
    static func finish(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        WITH differing AS (
            SELECT count(*) AS lots FROM decoction.stocktake_line
            WHERE site_id = \(act.site) AND stocktake_id = \(id) AND counted_mg <> book_mg
        )
        UPDATE decoction.stocktake SET finished_at = \(act.now)::timestamptz,
            state = CASE WHEN lots = 0 THEN 'approved' ELSE 'awaitingApproval' END,
            ended_at = CASE WHEN lots = 0 THEN \(act.now)::timestamptz END,
            ended_by = CASE WHEN lots = 0 THEN \(act.account)::uuid END
        FROM differing WHERE site_id = \(act.site) AND stocktake_id = \(id) AND state = 'counting'
        RETURNING state, lots
        """
    }

    /// Sends lots back to be counted anew; what was counted stays to be seen.
    static func reopen(_ lots: [RecordID], in id: RecordID, site: RecordID) -> SQL {
        """
        UPDATE decoction.stocktake_line SET void_rounds = rounds, status = 'recount', reason = ''
        WHERE site_id = \(site) AND stocktake_id = \(id) AND lot_id = ANY (\(lots)::uuid[])
        """
    }

    static func countAgain(_ id: RecordID, site: RecordID) -> SQL {
        """
        UPDATE decoction.stocktake SET state = 'counting', finished_at = NULL
        WHERE site_id = \(site) AND stocktake_id = \(id) AND state = 'awaitingApproval'
        """
    }

    static func cancel(_ id: RecordID, reason: String, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.stocktake SET state = 'cancelled', ended_at = \(act.now), ended_by = \(act.account),
            reason = \(reason)
        WHERE site_id = \(act.site) AND stocktake_id = \(id) AND state IN ('counting', 'awaitingApproval')
        """
    }
}
