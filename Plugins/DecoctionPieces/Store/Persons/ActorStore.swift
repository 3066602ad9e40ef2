internal import XinglinKit

/// The SQL that says who did something before, by account and member of staff.
enum ActorStore {
    /// Who has accepted a lot.
    static func acceptances(of lot: RecordID, site: RecordID) -> SQL {
        """
        SELECT account_id, staff_id FROM decoction.decision
        WHERE site_id = \(site) AND lot_id = \(lot) AND decision = 'accept'
        """
    }

    /// Who has condemned a lot since it was released last.
    static func condemnations(of lot: RecordID, site: RecordID) -> SQL {
        """
        SELECT DISTINCT account_id, staff_id FROM decoction.inspection
        WHERE site_id = \(site) AND lot_id = \(lot) AND finding = 'condemned' AND at >= coalesce((
            SELECT max(at) FROM decoction.release WHERE site_id = \(site) AND lot_id = \(lot)), '-infinity')
        """
    }

    /// Who has counted anything of a stocktake.
    static func counts(of stocktake: RecordID, site: RecordID) -> SQL {
        """
        SELECT DISTINCT account_id, staff_id FROM decoction.stocktake_count
        WHERE site_id = \(site) AND stocktake_id = \(stocktake)
        """
    }

    /// Who has signed a prescription, at any check; staff of an account that was not the signer's own is the signer's.
    static func signatures(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT DISTINCT account_id, staff_id FROM decoction.prescription_signature
        WHERE site_id = \(site) AND prescription_id = \(prescription)
        """
    }

    static func actors(_ rows: Rows) throws -> [Actor] {
        try rows.decode(as: (RecordID, RecordID?).self).map { Actor(account: $0, staff: $1) }
    }
}
