internal import XinglinKit

/// The SQL that reads the stock.
enum StockStore {
    /// What there is of the pieces at a place and not reserved, of lots that were there on the day of the booking: to issue,
    /// awaiting acceptance, expired.
    static func totals(_ codes: [String], at place: RecordID, _ act: LotStore.Act) -> SQL {
        let today = act.now.localDate
        return """
            SELECT piece_code,
                coalesce(sum(lying_mg) FILTER (WHERE state = 'accepted' AND expires_on >= \(today)), 0)::bigint,
                coalesce(sum(lying_mg) FILTER (
                    WHERE state IN ('quarantined', 'awaitingSecond') AND expires_on >= \(today)), 0)::bigint,
                coalesce(sum(lying_mg) FILTER (WHERE state NOT IN ('rejected', 'recalled', 'withheld') AND expires_on < \(today)), 0)::bigint
            FROM (
                SELECT piece_code, state, expires_on, CASE WHEN \(place)::uuid = lot.site_id
                    THEN lot.on_hand_mg - lot.placed_mg - lot.reserved_mg
                    ELSE coalesce(holding.on_hand_mg - holding.reserved_mg, 0) END AS lying_mg
                FROM decoction.lot LEFT JOIN decoction.holding
                    ON holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id AND location_id = \(place)
                WHERE lot.site_id = \(act.site) AND piece_code = ANY (\(codes)::text[])
                    AND received_on <= \(act.bookedOn)
            ) AS lot
            GROUP BY piece_code
            """
    }

    /// What the site has of the pieces: to dispense and not reserved (RX-14), awaiting acceptance, expired. What is to dispense
    /// lies in the main store, in drawers and in toxic cupboards; toxic pieces are dispensed from toxic cupboards alone where
    /// the site has one (8.4). `ReservationStore.reserve` says the same.
    static func totals(_ codes: [String], site: RecordID, on today: LocalDate) -> SQL {
        """
        SELECT piece_code,
            coalesce(sum(free_mg) FILTER (WHERE state = 'accepted' AND expires_on >= \(today)), 0)::bigint,
            coalesce(sum(on_hand_mg) FILTER (
                WHERE state IN ('quarantined', 'awaitingSecond') AND expires_on >= \(today)), 0)::bigint,
            coalesce(sum(on_hand_mg) FILTER (WHERE state NOT IN ('rejected', 'recalled', 'withheld') AND expires_on < \(today)), 0)::bigint
        FROM (
            SELECT piece_code, state, expires_on, on_hand_mg,
                CASE WHEN control_class <> 'toxic' OR NOT EXISTS (
                    SELECT FROM decoction.location
                    WHERE location.site_id = lot.site_id AND kind = 'toxicCupboard' AND closed_at IS NULL
                ) THEN on_hand_mg - placed_mg - reserved_mg ELSE 0 END
                + CASE WHEN placed_mg = 0 THEN 0 ELSE (
                    SELECT coalesce(sum(holding.on_hand_mg - holding.reserved_mg), 0)
                    FROM decoction.holding JOIN decoction.location USING (site_id, location_id)
                    WHERE holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id
                        AND kind IN ('drawer', 'toxicCupboard')
                ) END AS free_mg
            FROM decoction.lot JOIN decoction.piece ON piece.code = piece_code
            WHERE site_id = \(site) AND piece_code = ANY (\(codes)::text[])
        ) AS lot
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
        piece_code, expires_on, received_at, lot_id, name_zh, batch_number, supplier_id, produced_on, on_hand_mg, placed_mg,
            reserved_mg + CASE WHEN placed_mg = 0 THEN 0 ELSE (
                SELECT coalesce(sum(holding.reserved_mg), 0)::bigint FROM decoction.holding
                WHERE holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id) END, spec, origin, maker_name_zh,
            certificate_number, state
        """

    /// The columns of `list`, as members of the reply; the first four are the cursor.
    static let columns: [JSONColumn] = [
        .string("pieceCode"), .string("expiresOn"), .timestamp("receivedAt"), .string("lotId"), .string("nameZh"),
        .string("batchNumber"), .string("supplierId"), .string("producedOn"), .integer("onHandMg"),
        .integer("placedMg"), .integer("reservedMg"), .string("spec"), .string("origin"), .string("maker"),
        .string("certificateNumber"), .string("state"), .string("stateZh"),
    ]
}
