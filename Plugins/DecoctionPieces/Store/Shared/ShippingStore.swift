internal import XinglinKit

/// The SQL of what travels between two sites. Who sends writes its own lots and the shipment's lines; who receives writes its own
/// lots and how much of each line came. `shipment_line_adds_up` holds the two together.
enum ShippingStore {
    /// The supplier's claim on the order: of many that ship it, one gets a row, with who ordered.
    static func ship(
        _ id: RecordID, document: RecordID, dueOn: LocalDate, ruleVersion: String, _ act: LotStore.Act
    ) -> SQL {
        """
        UPDATE decoction.supply_order SET state = 'shipped', shipped_at = \(act.now), document_id = \(document),
            due_on = \(dueOn), rule_version = \(ruleVersion)
        WHERE order_id = \(id) AND supplier_site_id = \(act.site) AND state = 'accepted'
        RETURNING site_name_zh
        """
    }

    /// What was taken from a lot for a line of the order.
    struct Part {
        let lineNo: Int
        let lot: RecordID
        let quantityMg: Int64
    }

    /// The lines of the shipment, each with what the receiver has to know of the lot.
    static func add(_ parts: [Part], to id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.shipment_line (
            site_id, supplier_site_id, order_id, lot_id, line_no, piece_code, batch_number, produced_on, expires_on,
            unit_cost_fen_per_kg, maker_name_zh, maker_licence, shipped_mg, received_mg, claimed_mg, in_transit_mg)
        SELECT placed.site_id, placed.supplier_site_id, placed.order_id, lot.lot_id, part.line_no, lot.piece_code,
            lot.batch_number, lot.produced_on, lot.expires_on, lot.unit_cost_fen_per_kg, supplier.name_zh, supplier.licence,
            part.quantity_mg, 0, 0, part.quantity_mg
        FROM unnest(\(parts.map(\.lineNo))::integer[], \(parts.map(\.lot))::uuid[], \(parts.map(\.quantityMg))::bigint[])
                AS part (line_no, lot_id, quantity_mg)
            JOIN decoction.supply_order AS placed ON placed.order_id = \(id) AND placed.supplier_site_id = \(act.site)
            JOIN decoction.lot ON lot.site_id = placed.supplier_site_id AND lot.lot_id = part.lot_id
            JOIN decoction.supplier ON supplier.site_id = lot.site_id AND supplier.supplier_id = lot.supplier_id
        """
    }

    /// The receiver's claim on the order: of many that receive it, one gets a row, with who sent it.
    static func receive(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.supply_order SET state = 'received', received_at = \(act.now)
        WHERE order_id = \(id) AND site_id = \(act.site) AND state = 'shipped'
        RETURNING supplier_name_zh, licence
        """
    }

