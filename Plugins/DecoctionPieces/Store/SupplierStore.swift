internal import XinglinKit

/// The SQL of `decoction.supplier`.
enum SupplierStore {
    /// Adds a supplier, or changes nothing where the site has one with that licence (PC-01).
    static func create(
        _ id: RecordID, nameZh: String, licence: String, _ act: LotStore.Act,
        _ more: SupplierVersionStore.Change = .init()
    ) -> SQL {
        """
        INSERT INTO decoction.supplier (
            site_id, supplier_id, name_zh, licence, created_at, created_by, licence_kind, licence_ends, designated_toxic,
            designation_number)
        VALUES (\(act.site), \(id), \(nameZh), \(licence), \(act.now), \(act.account), \(more.licenceKind)::text,
            \(more.licenceEnds)::date, \(more.designatedToxic)::boolean, \(more.designationNumber)::text)
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

    /// Which suppliers are listed, and how their licences are judged.
    struct Filter {
        let today: LocalDate
        let warnDays: Int64
        /// Those in use whose licence ends by this day; all where there is none.
        var endingBy: LocalDate?
        var only: RecordID?
    }

    /// The suppliers of a site, in the order of their creation.
    static func list(_ filter: Filter, site: RecordID, after last: RecordID, limit: Int) -> SQL {
        """
        SELECT supplier_id, name_zh, licence, version, licence_kind, licence_ends, designated_toxic, designation_number,
            withdrawn_on, state, (\(LicenceState.allCases.map(\.labelZh))::text[])[array_position(
                \(LicenceState.codes)::text[], state)]
        FROM (
            SELECT *, CASE WHEN licence_ends IS NULL THEN 'licenceEndUnknown' WHEN licence_ends < \(filter.today) THEN 'ended'
                WHEN licence_ends <= \(filter.today.adding(days: Int(filter.warnDays))) THEN 'endsSoon' ELSE 'valid' END AS state
            FROM decoction.supplier
            WHERE site_id = \(site) AND supplier_id > \(last)
                AND (\(filter.only)::uuid IS NULL OR supplier_id = \(filter.only)::uuid)
                AND (\(filter.endingBy)::date IS NULL OR licence_ends <= \(filter.endingBy)::date AND withdrawn_on IS NULL)
        ) AS supplier
        ORDER BY supplier_id LIMIT \(limit)
        """
    }

    /// The columns of `list`, as members of the reply; the first is the cursor.
    static let columns: [JSONColumn] = [
        .string("supplierId"), .string("nameZh"), .string("licence"), .integer("version"), .string("licenceKind"),
        .string("licenceEnds"), .boolean("designatedToxic"), .string("designationNumber"), .string("withdrawnOn"),
        .string("licenceState"), .string("licenceStateZh"),
    ]
}
