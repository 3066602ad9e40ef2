internal import XinglinKit

/// The SQL of opening stock.
enum OpeningStockStore {
    /// A lot on its way in.
    struct Lot {
        let number: Int
        let lotID: RecordID
        let supplierID: RecordID
        let entry: OpeningStockLine
    }

    /// What the site has taken in of the pieces: code, licence, batch number.
    static func there(_ codes: [String], site: RecordID) -> SQL {
        """
        SELECT piece_code, licence, batch_number
        FROM decoction.lot JOIN decoction.supplier USING (site_id, supplier_id)
        WHERE lot.site_id = \(site) AND piece_code = ANY (\(codes)::text[]) AND is_opening
        """
    }

    /// Takes lots in: each with its movement and the acceptance by the one who imports it, whom a second person must follow
    /// for controlled pieces (PC-02). Gives the lots that are in; a batch that was taken in before is not.
    static func add(_ lots: [Lot], document: RecordID, by acceptor: Acceptor, _ act: LotStore.Act) -> SQL {
        """
        WITH line AS (
            SELECT * FROM unnest(
                \(lots.map(\.number))::integer[], \(lots.map(\.lotID))::uuid[], \(lots.map(\.supplierID))::uuid[],
                \(lots.map(\.entry.piece))::text[], \(lots.map(\.entry.batchNumber))::text[],
                \(lots.map(\.entry.producedOn))::date[], \(lots.map(\.entry.expiresOn))::date[],
                \(lots.map(\.entry.unitCostFenPerKg))::bigint[], \(lots.map(\.entry.quantityMg))::bigint[]
            ) AS one (line_no, lot_id, supplier_id, piece_code, batch_number, produced_on, expires_on, cost, quantity_mg)
        ), added AS (
            INSERT INTO decoction.lot (
                site_id, lot_id, piece_code, supplier_id, batch_number, produced_on, expires_on, unit_cost_fen_per_kg,
                received_mg, on_hand_mg, state, received_at, received_by, is_opening, received_on)
            SELECT \(act.site)::uuid, lot_id, piece_code, supplier_id, batch_number, produced_on, expires_on, cost,
                quantity_mg, quantity_mg,
                CASE WHEN control_class <> 'none' THEN 'awaitingSecond' ELSE 'accepted' END,
                \(act.now)::timestamptz, \(act.account)::uuid, true, \(act.bookedOn)::date
            FROM line JOIN decoction.piece ON piece.code = piece_code
            ORDER BY line_no
            ON CONFLICT (site_id, piece_code, supplier_id, batch_number) WHERE is_opening DO NOTHING
            RETURNING site_id, lot_id, piece_code, received_mg, received_at, received_by
        ), signed AS (
            INSERT INTO decoction.decision (
                site_id, lot_id, decision, account_id, reason, at, staff_id, title, rule_version)
            SELECT site_id, lot_id, 'accept', received_by, '', received_at, \(acceptor.staffID)::uuid,
                \(acceptor.title)::text, \(acceptor.ruleVersion)::text
            FROM added
        ), moved AS (
            INSERT INTO decoction.movement (
                site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id,
                location_id, booked_on)
            SELECT site_id, \(document)::uuid, line_no, lot_id, added.piece_code, 'opening', received_mg, '', received_at,
                received_by, site_id, \(act.bookedOn)::date
            FROM added JOIN line USING (lot_id) ORDER BY line_no
        )
        SELECT lot_id FROM added
        """
    }
}
