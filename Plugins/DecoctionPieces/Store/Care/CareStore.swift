internal import XinglinKit

/// The SQL of care inspections and counts (domain rule 8.2).
enum CareStore {
    /// Where a page of `due` starts: behind the row with these fields.
    struct Cursor {
        var dueOn = LocalDate(daysSince1970: 0)
        var lot = RecordID(high: 0, low: 0)
        var location = RecordID(high: 0, low: 0)
        var kind = ""
    }

    /// What is due by a day at which place, of every lot that lies there, the first first. A look is due its interval after the last
    /// one, or after the receipt; a count is due after the last one that a second person has confirmed.
    static func due(by day: LocalDate, _ intervals: Intervals, site: RecordID, after last: Cursor, limit: Int) -> SQL {
        """
        WITH place AS (
            SELECT site_id, lot_id, location_id, on_hand_mg FROM decoction.holding WHERE site_id = \(site) AND on_hand_mg > 0
            UNION ALL
            SELECT site_id, lot_id, site_id, on_hand_mg - placed_mg FROM decoction.lot
            WHERE site_id = \(site) AND on_hand_mg > placed_mg
        ), task AS (
            SELECT place.lot_id, place.location_id, place.on_hand_mg, piece_code, name_zh, batch_number, storage_class,
                storage_class_zh, state, lot.received_on, kind.kind, (
                    SELECT max(inspected_on) FROM decoction.inspection
                    WHERE inspection.site_id = \(site) AND inspection.lot_id = place.lot_id
                        AND inspection.location_id = place.location_id AND inspection.kind = kind.kind
                        AND (persons < 2 OR EXISTS (
                            SELECT FROM decoction.inspection_witness AS witness
                            WHERE witness.site_id = inspection.site_id
                                AND witness.inspection_id = inspection.inspection_id))) AS last_on,
                kind.days, kind.months
            FROM place JOIN decoction.lot USING (site_id, lot_id) JOIN decoction.piece ON piece.code = piece_code,
            LATERAL (
                SELECT 'inspection' AS kind,
                    CASE WHEN storage_class IN ('insect', 'mould', 'oil', 'volatile') THEN \(intervals.summerDays)::bigint
                        END AS days,
                    CASE WHEN storage_class IN ('insect', 'mould', 'oil', 'volatile')
                        THEN \(intervals.sensitiveMonths)::bigint ELSE \(intervals.months)::bigint END AS months
                UNION ALL
                SELECT 'count', CASE WHEN control_class = 'toxic' THEN \(intervals.toxicDays)::bigint
                    ELSE \(intervals.preciousDays)::bigint END, NULL
                WHERE control_class = 'toxic' OR storage_class = 'precious'
            ) AS kind
            WHERE state NOT IN ('rejected', 'recalled', 'withheld')
        ), dated AS (
            SELECT *, least(
                coalesce(last_on, received_on) + days::integer,
                (coalesce(last_on, received_on) + make_interval(months => months::integer))::date) AS due_on
            FROM task
        )
        SELECT due_on, lot_id, location_id, kind, piece_code, name_zh, batch_number, storage_class, storage_class_zh,
            on_hand_mg, last_on
        FROM dated
        WHERE due_on <= \(day) AND (due_on, lot_id, location_id, kind)
            > (\(last.dueOn), \(last.lot), \(last.location), \(last.kind))
        ORDER BY due_on, lot_id, location_id, kind LIMIT \(limit)
        """
    }

    static let dueColumns: [JSONColumn] = [
        .string("dueOn"), .string("lotId"), .string("locationId"), .string("kind"), .string("pieceCode"),
        .string("nameZh"), .string("batchNumber"), .string("storageClass"), .string("storageClassZh"),
        .integer("onHandMg"), .string("lastOn"),
    ]

    /// What was found of a lot at a place.
    struct Found {
        let id: RecordID
        let lot: RecordID
        let location: RecordID
        let kind: String
        let finding: CareFinding
        let note: String
        let countedMg: Int64?
        let preciousPersons: Int64
        let toxicPersons: Int64
        let ruleVersion: String
        /// The member of staff that the account belongs to.
        let staff: RecordID?
    }

