internal import XinglinKit

/// The SQL of stocktakes whose differences are taken back.
enum StocktakeReversal {
    /// A row where a document booked no stocktake.
    static func isNoStocktake(_ document: RecordID, site: RecordID) -> SQL {
        """
        SELECT 1 WHERE NOT EXISTS (
            SELECT FROM decoction.movement
            WHERE site_id = \(site) AND document_id = \(document) AND kind = 'stocktake')
        """
    }

    /// The document that an approved stocktake booked; NULL where nothing differed.
    static func document(of id: RecordID, site: RecordID) -> SQL {
        "SELECT document_id FROM decoction.stocktake WHERE site_id = \(site) AND stocktake_id = \(id)"
    }

    /// Counts it as none from now on; no row where it is not approved, or the caller has counted.
    static func mark(_ id: RecordID, by reversal: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.stocktake SET state = 'reversed', reversal_id = \(reversal), reversed_at = \(act.now),
            reversed_by = \(act.account)
        WHERE site_id = \(act.site) AND stocktake_id = \(id) AND state = 'approved' AND NOT EXISTS (
            SELECT FROM decoction.stocktake_count AS made
            WHERE made.site_id = stocktake.site_id AND made.stocktake_id = stocktake.stocktake_id
                AND made.account_id = \(act.account)::uuid)
        """
    }
}

extension StocktakeApproval {
    /// The lots of which less would be left at the place than is reserved there: lot, piece, what would be left, what is reserved,
    /// for which prescriptions. The lots are locked before.
    static func belowReserved(_ id: RecordID, at place: RecordID, site: RecordID) -> SQL {
        """
        SELECT lot_id, piece_code, left_mg, reserved_mg, coalesce((
            SELECT string_agg(DISTINCT reservation.prescription_id::text, ' ') FROM decoction.reservation
            WHERE reservation.site_id = \(site) AND reservation.lot_id = counted.lot_id
                AND reservation.location_id = \(place) AND released_at IS NULL), '')
        FROM (
            SELECT line.lot_id, line.piece_code, counted_mg - book_mg
                + CASE WHEN \(place)::uuid = lot.site_id THEN lot.on_hand_mg - placed_mg
                    ELSE coalesce(holding.on_hand_mg, 0) END AS left_mg,
                CASE WHEN \(place)::uuid = lot.site_id THEN lot.reserved_mg
                    ELSE coalesce(holding.reserved_mg, 0) END AS reserved_mg
            FROM decoction.stocktake_line AS line JOIN decoction.lot USING (site_id, lot_id)
            LEFT JOIN decoction.holding ON holding.site_id = lot.site_id AND holding.lot_id = lot.lot_id
                AND holding.location_id = \(place)
            WHERE line.site_id = \(site) AND stocktake_id = \(id) AND counted_mg < book_mg
        ) AS counted
        WHERE left_mg < reserved_mg ORDER BY lot_id LIMIT 100
        """
    }
}

extension StocktakeDecision {
    /// - Throws: `decoction.countBelowReserved` with the prescriptions that hold what is missing.
    func refuseBelowReserved(_ call: Call) throws {
        let found = try call.db.query(
            StocktakeApproval.belowReserved(self.held.id, at: self.held.place, site: self.act.site),
            as: (RecordID, String, Int64, Int64, String).self)
        guard !found.isEmpty else { return }
        throw GuardFault.countBelowReserved.fault([
            "lots": .array(
                found.map { lot, piece, left, reserved, prescriptions in
                    [
                        "lotId": .string(lot.description), "pieceCode": .string(piece), "leftMg": .integer(left),
                        "reservedMg": .integer(reserved),
                        "prescriptionIds": .array(prescriptions.split(separator: " ").map { .string(String($0)) }),
                    ]
                })
        ])
    }
}
