internal import XinglinKit

/// The SQL of documents with which toxic or narcotic pieces left without a prescription, and of their second persons (8.4).
enum ToxicDocumentStore {
    /// Keeps a document that moved such pieces, with who made it; no row where it moved none.
    static func note(_ document: RecordID, _ kind: MovementKind, by staff: RecordID?, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.toxic_document (site_id, document_id, kind, booked_on, at, account_id, staff_id)
        SELECT \(act.site), \(document)::uuid, \(kind.rawValue)::text, \(act.bookedOn)::date, \(act.now)::timestamptz,
            \(act.account)::uuid, \(staff)::uuid
        WHERE EXISTS (
            SELECT FROM decoction.movement JOIN decoction.piece ON piece.code = piece_code
            WHERE site_id = \(act.site) AND document_id = \(document) AND control_class IN ('toxic', 'narcotic'))
        RETURNING document_id
        """
    }

    /// Who made a document, and whether it is confirmed.
    static func maker(of document: RecordID, site: RecordID) -> SQL {
        """
        SELECT account_id, staff_id, EXISTS (
            SELECT FROM decoction.toxic_confirmation AS confirmed
            WHERE confirmed.site_id = made.site_id AND confirmed.document_id = made.document_id)
        FROM decoction.toxic_document AS made WHERE site_id = \(site) AND document_id = \(document)
        """
    }

    /// Keeps the second person; `toxic_confirmed_once` says where there is one already.
    static func confirm(
        _ document: RecordID, by staff: RecordID?, isOwnAccount: Bool, ruleVersion: String, _ act: LotStore.Act
    ) -> SQL {
        """
        INSERT INTO decoction.toxic_confirmation (
            site_id, document_id, at, account_id, staff_id, is_own_account, rule_version)
        VALUES (\(act.site), \(document), \(act.now), \(act.account), \(staff), \(isOwnAccount), \(ruleVersion))
        """
    }

    /// The documents that await their second person, the oldest first; what was taken back awaits nobody.
    static func open(
        bookedBefore day: LocalDate, site: RecordID, after last: (Timestamp, RecordID), limit: Int
    ) -> SQL {
        """
        SELECT at, document_id, kind, (\(MovementKind.labelsZh)::text[])[array_position(\(MovementKind.codes)::text[], kind)],
            booked_on, account_id, staff_id, moved.pieces_zh, moved.quantity_mg
        FROM decoction.toxic_document AS made, LATERAL (
            SELECT string_agg(DISTINCT name_zh, '、' ORDER BY name_zh) AS pieces_zh,
                (-sum(quantity_mg) FILTER (WHERE quantity_mg < 0))::bigint AS quantity_mg
            FROM decoction.movement JOIN decoction.piece ON piece.code = piece_code
            WHERE movement.site_id = made.site_id AND movement.document_id = made.document_id
                AND control_class IN ('toxic', 'narcotic')
        ) AS moved
        WHERE site_id = \(site) AND booked_on < \(day) AND (at, document_id) > (\(last.0), \(last.1))
            AND NOT EXISTS (
                SELECT FROM decoction.toxic_confirmation AS confirmed
                WHERE confirmed.site_id = made.site_id AND confirmed.document_id = made.document_id)
            AND NOT EXISTS (
                SELECT FROM decoction.movement AS taken JOIN decoction.movement AS back
                    ON back.site_id = taken.site_id AND back.reverses_seq = taken.seq
                WHERE taken.site_id = made.site_id AND taken.document_id = made.document_id)
        ORDER BY at, document_id LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .timestamp("at"), .string("documentId"), .string("kind"), .string("kindZh"), .string("bookedOn"),
        .string("accountId"), .string("staffId"), .string("piecesZh"), .integer("quantityMg"),
    ]

    static let start = (Timestamp(microseconds: 0), RecordID(high: 0, low: 0))
}
