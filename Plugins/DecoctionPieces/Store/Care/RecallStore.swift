internal import XinglinKit

/// The SQL of recalls.
enum RecallStore {
    /// Blocks a lot, or every lot that the site has of its batch, and records why. Gives the lots that were blocked by it, with
    /// what is left of each. Who issues at the same time is done before, or finds the lot blocked.
    static func recall(_ lot: RecordID, wholeBatch: Bool, as recall: RecordID, reason: String, _ act: LotStore.Act)
        -> SQL
    {
        """
        WITH blocked AS (
            UPDATE decoction.lot SET state = 'recalled'
            FROM decoction.lot AS named
            WHERE named.site_id = \(act.site) AND named.lot_id = \(lot) AND lot.site_id = \(act.site)
                AND (lot.lot_id = named.lot_id OR (\(wholeBatch)::boolean AND lot.batch_number = named.batch_number
                    AND lot.piece_code = named.piece_code AND lot.supplier_id = named.supplier_id))
                AND lot.state <> 'recalled'
            RETURNING lot.site_id, lot.lot_id, lot.on_hand_mg
        ), recorded AS (
            INSERT INTO decoction.recall (site_id, recall_id, lot_id, reason, at, account_id)
            SELECT site_id, \(recall)::uuid, lot_id, \(reason)::text, \(act.now)::timestamptz, \(act.account)::uuid
            FROM blocked
        )
        SELECT lot_id, on_hand_mg FROM blocked ORDER BY lot_id
        """
    }

    /// What a patient got of the lots, net of what was taken back: patient, prescription, quantity, which site had sent it here,
    /// and why that site gave the medicine up, where it reached nobody.
    static func patients(_ lots: [RecordID], site: RecordID, after last: (RecordID, RecordID), limit: Int) -> SQL {
        """
        SELECT patient_id, prescription_id, -sum(movement.quantity_mg)::bigint, (
            SELECT site_code FROM decoction.forwarding WHERE forwarding.forwarding_id = prescription.forwarding_id), (
            SELECT why_given_up FROM decoction.forwarding WHERE forwarding.forwarding_id = prescription.forwarding_id)
        FROM decoction.movement
        LEFT JOIN decoction.movement AS original
            ON original.site_id = movement.site_id AND original.seq = movement.reverses_seq
        JOIN decoction.dispensed ON dispensed.site_id = movement.site_id
            AND dispensed.document_id = coalesce(original.document_id, movement.document_id)
        JOIN decoction.prescription USING (prescription_id)
        WHERE movement.site_id = \(site) AND movement.lot_id = ANY (\(lots)::uuid[])
            AND coalesce(original.kind, movement.kind) = 'issue'
            AND (patient_id, prescription_id) > (\(last.0), \(last.1))
        GROUP BY patient_id, prescription_id, prescription.forwarding_id HAVING sum(movement.quantity_mg) < 0
        ORDER BY patient_id, prescription_id LIMIT \(limit)
        """
    }

    /// The prescriptions for which something of the lots was kept back when they were recalled: prescription, patient, quantity.
    static func reopened(_ lots: [RecordID], site: RecordID) -> SQL {
        """
        SELECT prescription_id, patient_id, sum(quantity_mg)::bigint
        FROM decoction.reservation JOIN decoction.prescription USING (site_id, prescription_id)
        WHERE site_id = \(site) AND lot_id = ANY (\(lots)::uuid[]) AND release = 'recalled'
        GROUP BY prescription_id, patient_id ORDER BY prescription_id LIMIT 5000
        """
    }

    /// Says at the latest check of prescriptions what became of their reservation.
    static func tell(_ prescriptions: [RecordID], _ finding: Finding, site: RecordID, on day: LocalDate) -> SQL {
        """
        INSERT INTO decoction.prescription_finding (
            site_id, prescription_id, check_no, finding_no, checked_on, rule, severity, pieces, text_zh, text_en, resolution,
            rule_version)
        SELECT site_id, prescription_id, check_no, 1 + (
                SELECT coalesce(max(finding_no), 0) FROM decoction.prescription_finding AS found
                WHERE found.site_id = prescription.site_id AND found.prescription_id = prescription.prescription_id
                    AND found.check_no = prescription.check_no),
            \(day)::date, \(finding.rule)::text, \(finding.severity)::text,
            string_to_array(\(finding.pieces.joined(separator: " "))::text, ' '), \(finding.textZh)::text,
            \(finding.textEn)::text, \(finding.resolution)::text, \(finding.ruleVersion ?? "")::text
        FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id = ANY (\(prescriptions)::uuid[])
        """
    }

