internal import XinglinKit

/// The SQL that reads the ledger, in the order of its sequence.
enum MovementStore {
    /// The movements of a site.
    static func list(site: RecordID, after last: Int64, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.selection),
            (\(MovementKind.labelsZh)::text[])[array_position(\(MovementKind.codes)::text[], kind)]
        FROM decoction.movement
        WHERE site_id = \(site) AND seq > \(last)
        ORDER BY seq LIMIT \(limit)
        """
    }

    /// The movements of a document.
    static func list(document: RecordID, site: RecordID, after last: Int64, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.selection),
            (\(MovementKind.labelsZh)::text[])[array_position(\(MovementKind.codes)::text[], kind)]
        FROM decoction.movement
        WHERE site_id = \(site) AND document_id = \(document) AND seq > \(last)
        ORDER BY seq LIMIT \(limit)
        """
    }

    /// The movements of a lot, and of these documents where there are any.
    static func list(lot: RecordID, documents: [RecordID], site: RecordID, after last: Int64, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.selection),
            (\(MovementKind.labelsZh)::text[])[array_position(\(MovementKind.codes)::text[], kind)]
        FROM decoction.movement
        WHERE site_id = \(site) AND lot_id = \(lot) AND seq > \(last)
            AND (\(documents)::uuid[] = '{}' OR document_id = ANY (\(documents)::uuid[]))
        ORDER BY seq LIMIT \(limit)
        """
    }

    private static let selection: StaticString = """
        seq, document_id, line_no, lot_id, piece_code, kind, quantity_mg, nullif(reason, ''), at, account_id,
            location_id, booked_on, reverses_seq
        """

    /// The columns of `list`, as members of the reply; the first is the cursor.
    static let columns: [JSONColumn] = [
        .integer("seq"), .string("documentId"), .integer("lineNo"), .string("lotId"), .string("pieceCode"),
        .string("kind"), .integer("quantityMg"), .string("reason"), .timestamp("at"), .string("accountId"),
        .string("locationId"), .string("bookedOn"), .integer("reversesSeq"), .string("kindZh"),
    ]
}
