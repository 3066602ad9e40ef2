internal import XinglinKit

/// The SQL that follows one lot.
enum TraceStore {
    typealias LotColumns = (
        String, String, String, RecordID, String, String, LocalDate, LocalDate, LocalDate, Int64, Int64, LotState,
        String?, String?, String?, String?, Int?
    )

    static func lot(_ lot: RecordID, site: RecordID) -> SQL {
        """
        SELECT piece_code, piece.name_zh, batch_number, supplier_id, supplier.name_zh, licence, produced_on, expires_on,
            received_on, received_mg, on_hand_mg, state, spec, origin, maker_name_zh, certificate_number, supplier_version
        FROM decoction.lot JOIN decoction.supplier USING (site_id, supplier_id)
        JOIN decoction.piece ON piece.code = lot.piece_code
        WHERE lot.site_id = \(site) AND lot_id = \(lot)
        """
    }

    static func decisions(_ lot: RecordID, site: RecordID) -> SQL {
        """
        SELECT decision, at, account_id, nullif(reason, ''), staff_id, title FROM decoction.decision
        WHERE site_id = \(site) AND lot_id = \(lot) ORDER BY at, account_id
        """
    }

    static let decisionColumns: [JSONColumn] = [
        .string("decision"), .timestamp("at"), .string("accountId"), .string("reason"), .string("staffId"),
        .string("title"),
    ]

    static func places(_ lot: RecordID, site: RecordID) -> SQL {
        """
        SELECT site_id, on_hand_mg - placed_mg FROM decoction.lot
        WHERE site_id = \(site) AND lot_id = \(lot) AND on_hand_mg > placed_mg
        UNION ALL
        SELECT location_id, on_hand_mg FROM decoction.holding
        WHERE site_id = \(site) AND lot_id = \(lot) AND on_hand_mg > 0
        """
    }

    static let placeColumns: [JSONColumn] = [.string("locationId"), .integer("onHandMg")]

    static func moved(_ lot: RecordID, site: RecordID) -> SQL {
        """
        SELECT kind, count(*), sum(quantity_mg)::bigint FROM decoction.movement
        WHERE site_id = \(site) AND lot_id = \(lot) GROUP BY kind ORDER BY min(seq)
        """
    }

    static let movedColumns: [JSONColumn] = [.string("kind"), .integer("movements"), .integer("quantityMg")]
}
