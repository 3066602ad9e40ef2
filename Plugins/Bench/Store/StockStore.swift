internal import XinglinKit

/// The SQL of dispensing: that of deploy/bench/dispense.sql with the site in front. Its SELECT … FOR UPDATE is not needed, for the
/// conditional UPDATE locks the row and gives what the SELECT gave.
enum StockStore {
    static func take(_ quantity: Int64, of lot: Int64, site: RecordID) -> SQL {
        """
        UPDATE bench.stock_lot SET on_hand = on_hand - \(quantity), version = version + 1
        WHERE site_id = \(site) AND id = \(lot) AND on_hand >= \(quantity)
        RETURNING product_id, number, expires, on_hand
        """
    }

    static func move(_ quantity: Int64, of lot: Int64, to party: Int64, site: RecordID) -> SQL {
        """
        INSERT INTO bench.movement (site_id, lot_id, party_id, qty, kind)
        VALUES (\(site), \(lot), \(party), \(quantity), 'dispense') RETURNING id
        """
    }

    static func audit(_ quantity: Int64, of lot: Int64, to party: Int64, site: RecordID, by actor: String) -> SQL {
        """
        INSERT INTO bench.audit (site_id, actor, action, ref, detail)
        VALUES (\(site), \(actor), 'dispense', \(lot),
            jsonb_build_object('lot', (\(lot))::bigint, 'party', (\(party))::bigint, 'qty', (\(quantity))::bigint))
        """
    }

    /// Every statement once, for the manifest.
    static var samples: [SQL] {
        let site = RecordID(high: 0, low: 0)
        return [
            self.take(1, of: 1, site: site), self.move(1, of: 1, to: 1, site: site),
            self.audit(1, of: 1, to: 1, site: site, by: "bench"),
        ]
    }
}
