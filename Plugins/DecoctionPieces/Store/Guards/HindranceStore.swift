internal import XinglinKit

/// The SQL of what keeps dispensed and issued pieces in the house: they were spoilt in the decoction room (8.5), or a lot of
/// them was recalled. The conditions stand in the statements that would let them go.
enum HindranceStore {
    /// Of the row `prescription`: whether its pieces got wet and were given up since they were dispensed.
    static let isSpoilt: StaticString = """
        EXISTS (
            SELECT FROM decoction.job AS spoilt
            WHERE spoilt.site_id = prescription.site_id AND spoilt.prescription_id = prescription.prescription_id
                AND spoilt.is_spoilt AND spoilt.ended_at >= coalesce((
                    SELECT max(dispensed.at) FROM decoction.dispensed
                    WHERE dispensed.site_id = spoilt.site_id AND dispensed.prescription_id = spoilt.prescription_id),
                    '-infinity'))
        """

    /// Of the row `prescription`: whether a lot that it was dispensed from, and that was not taken back, is recalled now.
    static let isRecalled: StaticString = """
        EXISTS (
            SELECT FROM decoction.dispensed JOIN decoction.movement AS taken USING (site_id, document_id)
            JOIN decoction.lot ON lot.site_id = taken.site_id AND lot.lot_id = taken.lot_id
            WHERE dispensed.site_id = prescription.site_id
                AND dispensed.prescription_id = prescription.prescription_id
                AND taken.kind = 'issue' AND lot.state = 'recalled' AND NOT EXISTS (
                    SELECT FROM decoction.movement AS back
                    WHERE back.site_id = taken.site_id AND back.reverses_seq = taken.seq))
        """

    /// The recalled lots that a prescription was dispensed from, or a document issued, but for what was taken back.
    static func recalled(_ prescription: RecordID?, _ document: RecordID?, site: RecordID) -> SQL {
        """
        SELECT DISTINCT lot.lot_id, lot.piece_code, batch_number
        FROM decoction.movement AS taken JOIN decoction.lot ON lot.site_id = taken.site_id AND lot.lot_id = taken.lot_id
        WHERE taken.site_id = \(site) AND taken.kind = 'issue' AND lot.state = 'recalled' AND taken.document_id IN (
                SELECT \(document)::uuid UNION ALL SELECT document_id FROM decoction.dispensed
                WHERE dispensed.site_id = \(site) AND prescription_id = \(prescription)::uuid)
            AND NOT EXISTS (
                SELECT FROM decoction.movement AS back
                WHERE back.site_id = taken.site_id AND back.reverses_seq = taken.seq)
        ORDER BY lot.lot_id
        """
    }

    /// Keeps a document from being taken back and sent out at once: a statement of its own, so that the next one sees what was
    /// waited for. "xldd" and the document.
    static func lockDocument(_ id: RecordID) -> SQL {
        "SELECT pg_advisory_xact_lock(\(literal: Self.space), hashtext(\(id)::uuid::text))::text"
    }

    private static let space: StaticString = "2020369508"

    /// The delivery of a document that was not brought back.
    static func delivery(of document: RecordID, site: RecordID) -> SQL {
        """
        SELECT delivery_id FROM decoction.delivery
        WHERE site_id = \(site) AND document_id = \(document) AND state <> 'broughtBack'
        """
    }

    /// Whether a document dispensed a prescription, and whether it was taken back; no row where it issues nothing.
    static func issue(_ document: RecordID, site: RecordID) -> SQL {
        """
        SELECT EXISTS (SELECT FROM decoction.dispensed WHERE site_id = \(site) AND document_id = \(document)),
            coalesce(bool_or(back.seq IS NOT NULL), false)
        FROM decoction.movement AS taken LEFT JOIN decoction.movement AS back
            ON back.site_id = taken.site_id AND back.reverses_seq = taken.seq
        WHERE taken.site_id = \(site) AND taken.document_id = \(document) AND taken.kind = 'issue'
        HAVING count(*) > 0
        """
    }

    /// The prescription, or the document, of a delivery that is on its way.
    static func subject(of delivery: RecordID, site: RecordID) -> SQL {
        """
        SELECT prescription_id, document_id FROM decoction.delivery
        WHERE site_id = \(site) AND delivery_id = \(delivery) AND state = 'onTheWay'
        """
    }
}
