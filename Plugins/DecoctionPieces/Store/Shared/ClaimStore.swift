internal import XinglinKit

/// The SQL of claims for what did not arrive. The sender alone settles them: the policy of the table lets nobody else.
enum ClaimStore {
    /// Closes an open claim; one of many gets a row, with the order, the lot and how much.
    static func settle(
        _ id: RecordID, as state: ClaimState, reason: String, document: RecordID?, _ act: LotStore.Act
    ) -> SQL {
        """
        UPDATE decoction.shipment_claim SET state = \(state), reason = \(reason), settled_at = \(act.now),
            settled_by = \(act.account), document_id = \(document)
        WHERE claim_id = \(id) AND supplier_site_id = \(act.site) AND state = 'open'
        RETURNING order_id, lot_id, quantity_mg
        """
    }

    /// Puts the order back on its way, with another day by which it has to arrive.
    static func sendAgain(_ order: RecordID, dueOn: LocalDate, ruleVersion: String, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.supply_order SET state = 'shipped', due_on = \(dueOn), rule_version = \(ruleVersion)
        WHERE order_id = \(order) AND supplier_site_id = \(act.site) AND state IN ('shipped', 'received')
        """
    }

    /// What was claimed of a lot is in transit again.
    static func resend(_ lot: RecordID, quantityMg: Int64, of order: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.shipment_line SET claimed_mg = claimed_mg - \(quantityMg), in_transit_mg = in_transit_mg + \(quantityMg)
        WHERE order_id = \(order) AND lot_id = \(lot) AND supplier_site_id = \(act.site)
        """
    }

    /// What was claimed lies in the sender's store again.
    static func takeBack(_ lot: RecordID, quantityMg: Int64, document: RecordID, reason: String, _ act: LotStore.Act)
        -> SQL
    {
        """
        WITH back AS (
            UPDATE decoction.lot SET on_hand_mg = on_hand_mg + \(quantityMg)::bigint
            WHERE site_id = \(act.site) AND lot_id = \(lot)
            RETURNING site_id, lot_id, piece_code
        )
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on)
        SELECT site_id, \(document)::uuid, 1, lot_id, piece_code, 'shipmentReturn', \(quantityMg)::bigint, \(reason)::text,
            \(act.now)::timestamptz, \(act.account)::uuid, site_id, \(act.bookedOn)::date
        FROM back
        """
    }

    /// What was claimed is lost: it comes back on paper and leaves as a disposal, so that it counts as the sender's loss.
    static func writeOff(_ lot: RecordID, quantityMg: Int64, document: RecordID, reason: String, _ act: LotStore.Act)
        -> SQL
    {
        """
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on)
        SELECT site_id, \(document)::uuid, 1, lot_id, piece_code, side.kind, side.quantity_mg, \(reason)::text,
            \(act.now)::timestamptz, \(act.account)::uuid, site_id, \(act.bookedOn)::date
        FROM decoction.lot, (VALUES ('shipmentReturn', \(quantityMg)::bigint), ('disposal', -\(quantityMg)::bigint))
            AS side (kind, quantity_mg)
        WHERE site_id = \(act.site) AND lot_id = \(lot)
        """
    }

    /// The claim's state, and whether it is the acting site's to settle.
    static func state(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT state, supplier_site_id = \(site)::uuid FROM decoction.shipment_claim
        WHERE claim_id = \(id) AND (site_id = \(site)::uuid OR supplier_site_id = \(site)::uuid)
        """
    }

    /// The claims of either side, the newest first.
    static func list(order: RecordID?, state: ClaimState?, site: RecordID, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT claim_id, claim.order_id, claim.lot_id, claim.site_id = \(site)::uuid, site_code, supplier_code,
            line.piece_code, name_zh, line.batch_number, claim.quantity_mg, nullif(claim.reason, ''), claim.opened_at,
            claim.settled_at, claim.document_id, claim.state,
            (\(ClaimState.labelsZh)::text[])[array_position(\(ClaimState.codes)::text[], claim.state)]
        FROM (
            (SELECT * FROM decoction.shipment_claim
            WHERE site_id = \(site) AND claim_id < \(last) AND (\(order)::uuid IS NULL OR order_id = \(order)::uuid)
                AND (\(state)::text IS NULL OR state = \(state)::text)
            ORDER BY claim_id DESC LIMIT \(limit))
            UNION ALL
            (SELECT * FROM decoction.shipment_claim
            WHERE supplier_site_id = \(site) AND claim_id < \(last)
                AND (\(order)::uuid IS NULL OR order_id = \(order)::uuid)
                AND (\(state)::text IS NULL OR state = \(state)::text)
            ORDER BY claim_id DESC LIMIT \(limit))
        ) AS claim JOIN decoction.supply_order USING (order_id)
            JOIN decoction.shipment_line AS line ON line.order_id = claim.order_id AND line.lot_id = claim.lot_id
            JOIN decoction.piece ON piece.code = line.piece_code
        ORDER BY claim_id DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("claimId"), .string("orderId"), .string("lotId"), .boolean("ours"), .string("siteCode"),
        .string("supplierCode"), .string("pieceCode"), .string("nameZh"), .string("batchNumber"),
        .integer("quantityMg"), .string("reason"), .timestamp("openedAt"), .timestamp("settledAt"),
        .string("documentId"), .string("state"), .string("stateZh"),
    ]
}
