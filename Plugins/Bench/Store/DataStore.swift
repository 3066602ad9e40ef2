internal import XinglinKit

/// The rows that everything is measured on: the same ones as deploy/bench/schema.sql makes.
enum DataStore {
    static let parties = 20_000
    static let products = 200
    static let lots = 1_000

    static func count(site: RecordID) -> SQL {
        "SELECT count(*) FROM bench.party WHERE site_id = \(site)"
    }

    /// Names are not in the order of the numbers.
    static func addParties(site: RecordID) -> SQL {
        """
        INSERT INTO bench.party (site_id, id, code, name, birth, sex, phone, address)
        SELECT (\(site))::uuid, g, 'P' || lpad(g::text, 6, '0'), 'Patient ' || lpad(((g * 7919) % 20000)::text, 5, '0'),
            date '1940-01-01' + (g * 31) % 28000, CASE g % 2 WHEN 0 THEN 'F' ELSE 'M' END,
            '+86-10-' || lpad(g::text, 8, '0'), 'No. ' || g || ', Apricot Grove Road'
        FROM generate_series(1, 20000) g
        """
    }

    static func addProducts(site: RecordID) -> SQL {
        """
        INSERT INTO bench.product (site_id, id, code, name)
        SELECT (\(site))::uuid, g, 'D' || g, 'Drug ' || g FROM generate_series(1, 200) g
        """
    }

    static func addLots(site: RecordID) -> SQL {
        """
        INSERT INTO bench.stock_lot (site_id, id, product_id, number, expires, on_hand)
        SELECT (\(site))::uuid, g, 1 + (g - 1) % 200, 'L' || g, date '2028-01-01', 1000000000 FROM generate_series(1, 1000) g
        """
    }

    /// Every statement once, for the manifest.
    static var samples: [SQL] {
        let site = RecordID(high: 0, low: 0)
        return [
            self.count(site: site), self.addParties(site: site), self.addProducts(site: site), self.addLots(site: site),
        ]
    }
}