    /// Records it; no row where nothing of the lot lies there. Gives what lies there by the ledger, and how many persons a count
    /// of the piece takes.
    static func record(_ found: Found, _ act: LotStore.Act) -> SQL {
        """
        WITH place AS (
            SELECT lot.site_id, lot.lot_id, CASE WHEN control_class = 'toxic' THEN \(found.toxicPersons)::integer
                    WHEN storage_class = 'precious' THEN \(found.preciousPersons)::integer ELSE 1 END AS persons,
                CASE WHEN \(found.location)::uuid = lot.site_id THEN lot.on_hand_mg - lot.placed_mg
                    ELSE coalesce(holding.on_hand_mg, 0) END AS lying_mg
            FROM decoction.lot JOIN decoction.piece ON piece.code = piece_code
            LEFT JOIN decoction.holding ON holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id
                AND holding.location_id = \(found.location)::uuid
            WHERE lot.site_id = \(act.site) AND lot.lot_id = \(found.lot)
        )
        INSERT INTO decoction.inspection (
            site_id, inspection_id, lot_id, location_id, kind, finding, note, counted_mg, expected_mg, persons,
            rule_version, inspected_on, at, account_id, staff_id)
        SELECT site_id, \(found.id)::uuid, lot_id, \(found.location)::uuid, \(found.kind)::text,
            \(found.finding.rawValue)::text, \(found.note)::text, \(found.countedMg)::bigint,
            CASE WHEN \(found.countedMg)::bigint IS NOT NULL THEN lying_mg END,
            CASE WHEN \(found.kind)::text = 'count' THEN persons ELSE 1 END, \(found.ruleVersion)::text,
            \(act.now.localDate)::date, \(act.now)::timestamptz, \(act.account)::uuid, \(found.staff)::uuid
        FROM place WHERE lying_mg > 0
        RETURNING persons, expected_mg
        """
    }

    /// Withholds a lot, accepted or not; no row where it was rejected, recalled or withheld before.
    static func withhold(_ lot: RecordID, site: RecordID) -> SQL {
        """
        UPDATE decoction.lot SET state = 'withheld', withheld_from = state
        WHERE site_id = \(site) AND lot_id = \(lot) AND state IN ('quarantined', 'awaitingSecond', 'accepted')
        """
    }

    /// Lets a withheld lot go back to where it stood; gives where, or no row where it is not withheld, or the caller is one
    /// of those who condemned it.
    static func release(_ lot: RecordID, as id: RecordID, reason: String, by staff: RecordID?, _ act: LotStore.Act)
        -> SQL
    {
        """
        WITH released AS (
            UPDATE decoction.lot SET state = withheld_from
            WHERE site_id = \(act.site) AND lot_id = \(lot) AND state = 'withheld' AND NOT EXISTS (
                SELECT FROM decoction.inspection
                WHERE site_id = \(act.site) AND lot_id = \(lot) AND finding = 'condemned'
                    AND account_id = \(act.account)::uuid AND at >= coalesce((
                        SELECT max(at) FROM decoction.release WHERE site_id = \(act.site) AND lot_id = \(lot)), '-infinity'))
            RETURNING site_id, lot_id, state
        ), recorded AS (
            INSERT INTO decoction.release (site_id, release_id, lot_id, reason, at, account_id, staff_id)
            SELECT site_id, \(id)::uuid, lot_id, \(reason)::text, \(act.now)::timestamptz, \(act.account)::uuid, \(staff)::uuid
            FROM released
        )
        SELECT state FROM released
        """
    }

    /// Confirms a count as its second person; no row where the caller made it, or it takes one person.
    static func confirm(_ inspection: RecordID, by staff: RecordID?, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.inspection_witness (site_id, inspection_id, at, account_id, staff_id)
        SELECT site_id, inspection_id, \(act.now)::timestamptz, \(act.account)::uuid, \(staff)::uuid FROM decoction.inspection
        WHERE site_id = \(act.site) AND inspection_id = \(inspection) AND persons > 1
            AND account_id <> \(act.account)::uuid
        """
    }

    /// How many persons an inspection takes, and who made it.
    static func persons(_ inspection: RecordID, site: RecordID) -> SQL {
        """
        SELECT persons, account_id, staff_id FROM decoction.inspection
        WHERE site_id = \(site) AND inspection_id = \(inspection)
        """
    }

    /// What was found, the latest first.
    static func list(lot: RecordID?, site: RecordID, before last: (Timestamp, RecordID), limit: Int) -> SQL {
        """
        SELECT at, inspection_id, inspection.lot_id, piece_code, name_zh, location_id, kind, finding, nullif(note, ''),
            counted_mg, expected_mg, persons, (
                SELECT account_id FROM decoction.inspection_witness AS witness
                WHERE witness.site_id = inspection.site_id AND witness.inspection_id = inspection.inspection_id),
            inspection.account_id, rule_version
        FROM decoction.inspection JOIN decoction.lot USING (site_id, lot_id) JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND (\(lot)::uuid IS NULL OR inspection.lot_id = \(lot)::uuid)
            AND (at, inspection_id) < (\(last.0), \(last.1))
        ORDER BY at DESC, inspection_id DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .timestamp("at"), .string("inspectionId"), .string("lotId"), .string("pieceCode"), .string("nameZh"),
        .string("locationId"), .string("kind"), .string("finding"), .string("note"), .integer("countedMg"),
        .integer("expectedMg"), .integer("persons"), .string("confirmedBy"), .string("accountId"),
        .string("ruleVersion"),
    ]
}
