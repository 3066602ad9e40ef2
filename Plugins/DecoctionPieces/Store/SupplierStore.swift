internal import XinglinKit

/// The SQL of `decoction.supplier`.
enum SupplierStore {
    /// Adds a supplier, or changes nothing where the site has one with that licence (PC-01).
    static func create(
        _ id: RecordID, nameZh: String, licence: String, site: RecordID, by account: RecordID, at now: Timestamp
    ) -> SQL {
        """
        INSERT INTO decoction.supplier (site_id, supplier_id, name_zh, licence, created_at, created_by)
        VALUES (\(site), \(id), \(nameZh), \(licence), \(now), \(account))
        ON CONFLICT ON CONSTRAINT supplier_exists DO NOTHING
        """
    }

    /// The supplier with that licence.
    static func find(licence: String, site: RecordID) -> SQL {
        "SELECT supplier_id FROM decoction.supplier WHERE site_id = \(site) AND licence = \(licence)"
    }

    /// One row where the site has the supplier.
    static func exists(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT 1 FROM decoction.supplier WHERE site_id = \(site) AND supplier_id = \(id)"
    }

    /// The suppliers of a site, in the order of their creation.
    static func list(site: RecordID, after last: RecordID, limit: Int) -> SQL {
        """
        SELECT supplier_id, name_zh, licence FROM decoction.supplier
        WHERE site_id = \(site) AND supplier_id > \(last)
        ORDER BY supplier_id LIMIT \(limit)
        """
    }

    /// The columns of `list`, as members of the reply; the first is the cursor.
    static let columns: [JSONColumn] = [.string("supplierId"), .string("nameZh"), .string("licence")]
}
