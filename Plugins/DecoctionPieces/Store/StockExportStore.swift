internal import XinglinKit

/// The SQL of the stock's export.
enum StockExportStore {
    /// What is on hand of a site, by batch of a piece: what was received in several deliveries of one batch and price stands together.
    static func list(site: RecordID, after last: Place, limit: Int) -> SQL {
        """
        SELECT piece_code, licence, batch_number, produced_on, expires_on, unit_cost_fen_per_kg, piece.name_zh,
            supplier.name_zh, sum(on_hand_mg)::bigint
        FROM decoction.lot JOIN decoction.piece ON piece.code = lot.piece_code
        JOIN decoction.supplier ON supplier.site_id = lot.site_id AND supplier.supplier_id = lot.supplier_id
        WHERE lot.site_id = \(site) AND on_hand_mg > 0 AND state NOT IN ('rejected', 'recalled', 'withheld')
            AND (piece_code, licence, batch_number, produced_on, expires_on, unit_cost_fen_per_kg)
                > (\(last.piece), \(last.licence), \(last.batch), \(last.producedOn), \(last.expiresOn), \(last.cost))
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        ORDER BY 1, 2, 3, 4, 5, 6 LIMIT \(limit)
        """
    }

    /// Where a page starts: behind the batch with these fields.
    struct Place {
        var piece = ""
        var licence = ""
        var batch = ""
        var producedOn = LocalDate(daysSince1970: 0)
        var expiresOn = LocalDate(daysSince1970: 0)
        var cost: Int64 = 0
    }
}
