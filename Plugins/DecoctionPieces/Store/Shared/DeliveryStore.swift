internal import XinglinKit

/// The encrypted columns of deliveries: where a patient lives, and who brought and took what.
enum DeliveryColumns {
    static let village = SealedColumn("delivery", "village", key: "delivery_id")
    static let carrier = SealedColumn("delivery", "carrier", key: "delivery_id")
    static let receivedBy = SealedColumn("delivery", "received_by", key: "delivery_id")
    static let returnReason = SealedColumn("delivery", "return_reason", key: "delivery_id")

    static let all = [village, carrier, receivedBy, returnReason]
}

/// The SQL of deliveries to villages.
enum DeliveryStore {
    /// A delivery on its way.
    struct New {
        let id: RecordID
        let prescription: RecordID?
        let document: RecordID?
        let village: SQLBytes
        let carrier: SQLBytes
        let dueOn: LocalDate
        let ruleVersion: String
    }

    /// Begins it; no row where the prescription is neither dispensed nor given to a carrier by its job in the decoction room, or
    /// where it is being boiled or was spoilt; where the document issues nothing of the site, dispensed a prescription or was taken
    /// back; or where a lot of it was recalled. The prescription, or the document, is locked before.
    static func create(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.delivery (
            site_id, delivery_id, prescription_id, document_id, village, carrier, state, due_on, rule_version, created_at,
            created_by)
        SELECT \(act.site)::uuid, \(new.id)::uuid, \(new.prescription)::uuid, \(new.document)::uuid, \(new.village)::bytea,
            \(new.carrier)::bytea, 'onTheWay', \(new.dueOn)::date, \(new.ruleVersion)::text, \(act.now)::timestamptz,
            \(act.account)::uuid
        WHERE EXISTS (
            SELECT FROM decoction.prescription
            WHERE prescription.site_id = \(act.site) AND prescription_id = \(new.prescription)::uuid AND CASE state
                WHEN 'dispensed' THEN NOT EXISTS (
                    SELECT FROM decoction.job WHERE job.site_id = prescription.site_id
                        AND job.prescription_id = prescription.prescription_id AND job.state <> 'aborted')
                WHEN 'arrived' THEN true
                WHEN 'handedOver' THEN EXISTS (
                    SELECT FROM decoction.job WHERE job.site_id = prescription.site_id
                        AND job.prescription_id = prescription.prescription_id AND job.state = 'delivered')
                ELSE false END
                AND NOT EXISTS (
                    SELECT FROM decoction.forwarding WHERE forwarding.forwarding_id = prescription.forwarding_id
                        AND forwarding.state IN ('inTransit', 'received'))
                AND NOT \(literal: HindranceStore.isSpoilt) AND NOT \(literal: HindranceStore.isRecalled)
        ) OR (
            SELECT bool_and(lot.state <> 'recalled' AND back.seq IS NULL)
            FROM decoction.movement AS taken JOIN decoction.lot USING (site_id, lot_id)
            LEFT JOIN decoction.movement AS back ON back.site_id = taken.site_id AND back.reverses_seq = taken.seq
            WHERE taken.site_id = \(act.site) AND taken.document_id = \(new.document)::uuid AND taken.kind = 'issue'
                AND NOT EXISTS (
                    SELECT FROM decoction.dispensed
                    WHERE dispensed.site_id = taken.site_id AND dispensed.document_id = taken.document_id))
        """
    }

    /// Who took it.
    struct HandOver {
        let receivedBy: SQLBytes
        let relation: ReceiverRelation
        let at: Timestamp
        let file: RecordID?
    }

    /// Ends it with a signature; one of many gets a row, with the prescription that was delivered. No row where something of a recalled
    /// lot is in it; who recalls one is done before, or behind it.
    static func handOver(_ id: RecordID, _ taken: HandOver, _ act: LotStore.Act) -> SQL {
        """
        WITH document AS (
            SELECT document_id FROM decoction.delivery WHERE site_id = \(act.site) AND delivery_id = \(id)
            UNION ALL
            SELECT dispensed.document_id FROM decoction.delivery JOIN decoction.dispensed USING (site_id, prescription_id)
            WHERE site_id = \(act.site) AND delivery_id = \(id)
        ), given AS MATERIALIZED (
            SELECT lot_id, state FROM decoction.lot
            WHERE site_id = \(act.site) AND lot_id IN (
                SELECT taken.lot_id FROM document JOIN decoction.movement AS taken USING (document_id)
                WHERE taken.site_id = \(act.site) AND taken.kind = 'issue' AND NOT EXISTS (
                    SELECT FROM decoction.movement AS back
                    WHERE back.site_id = taken.site_id AND back.reverses_seq = taken.seq))
            ORDER BY piece_code, expires_on, received_at, lot_id FOR SHARE
        )
        UPDATE decoction.delivery SET state = 'handedOver', received_by = \(taken.receivedBy), relation = \(taken.relation),
            received_at = \(taken.at), file_id = \(taken.file), closed_at = \(act.now), closed_by = \(act.account)
        WHERE delivery_id = \(id) AND site_id = \(act.site) AND state = 'onTheWay' AND created_at <= \(taken.at)
            AND NOT EXISTS (SELECT FROM given WHERE given.state = 'recalled')
        RETURNING prescription_id
        """
    }

    /// Ends it without: nobody took it.
    static func bringBack(_ id: RecordID, reason: SQLBytes, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.delivery SET state = 'broughtBack', return_reason = \(reason), closed_at = \(act.now),
            closed_by = \(act.account)
        WHERE delivery_id = \(id) AND site_id = \(act.site) AND state = 'onTheWay'
        """
    }

    /// The delivery with which a prescription is on its way.
    static func onTheWay(_ prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT delivery_id FROM decoction.delivery
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND state = 'onTheWay'
        """
    }

    /// The delivery of a prescription that was not brought back.
    static func standing(_ prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT delivery_id FROM decoction.delivery
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND state <> 'broughtBack'
        """
    }

    /// Who the patient of a prescription is, for the audit.
    static func patient(of prescription: RecordID, site: RecordID) -> SQL {
        "SELECT patient_id FROM decoction.prescription WHERE site_id = \(site) AND prescription_id = \(prescription)"
    }

    static func state(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT state, created_at FROM decoction.delivery WHERE delivery_id = \(id) AND site_id = \(site)"
    }

    /// The deliveries of a site, the newest first; the late ones alone where that is asked for.
    static func list(
        state: DeliveryState?, lateOnly: Bool, site: RecordID, today: LocalDate, before last: RecordID, limit: Int
    ) -> SQL {
        """
        SELECT delivery_id, delivery.prescription_id, document_id, patient_id, village, carrier, delivery.state, due_on,
            delivery.state = 'onTheWay' AND due_on < \(today), rule_version, delivery.created_at, received_by, relation,
            received_at, file_id, return_reason, closed_at
        FROM decoction.delivery LEFT JOIN decoction.prescription
            ON prescription.site_id = delivery.site_id AND prescription.prescription_id = delivery.prescription_id
        WHERE delivery.site_id = \(site) AND delivery_id < \(last)
            AND (\(state)::text IS NULL OR delivery.state = \(state)::text)
            AND (NOT \(lateOnly)::boolean OR (delivery.state = 'onTheWay' AND due_on < \(today)))
        ORDER BY delivery_id DESC LIMIT \(limit)
        """
    }
}
