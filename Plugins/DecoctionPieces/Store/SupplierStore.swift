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

    /// A supplier to create.
    struct New {
        let id: RecordID
        let nameZh: String
        let licence: String
    }

    /// Adds suppliers, but those whose licence the site has.
    static func createMissing(_ suppliers: [New], _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.supplier (site_id, supplier_id, name_zh, licence, created_at, created_by)
        SELECT \(act.site)::uuid, id, name_zh, licence, \(act.now)::timestamptz, \(act.account)::uuid
        FROM unnest(\(suppliers.map(\.id))::uuid[], \(suppliers.map(\.nameZh))::text[],
            \(suppliers.map(\.licence))::text[]) AS new (id, name_zh, licence)
        ON CONFLICT ON CONSTRAINT supplier_exists DO NOTHING
        """
    }

    /// The suppliers with these licences: licence and id.
    static func known(_ licences: [String], site: RecordID) -> SQL {
        """
        SELECT licence, supplier_id FROM decoction.supplier
        WHERE site_id = \(site) AND licence = ANY (\(licences)::text[])
        """
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
