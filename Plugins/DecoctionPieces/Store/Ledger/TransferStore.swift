internal import XinglinKit

/// The SQL that moves stock from one place of a site to another, and that takes documents back.
enum TransferStore {
    /// A line of a transfer.
    struct Line {
        let number: Int
        let lot: RecordID
        let quantityMg: Int64
    }

    /// Moves a line: two movements that add up to nothing, or none where the source has too little of an accepted, unexpired
    /// lot, or the destination does not take the piece (PC-03: a drawer holds its own piece; 8.2: toxic pieces lie in the toxic
    /// cupboard, and nothing else does). The places are locked first, shared, then the lot and what lies there: as everywhere.
    static func transfer(
        _ line: Line, from: RecordID, to: RecordID, document: RecordID, reason: String, _ act: LotStore.Act
    ) -> SQL {
        """
        WITH place AS MATERIALIZED (
            SELECT location_id, kind, piece_code FROM decoction.location
            WHERE site_id = \(act.site) AND location_id IN (\(from), \(to)) AND closed_at IS NULL
            ORDER BY location_id FOR SHARE
        ), locked AS MATERIALIZED (
            SELECT lot.lot_id FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
            WHERE lot.site_id = \(act.site) AND lot.lot_id = \(line.lot) AND lot.state = 'accepted'
                AND lot.expires_on >= \(act.now.localDate)
                AND (\(from)::uuid <> lot.site_id
                    OR lot.on_hand_mg - lot.placed_mg - lot.reserved_mg >= \(line.quantityMg))
                AND (\(from)::uuid = lot.site_id OR EXISTS (SELECT FROM place WHERE location_id = \(from)::uuid))
                AND (\(to)::uuid = lot.site_id OR EXISTS (
                    SELECT FROM place WHERE location_id = \(to)::uuid AND CASE kind
                        WHEN 'drawer' THEN place.piece_code = lot.piece_code AND control_class <> 'toxic'
                        WHEN 'toxicCupboard' THEN control_class = 'toxic'
                        ELSE control_class <> 'toxic' END))
            FOR UPDATE OF lot
        ), source AS MATERIALIZED (
            SELECT holding.lot_id FROM locked JOIN decoction.holding USING (lot_id)
            WHERE holding.site_id = \(act.site) AND holding.location_id = \(from)::uuid
                AND holding.on_hand_mg - holding.reserved_mg >= \(line.quantityMg)::bigint
            FOR UPDATE OF holding
        ), counted AS (
            UPDATE decoction.lot SET placed_mg = lot.placed_mg
                + CASE WHEN \(from)::uuid = lot.site_id THEN \(line.quantityMg)::bigint ELSE 0 END
                - CASE WHEN \(to)::uuid = lot.site_id THEN \(line.quantityMg)::bigint ELSE 0 END
            FROM locked WHERE lot.site_id = \(act.site) AND lot.lot_id = locked.lot_id
                AND (\(from)::uuid = lot.site_id OR EXISTS (SELECT FROM source))
            RETURNING lot.site_id, lot.lot_id, lot.piece_code
        ), taken AS (
            UPDATE decoction.holding SET on_hand_mg = holding.on_hand_mg - \(line.quantityMg)::bigint
            FROM counted
            WHERE holding.site_id = counted.site_id AND holding.lot_id = counted.lot_id
                AND holding.location_id = \(from)::uuid
        ), put AS (
            INSERT INTO decoction.holding (site_id, lot_id, location_id, on_hand_mg)
            SELECT site_id, lot_id, \(to)::uuid, \(line.quantityMg)::bigint FROM counted WHERE \(to)::uuid <> site_id
            ON CONFLICT (site_id, lot_id, location_id)
                DO UPDATE SET on_hand_mg = holding.on_hand_mg + excluded.on_hand_mg
        )
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on)
        SELECT site_id, \(document)::uuid, \(line.number)::integer, lot_id, piece_code, 'transfer', side.quantity_mg,
            \(reason)::text, \(act.now)::timestamptz, \(act.account)::uuid, side.location_id, \(act.bookedOn)::date
        FROM counted, (VALUES (\(from)::uuid, -\(line.quantityMg)::bigint), (\(to)::uuid, \(line.quantityMg)::bigint))
            AS side (location_id, quantity_mg)
        """
    }

