internal import XinglinKit

/// The SQL that reads the stock and takes it out by issue.
enum StockStore {
    /// Takes a line's quantity, or what there is of it, from accepted and unexpired lots, first expiry first, ties by receipt
    /// and id (PC-03); the issue moves the batch (PC-04). Gives lot and quantity of each move.
    ///
    /// All candidates of the piece are locked in that order, also where the line names one lot: so documents never wait for
    /// each other in a ring, and a waiting one sees what the other left.
    static func take(
        _ entry: IssueDocument.Entry, document: RecordID, reason: String, _ act: LotStore.Act
    ) -> SQL {
        let named = entry.line.lotId.map { [$0] } ?? []
        return """
            WITH candidate AS MATERIALIZED (
                SELECT lot_id, expires_on, received_at, on_hand_mg FROM decoction.lot
                WHERE site_id = \(act.site) AND piece_code = \(entry.line.pieceCode) AND state = 'accepted'
                    AND expires_on >= \(act.now.localDate) AND on_hand_mg > 0
                ORDER BY expires_on, received_at, lot_id
                FOR UPDATE
            ), running AS (
                SELECT lot_id, expires_on, received_at, on_hand_mg,
                    sum(on_hand_mg) OVER (ORDER BY expires_on, received_at, lot_id) - on_hand_mg AS before_mg
                FROM candidate
                WHERE \(named)::uuid[] = '{}' OR lot_id = ANY (\(named)::uuid[])
            ), share AS (
                SELECT lot_id, least(on_hand_mg, \(entry.line.quantityMg)::bigint - before_mg)::bigint AS quantity_mg
                FROM running WHERE before_mg < \(entry.line.quantityMg)::bigint
            ), taken AS (
                UPDATE decoction.lot SET on_hand_mg = lot.on_hand_mg - share.quantity_mg
                FROM share
                WHERE lot.site_id = \(act.site) AND lot.lot_id = share.lot_id
                RETURNING lot.site_id, lot.lot_id, lot.piece_code, lot.expires_on, lot.received_at, share.quantity_mg
            ), moved AS (
                INSERT INTO decoction.movement (
                    site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id)
                SELECT site_id, \(document)::uuid, \(entry.number)::integer, lot_id, piece_code, 'issue', -quantity_mg,
                    \(reason)::text, \(act.now)::timestamptz, \(act.account)::uuid
                FROM taken ORDER BY expires_on, received_at, lot_id
            )
            SELECT lot_id, quantity_mg FROM taken ORDER BY expires_on, received_at, lot_id
            """
    }

    /// What is on hand of the pieces: to issue, awaiting acceptance, expired.
    static func totals(_ codes: [String], site: RecordID, on today: LocalDate) -> SQL {
        """
        SELECT piece_code,
            coalesce(sum(on_hand_mg) FILTER (WHERE state = 'accepted' AND expires_on >= \(today)), 0)::bigint,
            coalesce(sum(on_hand_mg) FILTER (
                WHERE state IN ('quarantined', 'awaitingSecond') AND expires_on >= \(today)), 0)::bigint,
            coalesce(sum(on_hand_mg) FILTER (WHERE state <> 'rejected' AND expires_on < \(today)), 0)::bigint
        FROM decoction.lot
        WHERE site_id = \(site) AND piece_code = ANY (\(codes)::text[])
        GROUP BY piece_code
        """
    }

    /// Where a page of `list` starts: behind the lot with these fields.
    struct Cursor {
        var pieceCode = ""
        var expiresOn = LocalDate(daysSince1970: 0)
        var receivedAt = Timestamp(microseconds: 0)
        var lotID = RecordID(high: 0, low: 0)
    }

    /// The lots of a site by piece, expiry, receipt and id.
    static func list(site: RecordID, onHandOnly: Bool, after last: Cursor, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.selection),
            (\(LotState.labelsZh)::text[])[array_position(\(LotState.codes)::text[], state)]
        FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
        WHERE lot.site_id = \(site) AND (NOT \(onHandOnly)::boolean OR on_hand_mg > 0)
            AND (piece_code, expires_on, received_at, lot_id)
                > (\(last.pieceCode), \(last.expiresOn), \(last.receivedAt), \(last.lotID))
        ORDER BY piece_code, expires_on, received_at, lot_id LIMIT \(limit)
        """
    }

    /// The same of one piece.
    static func list(piece code: String, site: RecordID, onHandOnly: Bool, after last: Cursor, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.selection),
            (\(LotState.labelsZh)::text[])[array_position(\(LotState.codes)::text[], state)]
        FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
        WHERE lot.site_id = \(site) AND piece_code = \(code) AND (NOT \(onHandOnly)::boolean OR on_hand_mg > 0)
            AND (expires_on, received_at, lot_id) > (\(last.expiresOn), \(last.receivedAt), \(last.lotID))
        ORDER BY piece_code, expires_on, received_at, lot_id LIMIT \(limit)
        """
    }

    private static let selection: StaticString = """
        piece_code, expires_on, received_at, lot_id, name_zh, batch_number, supplier_id, produced_on, on_hand_mg, state
        """

    /// The columns of `list`, as members of the reply; the first four are the cursor.
    static let columns: [JSONColumn] = [
        .string("pieceCode"), .string("expiresOn"), .timestamp("receivedAt"), .string("lotId"), .string("nameZh"),
        .string("batchNumber"), .string("supplierId"), .string("producedOn"), .integer("onHandMg"), .string("state"),
        .string("stateZh"),
    ]
}
