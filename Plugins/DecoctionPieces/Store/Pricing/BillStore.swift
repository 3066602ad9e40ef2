internal import XinglinKit

/// The SQL of fees and bills.
enum BillStore {
    /// A fee on its way in.
    struct NewFee {
        let kind: BillKind
        let fen: Int64
        let source: String
        let validFrom: LocalDate
        let reason: String
    }

    /// Sets a fee; gives its revision.
    static func set(_ fee: NewFee, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.fee (
            site_id, kind, revision, fee_fen, source, valid_from, reason, recorded_at, recorded_by)
        SELECT \(act.site)::uuid, \(fee.kind)::text,
            (SELECT coalesce(max(revision), 0) + 1 FROM decoction.fee WHERE site_id = \(act.site) AND kind = \(fee.kind)),
            \(fee.fen)::bigint, \(fee.source)::text, \(fee.validFrom)::date, \(fee.reason)::text, \(act.now)::timestamptz,
            \(act.account)::uuid
        RETURNING revision
        """
    }

    /// The fees of a day.
    static func fees(on day: LocalDate, site: RecordID) -> SQL {
        """
        SELECT DISTINCT ON (kind) kind, fee_fen, revision, source, valid_from, reason, recorded_at, recorded_by
        FROM decoction.fee WHERE site_id = \(site) AND valid_from <= \(day)
        ORDER BY kind, valid_from DESC, revision DESC
        """
    }

    static let feeColumns: [JSONColumn] = [
        .string("kind"), .integer("feeFen"), .integer("revision"), .string("source"), .string("validFrom"),
        .string("reason"), .timestamp("at"), .string("accountId"),
    ]

    /// The lines of a prescription with the prices of a day: piece, name, quantity, boiling, price, revision.
    static func pieces(of prescription: RecordID, on day: LocalDate, site: RecordID) -> SQL {
        """
        SELECT prescription_line.piece_code, name_zh, per_dose_mg * doses,
            coalesce(prescription_line.cooking, piece.cooking), price_fen_per_kg, price.revision
        FROM decoction.prescription
        JOIN decoction.prescription_line USING (site_id, prescription_id)
        JOIN decoction.piece ON piece.code = prescription_line.piece_code
        LEFT JOIN LATERAL (
            SELECT price_fen_per_kg, revision FROM decoction.price AS set_price
            WHERE set_price.site_id = \(site) AND set_price.piece_code = prescription_line.piece_code
                AND valid_from <= \(day)
            ORDER BY valid_from DESC, revision DESC LIMIT 1
        ) AS price ON true
        WHERE prescription.site_id = \(site) AND prescription.prescription_id = \(prescription)
        ORDER BY prescription_line.line_no
        """
    }

    /// Freezes a bill under the prescription's next number.
    static func freeze(_ bill: Bill, of prescription: RecordID, _ act: LotStore.Act) -> SQL {
        """
        WITH numbered AS (
            INSERT INTO decoction.bill (site_id, prescription_id, bill_no, review_no, priced_on, at, account_id)
            SELECT site_id, prescription_id, 1 + (
                    SELECT coalesce(max(bill_no), 0) FROM decoction.bill
                    WHERE bill.site_id = \(act.site) AND bill.prescription_id = \(prescription)),
                review_no, \(act.now.localDate)::date, \(act.now)::timestamptz, \(act.account)::uuid
            FROM decoction.prescription WHERE site_id = \(act.site) AND prescription_id = \(prescription)
            RETURNING site_id, prescription_id, bill_no
        )
        INSERT INTO decoction.bill_line (
            site_id, prescription_id, bill_no, line_no, kind, piece_code, quantity, unit_fen, revision, amount_fen)
        SELECT site_id, prescription_id, bill_no, line_no, kind, piece_code, quantity, unit_fen, revision, amount_fen
        FROM numbered, unnest(
            \(bill.lines.map(\.kind))::text[], \(bill.lines.map(\.pieceCode))::text[], \(bill.lines.map(\.quantity))::bigint[],
            \(bill.lines.map { $0.charge?.fen })::bigint[], \(bill.lines.map { $0.charge?.revision })::integer[],
            \(bill.lines.map(\.amountFen))::bigint[]
        ) WITH ORDINALITY AS line (kind, piece_code, quantity, unit_fen, revision, amount_fen, line_no)
        """
    }

    /// The latest bill of a prescription: number, day, and whether what was dispensed by it was taken back, or reached nobody.
    static func latest(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT bill_no, priced_on, EXISTS (
            SELECT FROM decoction.dispensing JOIN decoction.returned
                ON returned.site_id = dispensing.site_id AND returned.dispensing_id = dispensing.document_id
            WHERE dispensing.site_id = bill.site_id AND dispensing.prescription_id = bill.prescription_id
                AND dispensing.review_no = bill.review_no
        ) OR EXISTS (
            SELECT FROM decoction.prescription AS made JOIN decoction.forwarding AS way
                ON way.forwarding_id = made.forwarding_id
            WHERE made.site_id = bill.site_id AND made.prescription_id = bill.prescription_id AND way.state = 'givenUp')
        FROM decoction.bill WHERE site_id = \(site) AND prescription_id = \(prescription)
        ORDER BY bill_no DESC LIMIT 1
        """
    }

    /// The lines of the latest bill: kind, piece, name, quantity, charge, revision.
    static func lines(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT kind, piece_code, name_zh, quantity, unit_fen, bill_line.revision
        FROM decoction.bill_line LEFT JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND bill_no = (
            SELECT max(bill_no) FROM decoction.bill WHERE site_id = \(site) AND prescription_id = \(prescription))
        ORDER BY line_no
        """
    }

    /// A row where the prescription is at another site's pharmacy, or came from there as medicine: the pharmacy's code, and what it charges.
    static func elsewhere(_ prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT pharmacy_code, total_fen FROM decoction.forwarding
        WHERE site_id = \(site) AND prescription_id = \(prescription)
            AND state IN ('sent', 'taken', 'inTransit', 'received')
        """
    }

    /// A row where the prescription is, or was, boiled here.
    static func boiledHere(_ prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT 1 FROM decoction.job
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND state <> 'aborted'
        """
    }
}
