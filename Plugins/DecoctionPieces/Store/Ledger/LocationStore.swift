internal import XinglinKit

/// The SQL of the places where a site keeps pieces.
enum LocationStore {
    /// A new place.
    struct NewLocation {
        let id: RecordID
        let code: String
        let nameZh: String
        let kind: LocationKind
        let pieceCode: String?
    }

    /// No row where the code is taken, or a drawer would be for a toxic piece, which lies in toxic cupboards alone (8.2).
    static func create(_ place: NewLocation, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.location (site_id, location_id, code, name_zh, kind, piece_code, created_at, created_by)
        SELECT \(act.site)::uuid, \(place.id)::uuid, \(place.code)::text, \(place.nameZh)::text, \(place.kind.rawValue)::text,
            \(place.pieceCode)::text, \(act.now)::timestamptz, \(act.account)::uuid
        WHERE NOT EXISTS (
            SELECT FROM decoction.piece WHERE code = \(place.pieceCode)::text AND control_class = 'toxic')
        ON CONFLICT (site_id, code) DO NOTHING
        """
    }

    static func find(code: String, site: RecordID) -> SQL {
        "SELECT location_id FROM decoction.location WHERE site_id = \(site) AND code = \(code)"
    }

    /// The kind of the places, the piece of drawers, and whether they are closed.
    static func describe(_ ids: [RecordID], site: RecordID) -> SQL {
        """
        SELECT location_id, kind, piece_code, closed_at IS NOT NULL FROM decoction.location
        WHERE site_id = \(site) AND location_id = ANY (\(ids)::uuid[])
        """
    }

    /// Keeps transfers to the place away until the transaction ends: `close` then sees what the last of them left.
    static func lock(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT location_id FROM decoction.location WHERE site_id = \(site) AND location_id = \(id) FOR UPDATE"
    }

    /// Closes a place in which nothing lies; no row where something does.
    static func close(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.location SET closed_at = coalesce(closed_at, \(act.now))
        WHERE site_id = \(act.site) AND location_id = \(id) AND NOT EXISTS (
            SELECT FROM decoction.holding
            WHERE holding.site_id = location.site_id AND holding.location_id = location.location_id AND on_hand_mg > 0)
        """
    }

    /// The places of a site by code, with how many lots lie there.
    static func list(site: RecordID, after code: String, limit: Int) -> SQL {
        """
        SELECT code, location_id, name_zh, kind,
            (\(LocationKind.labelsZh)::text[])[array_position(\(LocationKind.codes)::text[], kind)], piece_code,
            closed_at, (
                SELECT count(*) FROM decoction.holding
                WHERE holding.site_id = location.site_id AND holding.location_id = location.location_id
                    AND on_hand_mg > 0)
        FROM decoction.location WHERE site_id = \(site) AND code > \(code) ORDER BY code LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("code"), .string("locationId"), .string("nameZh"), .string("kind"), .string("kindZh"),
        .string("pieceCode"), .timestamp("closedAt"), .integer("lots"),
    ]

    /// What lies at a place, by piece and then in the order of issue.
    static func contents(of location: RecordID, site: RecordID, after last: StockStore.Cursor, limit: Int) -> SQL {
        """
        SELECT lot.piece_code, expires_on, received_at, lot_id, name_zh, batch_number, place.on_hand_mg, state
        FROM (
            SELECT site_id, lot_id, on_hand_mg FROM decoction.holding
            WHERE site_id = \(site) AND location_id = \(location) AND on_hand_mg > 0
            UNION ALL
            SELECT site_id, lot_id, on_hand_mg - placed_mg FROM decoction.lot
            WHERE site_id = \(site) AND site_id = \(location) AND on_hand_mg > placed_mg
        ) AS place JOIN decoction.lot USING (site_id, lot_id) JOIN decoction.piece ON piece.code = lot.piece_code
        WHERE (lot.piece_code, expires_on, received_at, lot_id)
            > (\(last.pieceCode), \(last.expiresOn), \(last.receivedAt), \(last.lotID))
        ORDER BY lot.piece_code, expires_on, received_at, lot_id LIMIT \(limit)
        """
    }

    static let contentColumns: [JSONColumn] = [
        .string("pieceCode"), .string("expiresOn"), .timestamp("receivedAt"), .string("lotId"), .string("nameZh"),
        .string("batchNumber"), .integer("onHandMg"), .string("state"),
    ]
}
