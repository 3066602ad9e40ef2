internal import XinglinKit

/// The SQL of the separate ledger of toxic and narcotic pieces (专账, 8.2, 8.4).
enum ToxicLedgerStore {
    /// `entry`, behind `LedgerText.flow`: every movement of such a piece with what is left after it, and the second person: who
    /// checked the dispensing or the destruction, confirmed what left without a prescription, accepted the delivery, or counted what
    /// another approved.
    private static let entries: StaticString = """
        entry AS MATERIALIZED (
            SELECT flow.piece_code, flow.name_zh, flow.booked_on, flow.seq, flow.at, flow.kind, flow.document_id,
                coalesce(dispensing.prescription_id, returned.prescription_id) AS prescription_id, flow.lot_id,
                flow.batch_number, flow.location_id, flow.mg,
                (coalesce(before.mg, 0) + sum(flow.mg) OVER (PARTITION BY flow.piece_code ORDER BY flow.booked_on, flow.seq))
                    ::bigint AS balance_mg,
                flow.account_id, coalesce((
                    SELECT decision.account_id FROM decoction.decision
                    WHERE decision.site_id = $1::uuid AND decision.lot_id = flow.lot_id AND decision = 'accept'
                        AND flow.kind IN ('opening', 'receipt', 'arrival') AND decision.account_id <> flow.account_id
                    ORDER BY decision.at, decision.account_id LIMIT 1
                ), (
                    SELECT counted.account_id FROM decoction.stocktake
                    JOIN decoction.stocktake_count AS counted USING (site_id, stocktake_id)
                    WHERE stocktake.site_id = $1::uuid AND stocktake.document_id = flow.document_id
                        AND flow.kind = 'stocktake' AND counted.lot_id = flow.lot_id
                        AND counted.account_id <> flow.account_id
                    ORDER BY counted.at DESC LIMIT 1
                ), CASE WHEN confirmed.is_own_account THEN confirmed.account_id END) AS second_account_id,
                coalesce(dispensing.checker_staff_id, returned.checker_staff_id, confirmed.staff_id) AS second_staff_id
            FROM flow LEFT JOIN (SELECT piece_code, sum(mg) AS mg FROM held GROUP BY piece_code) AS before USING (piece_code)
                LEFT JOIN decoction.dispensing
                    ON dispensing.site_id = $1::uuid AND dispensing.document_id = flow.document_id
                LEFT JOIN decoction.toxic_confirmation AS confirmed
                    ON confirmed.site_id = $1::uuid AND confirmed.document_id = flow.document_id
                LEFT JOIN decoction.returned ON returned.site_id = $1::uuid
                    AND (returned.document_id = flow.document_id OR returned.disposal_id = flow.document_id)
            WHERE flow.control_class IN ('toxic', 'narcotic')
        )
        """

    /// Each such piece that moved or lay there: class, what there was, came, went and is left, how many entries, and how many of them
    /// have no second person.
    static func pieces(_ asked: Asked, piece: String?) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow), \(literal: Self.entries)
        SELECT piece_code, piece.name_zh, control_class, sum(open_mg)::bigint,
            coalesce(sum(mg) FILTER (WHERE mg > 0), 0)::bigint, -coalesce(sum(mg) FILTER (WHERE mg < 0), 0)::bigint,
            sum(open_mg + mg)::bigint, sum(entries)::bigint, sum(alone)::bigint
        FROM (
            SELECT piece_code, mg AS open_mg, 0 AS mg, 0 AS entries, 0 AS alone FROM held
            UNION ALL
            SELECT piece_code, 0, mg, 1, CASE WHEN coalesce(second_account_id, second_staff_id) IS NULL THEN 1 ELSE 0 END
            FROM entry
        ) AS part JOIN decoction.piece ON piece.code = piece_code
        WHERE control_class IN ('toxic', 'narcotic') AND (\(piece)::text IS NULL OR piece_code = \(piece)::text)
        GROUP BY piece_code, piece.name_zh, control_class ORDER BY piece_code
        """
    }

    static let pieceColumns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .string("controlClass"), .integer("openingMg"), .integer("inMg"),
        .integer("outMg"), .integer("closingMg"), .integer("entries"), .integer("withoutSecond"),
    ]

    /// Where a page of `entries` starts: behind the entry with these fields.
    struct Cursor {
        var piece = ""
        var bookedOn = LocalDate(daysSince1970: 0)
        var seq: Int64 = 0
    }

    /// The entries, piece by piece in the order of the ledger's days.
    static func entries(_ asked: Asked, piece: String?, after last: Cursor, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow), \(literal: Self.entries)
        SELECT piece_code, booked_on, seq, at, kind, document_id, prescription_id, lot_id, batch_number, location_id, mg,
            balance_mg, account_id, second_account_id, second_staff_id, name_zh,
            (\(MovementKind.labelsZh)::text[])[array_position(\(MovementKind.codes)::text[], kind)]
        FROM entry
        WHERE (\(piece)::text IS NULL OR piece_code = \(piece)::text)
            AND (piece_code, booked_on, seq) > (\(last.piece), \(last.bookedOn), \(last.seq))
        ORDER BY piece_code, booked_on, seq LIMIT \(limit)
        """
    }

    /// The columns of `entries`, as members of the reply; the first three are the cursor.
    static let columns: [JSONColumn] = [
        .string("pieceCode"), .string("bookedOn"), .integer("seq"), .timestamp("at"), .string("kind"),
        .string("documentId"), .string("prescriptionId"), .string("lotId"), .string("batchNumber"),
        .string("locationId"), .integer("quantityMg"), .integer("balanceMg"), .string("accountId"),
        .string("secondAccountId"), .string("secondStaffId"), .string("nameZh"), .string("kindZh"),
    ]
}