    /// Takes every movement of a document back by one that names it; no row where there is no such document, where one of
    /// its places is closed, or where it is on its way to a village or was signed for there. The constraints say where else that cannot be: what has gone on since, and what was taken back before.
    static func reverse(_ document: RecordID, by reversal: RecordID, reason: String, _ act: LotStore.Act) -> SQL {
        """
        WITH place AS MATERIALIZED (
            SELECT closed_at FROM decoction.location
            WHERE site_id = \(act.site) AND location_id IN (
                SELECT location_id FROM decoction.movement WHERE site_id = \(act.site) AND document_id = \(document))
            ORDER BY location_id FOR SHARE
        ), original AS MATERIALIZED (
            SELECT seq, line_no, lot_id, piece_code, quantity_mg, location_id FROM decoction.movement
            WHERE site_id = \(act.site) AND document_id = \(document) AND kind <> 'reversal'
                AND NOT EXISTS (SELECT FROM place WHERE closed_at IS NOT NULL)
                AND NOT EXISTS (
                    SELECT FROM decoction.delivery
                    WHERE delivery.site_id = \(act.site) AND delivery.document_id = \(document) AND state <> 'broughtBack')
                AND NOT EXISTS (
                    SELECT FROM decoction.movement AS sent
                    WHERE sent.site_id = \(act.site) AND sent.document_id = \(document)
                        AND sent.kind IN ('shipment', 'arrival', 'shipmentReturn'))
        ), change AS (
            SELECT lot_id, sum(quantity_mg)::bigint AS total_mg,
                coalesce(sum(quantity_mg) FILTER (WHERE location_id <> \(act.site)), 0)::bigint AS placed_mg
            FROM original GROUP BY lot_id
        ), locked AS MATERIALIZED (
            SELECT lot_id FROM decoction.lot
            WHERE site_id = \(act.site) AND lot_id IN (SELECT lot_id FROM change)
            ORDER BY piece_code, expires_on, received_at, lot_id FOR UPDATE
        ), counted AS (
            UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - change.total_mg,
                placed_mg = lot.placed_mg - change.placed_mg
            FROM change JOIN locked USING (lot_id)
            WHERE lot.site_id = \(act.site) AND lot.lot_id = change.lot_id
            RETURNING lot.lot_id
        ), held AS (
            UPDATE decoction.holding SET on_hand_mg = holding.on_hand_mg - placed.quantity_mg
            FROM (
                SELECT lot_id, location_id, sum(quantity_mg)::bigint AS quantity_mg FROM original
                GROUP BY lot_id, location_id
            ) AS placed JOIN counted USING (lot_id)
            WHERE holding.site_id = \(act.site) AND holding.lot_id = placed.lot_id
                AND holding.location_id = placed.location_id
        )
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on, reverses_seq)
        SELECT \(act.site), \(reversal)::uuid, line_no, lot_id, piece_code, 'reversal', -quantity_mg, \(reason)::text,
            \(act.now)::timestamptz, \(act.account)::uuid, location_id, \(act.bookedOn)::date, seq
        FROM original ORDER BY seq
        """
    }

    /// The closed places of a document.
    static func closedPlaces(of document: RecordID, site: RecordID) -> SQL {
        """
        SELECT location_id FROM decoction.location
        WHERE site_id = \(site) AND closed_at IS NOT NULL AND location_id IN (
            SELECT location_id FROM decoction.movement WHERE site_id = \(site) AND document_id = \(document))
        ORDER BY location_id LIMIT 1
        """
    }

    /// A row where a document takes another one back.
    static func isReversal(_ document: RecordID, site: RecordID) -> SQL {
        """
        SELECT 1 FROM decoction.movement
        WHERE site_id = \(site) AND document_id = \(document) AND kind = 'reversal' LIMIT 1
        """
    }

    /// What a refusal of a transfer needs to know of its lots at a place: id, what lies there and is not reserved.
    static func lying(_ lots: [RecordID], at location: RecordID, site: RecordID) -> SQL {
        """
        SELECT lot.lot_id, CASE WHEN \(location)::uuid = lot.site_id THEN lot.on_hand_mg - lot.placed_mg - lot.reserved_mg
            ELSE coalesce(holding.on_hand_mg - holding.reserved_mg, 0) END
        FROM decoction.lot LEFT JOIN decoction.holding
            ON holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id AND holding.location_id = \(location)
        WHERE lot.site_id = \(site) AND lot.lot_id = ANY (\(lots)::uuid[])
        """
    }
}
