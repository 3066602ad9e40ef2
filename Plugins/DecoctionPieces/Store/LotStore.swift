internal import XinglinKit

/// The SQL that brings lots in, decides on them and takes them out by disposal. Each write is one statement that keeps
/// `on_hand_mg` equal to the sum of the lot's movements.
enum LotStore {
    /// A delivered batch.
    struct Delivery {
        let lotID: RecordID
        let documentID: RecordID
        let pieceCode: String
        let supplierID: RecordID
        let batchNumber: String
        let producedOn: LocalDate
        let expiresOn: LocalDate
        let quantityMg: Int64
        let unitCostFenPerKg: Int64
    }

    /// Who acts, where and when, and on which day it is booked.
    struct Act {
        let site: RecordID
        let account: RecordID
        let now: Timestamp
        let bookedOn: LocalDate

        init(site: RecordID, account: RecordID, now: Timestamp, bookedOn: LocalDate? = nil) {
            self.site = site
            self.account = account
            self.now = now
            self.bookedOn = bookedOn ?? now.localDate
        }
    }

    /// A lot in quarantine and its receipt; no row where the piece or the supplier is unknown, or the piece withdrawn.
    static func receive(_ delivery: Delivery, _ act: Act) -> SQL {
        """
        WITH received AS (
            INSERT INTO decoction.lot (
                site_id, lot_id, piece_code, supplier_id, batch_number, produced_on, expires_on, unit_cost_fen_per_kg,
                received_mg, on_hand_mg, state, received_at, received_by, received_on)
            SELECT supplier.site_id, \(delivery.lotID)::uuid, piece.code, supplier.supplier_id,
                \(delivery.batchNumber)::text, \(delivery.producedOn)::date, \(delivery.expiresOn)::date,
                \(delivery.unitCostFenPerKg)::bigint, \(delivery.quantityMg)::bigint, \(delivery.quantityMg)::bigint,
                'quarantined', \(act.now)::timestamptz, \(act.account)::uuid, \(act.bookedOn)::date
            FROM decoction.supplier, decoction.piece
            WHERE supplier.site_id = \(act.site) AND supplier.supplier_id = \(delivery.supplierID)
                AND piece.code = \(delivery.pieceCode) AND piece.withdrawn_on IS NULL
            RETURNING site_id, lot_id, piece_code, received_mg, received_at, received_by
        )
        INSERT INTO decoction.movement (
            site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at, account_id, location_id,
            booked_on)
        SELECT site_id, \(delivery.documentID)::uuid, 1, lot_id, piece_code, 'receipt', received_mg, '', received_at,
            received_by, site_id, \(act.bookedOn)::date
        FROM received
        """
    }

    /// Accepts a lot (PC-02): a controlled piece waits for a second person, whom the key of `decoction.decision` tells from
    /// the first. Gives the new state, or no row where the lot cannot be accepted: among others where its receipt was taken back.
    static func accept(_ lot: RecordID, by acceptor: Acceptor, _ act: Act) -> SQL {
        """
        WITH accepted AS (
            UPDATE decoction.lot
            SET state = CASE WHEN lot.state = 'quarantined' AND piece.control_class <> 'none'
                             THEN 'awaitingSecond' ELSE 'accepted' END
            FROM decoction.piece
            WHERE lot.site_id = \(act.site) AND lot.lot_id = \(lot) AND lot.state IN ('quarantined', 'awaitingSecond')
                AND lot.expires_on >= \(act.now.localDate) AND lot.on_hand_mg > 0 AND piece.code = lot.piece_code
            RETURNING lot.site_id, lot.lot_id, lot.state
        ), signed AS (
            INSERT INTO decoction.decision (
                site_id, lot_id, decision, account_id, reason, at, staff_id, title, rule_version)
            SELECT site_id, lot_id, 'accept', \(act.account)::uuid, '', \(act.now)::timestamptz,
                \(acceptor.staffID)::uuid, \(acceptor.title)::text, \(acceptor.ruleVersion)::text
            FROM accepted
        )
        SELECT state FROM accepted
        """
    }

    /// Rejects a lot that awaits acceptance, or was condemned while it did; no row where it does not.
    static func reject(_ lot: RecordID, reason: String, _ act: Act) -> SQL {
        """
        WITH rejected AS (
            UPDATE decoction.lot SET state = 'rejected'
            WHERE site_id = \(act.site) AND lot_id = \(lot)
                AND CASE state WHEN 'withheld' THEN withheld_from ELSE state END IN ('quarantined', 'awaitingSecond')
            RETURNING site_id, lot_id, state
        ), signed AS (
            INSERT INTO decoction.decision (site_id, lot_id, decision, account_id, reason, at)
            SELECT site_id, lot_id, 'reject', \(act.account)::uuid, \(reason)::text, \(act.now)::timestamptz FROM rejected
        )
        SELECT state FROM rejected
        """
    }

    /// How many lots of which something is left expire by a date, and how many have expired already (PC-03).
    static func expiring(by date: LocalDate, today: LocalDate, site: RecordID) -> SQL {
        """
        SELECT count(*) FILTER (WHERE expires_on >= \(today)), count(*) FILTER (WHERE expires_on < \(today))
        FROM decoction.lot
        WHERE site_id = \(site) AND on_hand_mg > 0 AND state NOT IN ('rejected', 'recalled', 'withheld') AND expires_on <= \(date)
        """
    }

    /// What a refusal about lots needs to know of them: id, piece, state, expiry, what is on hand.
    static func describe(_ lots: [RecordID], site: RecordID) -> SQL {
        """
        SELECT lot_id, piece_code, state, expires_on, on_hand_mg FROM decoction.lot
        WHERE site_id = \(site) AND lot_id = ANY (\(lots)::uuid[])
        """
    }
}