    /// What is in transit on an order, of each lot.
    static func inTransit(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        SELECT lot_id, piece_code, in_transit_mg FROM decoction.shipment_line
        WHERE order_id = \(id) AND site_id = \(act.site) AND in_transit_mg > 0
        ORDER BY lot_id FOR UPDATE
        """
    }

    /// How much of a sender's lot came, and the ids of what is made of it.
    struct Count {
        let lot: RecordID
        let quantityMg: Int64
        let newLot: RecordID
        let claim: RecordID
    }

    /// Books what came: the sender's lots become lots of the receiver, in quarantine; what is missing becomes a claim. Gives lot,
    /// new lot, piece, what came and what is missing.
    static func book(
        _ counts: [Count], of id: RecordID, from supplier: RecordID, document: RecordID, reason: String,
        _ act: LotStore.Act
    ) -> SQL {
        """
        WITH counted AS (
            SELECT lot_id, quantity_mg, new_lot_id, claim_id, number
            FROM unnest(
                \(counts.map(\.lot))::uuid[], \(counts.map(\.quantityMg))::bigint[], \(counts.map(\.newLot))::uuid[],
                \(counts.map(\.claim))::uuid[]
            ) WITH ORDINALITY AS counted (lot_id, quantity_mg, new_lot_id, claim_id, number)
        ), sent AS MATERIALIZED (
            SELECT counted.*, in_transit_mg - quantity_mg AS missing_mg
            FROM counted JOIN decoction.shipment_line AS line ON line.order_id = \(id) AND line.lot_id = counted.lot_id
            WHERE line.site_id = \(act.site) AND in_transit_mg > 0 AND quantity_mg <= in_transit_mg
            FOR UPDATE OF line
        ), arrived AS (
            UPDATE decoction.shipment_line AS line SET received_mg = line.received_mg + sent.quantity_mg,
                claimed_mg = line.claimed_mg + sent.missing_mg, in_transit_mg = 0
            FROM sent
            WHERE line.order_id = \(id) AND line.lot_id = sent.lot_id
            RETURNING line.*, sent.quantity_mg, sent.missing_mg, sent.new_lot_id, sent.claim_id, sent.number
        ), stored AS (
            INSERT INTO decoction.lot (
                site_id, lot_id, piece_code, supplier_id, batch_number, produced_on, expires_on, unit_cost_fen_per_kg,
                received_mg, on_hand_mg, state, received_at, received_by, received_on)
            SELECT site_id, new_lot_id, piece_code, \(supplier)::uuid, batch_number, produced_on, expires_on,
                unit_cost_fen_per_kg, quantity_mg, quantity_mg, 'quarantined', \(act.now)::timestamptz, \(act.account)::uuid,
                \(act.bookedOn)::date
            FROM arrived WHERE quantity_mg > 0
        ), moved AS (
            INSERT INTO decoction.movement (
                site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
                booked_on)
            SELECT site_id, \(document)::uuid, number, new_lot_id, piece_code, 'arrival', quantity_mg, \(reason)::text,
                \(act.now)::timestamptz, \(act.account)::uuid, site_id, \(act.bookedOn)::date
            FROM arrived WHERE quantity_mg > 0 ORDER BY number
        ), linked AS (
            INSERT INTO decoction.shipment_receipt (
                site_id, supplier_site_id, order_id, sent_lot_id, lot_id, quantity_mg, at, account_id)
            SELECT site_id, supplier_site_id, order_id, lot_id, new_lot_id, quantity_mg, \(act.now)::timestamptz,
                \(act.account)::uuid
            FROM arrived WHERE quantity_mg > 0
        ), claimed AS (
            INSERT INTO decoction.shipment_claim (
                site_id, supplier_site_id, claim_id, order_id, lot_id, quantity_mg, state, reason, opened_at, opened_by)
            SELECT site_id, supplier_site_id, claim_id, order_id, lot_id, missing_mg, 'open', '', \(act.now)::timestamptz,
                \(act.account)::uuid
            FROM arrived WHERE missing_mg > 0
        )
        SELECT lot_id, new_lot_id, claim_id, piece_code, quantity_mg, missing_mg FROM arrived ORDER BY number
        """
    }

    /// What went out on an order, lot by lot; the lots of the receiver that came of each.
    static func lots(of id: RecordID) -> SQL {
        """
        SELECT lot_id, line_no, piece_code, batch_number, produced_on, expires_on, unit_cost_fen_per_kg, maker_name_zh,
            maker_licence, shipped_mg, received_mg, claimed_mg, in_transit_mg
        FROM decoction.shipment_line WHERE order_id = \(id) ORDER BY line_no, expires_on, lot_id
        """
    }

    static let lotColumns: [JSONColumn] = [
        .string("lotId"), .integer("lineNo"), .string("pieceCode"), .string("batchNumber"), .string("producedOn"),
        .string("expiresOn"), .integer("unitCostFenPerKg"), .string("makerNameZh"), .string("makerLicence"),
        .integer("shippedMg"), .integer("receivedMg"), .integer("claimedMg"), .integer("inTransitMg"),
    ]

    static func receipts(of id: RecordID) -> SQL {
        """
        SELECT sent_lot_id, lot_id, quantity_mg, at FROM decoction.shipment_receipt
        WHERE order_id = \(id) ORDER BY at, lot_id
        """
    }

    static let receiptColumns: [JSONColumn] = [
        .string("sentLotId"), .string("lotId"), .integer("quantityMg"), .timestamp("at"),
    ]

    /// What is in transit from or to the site, by order and lot.
    static func transit(site: RecordID, today: LocalDate, after last: (RecordID, RecordID), limit: Int) -> SQL {
        """
        SELECT sent.order_id, sent.lot_id, sent.piece_code, name_zh, batch_number, expires_on, in_transit_mg,
            CASE WHEN sent.site_id = \(site)::uuid THEN 'coming' ELSE 'going' END, site_code, supplier_code, shipped_at,
            due_on, due_on < \(today)
        FROM (
            (SELECT * FROM decoction.shipment_line
            WHERE site_id = \(site) AND in_transit_mg > 0 AND (order_id, lot_id) > (\(last.0), \(last.1))
            ORDER BY order_id, lot_id LIMIT \(limit))
            UNION ALL
            (SELECT * FROM decoction.shipment_line
            WHERE supplier_site_id = \(site) AND in_transit_mg > 0 AND (order_id, lot_id) > (\(last.0), \(last.1))
            ORDER BY order_id, lot_id LIMIT \(limit))
        ) AS sent JOIN decoction.supply_order USING (order_id) JOIN decoction.piece ON piece.code = sent.piece_code
        ORDER BY sent.order_id, sent.lot_id LIMIT \(limit)
        """
    }

    static let transitColumns: [JSONColumn] = [
        .string("orderId"), .string("lotId"), .string("pieceCode"), .string("nameZh"), .string("batchNumber"),
        .string("expiresOn"), .integer("inTransitMg"), .string("direction"), .string("siteCode"),
        .string("supplierCode"), .timestamp("shippedAt"), .string("dueOn"), .boolean("overdue"),
    ]

    /// Whether a document is one between two sites: those are not taken back.
    static func isOfTwoSites(_ document: RecordID, site: RecordID) -> SQL {
        """
        SELECT 1 FROM decoction.movement
        WHERE site_id = \(site) AND document_id = \(document) AND kind IN ('shipment', 'arrival', 'shipmentReturn') LIMIT 1
        """
    }
}