    /// The prescriptions among these that another site had sent here: forwarding, site, patient.
    static func forwarded(_ prescriptions: [RecordID], site: RecordID) -> SQL {
        """
        SELECT forwarding_id, origin_site_id, patient_id FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id = ANY (\(prescriptions)::uuid[]) AND forwarding_id IS NOT NULL
        ORDER BY forwarding_id
        """
    }

    /// The lots of other sites that came of these: site, its code, lot, what came. They are recalled with them.
    static func descended(_ lots: [RecordID], site: RecordID) -> SQL {
        """
        SELECT receipt.site_id, site_code, receipt.lot_id, quantity_mg
        FROM decoction.shipment_receipt AS receipt JOIN decoction.supply_order USING (order_id)
        WHERE receipt.supplier_site_id = \(site) AND sent_lot_id = ANY (\(lots)::uuid[]) ORDER BY receipt.lot_id
        """
    }

    /// What of the lots was issued without a prescription or shipped to another site, net of what was taken back, and what is left of them.
    static func elsewhere(_ lots: [RecordID], site: RecordID) -> SQL {
        """
        SELECT coalesce((
            SELECT -sum(movement.quantity_mg)::bigint
            FROM decoction.movement
            LEFT JOIN decoction.movement AS original
                ON original.site_id = movement.site_id AND original.seq = movement.reverses_seq
            WHERE movement.site_id = \(site) AND movement.lot_id = ANY (\(lots)::uuid[])
                AND coalesce(original.kind, movement.kind) IN ('issue', 'shipment', 'shipmentReturn')
                AND NOT EXISTS (
                    SELECT FROM decoction.dispensed WHERE dispensed.site_id = movement.site_id
                        AND dispensed.document_id = coalesce(original.document_id, movement.document_id))), 0), (
            SELECT coalesce(sum(on_hand_mg), 0)::bigint FROM decoction.lot
            WHERE site_id = \(site) AND lot_id = ANY (\(lots)::uuid[]))
        """
    }

    /// The lots of the recall that a lot belongs to: recall, lot, reason, when, by whom.
    static func ofLot(_ lot: RecordID, site: RecordID) -> SQL {
        """
        SELECT recall.recall_id, recall.lot_id, recall.reason, recall.at, recall.account_id
        FROM decoction.recall JOIN decoction.recall AS named USING (site_id, recall_id)
        WHERE site_id = \(site) AND named.lot_id = \(lot) ORDER BY recall.lot_id
        """
    }

    /// Which of lots are recalled: lot, recall.
    static func recalled(among lots: [RecordID], site: RecordID) -> SQL {
        """
        SELECT lot_id, recall_id FROM decoction.recall
        WHERE site_id = \(site) AND lot_id = ANY (\(lots)::uuid[]) ORDER BY lot_id
        """
    }

    static let lotColumns: [JSONColumn] = [
        .string("recallId"), .string("lotId"), .string("reason"), .timestamp("at"), .string("accountId"),
    ]

    /// The recalled lots of the site, the latest first.
    static func list(site: RecordID, before last: (Timestamp, RecordID), limit: Int) -> SQL {
        """
        SELECT at, lot_id, recall_id, piece_code, name_zh, batch_number, reason, account_id, on_hand_mg,
            source_site_id IS NOT NULL
        FROM decoction.recall JOIN decoction.lot USING (site_id, lot_id) JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND (at, lot_id) < (\(last.0), \(last.1))
        ORDER BY at DESC, lot_id DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .timestamp("at"), .string("lotId"), .string("recallId"), .string("pieceCode"), .string("nameZh"),
        .string("batchNumber"), .string("reason"), .string("accountId"), .integer("onHandMg"),
        .boolean("bySupplier"),
    ]

    /// The lots of a batch at every readable site.
    static func batch(_ number: String, piece: String?, after last: RecordID, limit: Int) -> SQL {
        """
        SELECT lot_id, lot.site_id, piece_code, piece.name_zh, supplier.name_zh, licence, batch_number, expires_on,
            received_on, received_mg, on_hand_mg, state
        FROM decoction.lot JOIN decoction.supplier USING (site_id, supplier_id)
        JOIN decoction.piece ON piece.code = piece_code
        WHERE lot.site_id = ANY (host.readable_sites()) AND batch_number = \(number)
            AND (\(piece)::text IS NULL OR piece_code = \(piece)::text) AND lot_id > \(last)
        ORDER BY lot_id LIMIT \(limit)
        """
    }

    static let batchColumns: [JSONColumn] = [
        .string("lotId"), .string("siteId"), .string("pieceCode"), .string("nameZh"), .string("supplierNameZh"),
        .string("licence"), .string("batchNumber"), .string("expiresOn"), .string("receivedOn"),
        .integer("receivedMg"), .integer("onHandMg"), .string("state"),
    ]
}
