internal import XinglinKit

/// The SQL of a supplier's changes. Each keeps what the supplier was until then, with who changed it and why.
enum SupplierVersionStore {
    /// What of a supplier is to be other; nil leaves it as it is.
    struct Change {
        var nameZh: String?
        var licence: String?
        var licenceKind: LicenceKind?
        var licenceEnds: LocalDate?
        var designatedToxic: Bool?
        var designationNumber: String?
    }

    /// Gives the new version; no row where the supplier is withdrawn, or has another version than the one named.
    static func update(
        _ id: RecordID, _ change: Change, onVersion version: Int?, reason: String, _ act: LotStore.Act
    ) -> SQL {
        """
        WITH former AS MATERIALIZED (
            SELECT * FROM decoction.supplier
            WHERE site_id = \(act.site) AND supplier_id = \(id) AND withdrawn_on IS NULL
                AND (\(version)::integer IS NULL OR version = \(version)::integer)
            FOR UPDATE
        ), kept AS (
            INSERT INTO decoction.supplier_version (
                site_id, supplier_id, version, name_zh, licence, licence_kind, licence_ends, designated_toxic,
                designation_number, withdrawn_on, ended_at, ended_by, reason)
            SELECT site_id, supplier_id, version, name_zh, licence, licence_kind, licence_ends, designated_toxic,
                designation_number, withdrawn_on, \(act.now)::timestamptz, \(act.account)::uuid, \(reason)::text
            FROM former
        )
        UPDATE decoction.supplier SET version = former.version + 1,
            name_zh = coalesce(\(change.nameZh)::text, former.name_zh),
            licence = coalesce(\(change.licence)::text, former.licence),
            licence_kind = coalesce(\(change.licenceKind)::text, former.licence_kind),
            licence_ends = coalesce(\(change.licenceEnds)::date, former.licence_ends),
            designated_toxic = coalesce(\(change.designatedToxic)::boolean, former.designated_toxic),
            designation_number = CASE WHEN \(change.designatedToxic)::boolean IS FALSE THEN NULL
                ELSE coalesce(\(change.designationNumber)::text, former.designation_number) END
        FROM former
        WHERE supplier.site_id = former.site_id AND supplier.supplier_id = former.supplier_id
        RETURNING supplier.version
        """
    }

    /// Takes a supplier out of use from a day on, or with nil into use again; no row where it stands so already.
    static func withdraw(_ id: RecordID, on day: LocalDate?, reason: String, _ act: LotStore.Act) -> SQL {
        """
        WITH former AS MATERIALIZED (
            SELECT * FROM decoction.supplier
            WHERE site_id = \(act.site) AND supplier_id = \(id) AND (withdrawn_on IS NULL) = (\(day)::date IS NOT NULL)
            FOR UPDATE
        ), kept AS (
            INSERT INTO decoction.supplier_version (
                site_id, supplier_id, version, name_zh, licence, licence_kind, licence_ends, designated_toxic,
                designation_number, withdrawn_on, ended_at, ended_by, reason)
            SELECT site_id, supplier_id, version, name_zh, licence, licence_kind, licence_ends, designated_toxic,
                designation_number, withdrawn_on, \(act.now)::timestamptz, \(act.account)::uuid, \(reason)::text
            FROM former
        )
        UPDATE decoction.supplier SET version = former.version + 1, withdrawn_on = \(day)::date
        FROM former
        WHERE supplier.site_id = former.site_id AND supplier.supplier_id = former.supplier_id
        RETURNING supplier.version
        """
    }

    /// What a supplier was before, the latest first.
    static func versions(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT version, name_zh, licence, licence_kind, licence_ends, designated_toxic, designation_number, withdrawn_on,
            ended_at, ended_by, reason
        FROM decoction.supplier_version WHERE site_id = \(site) AND supplier_id = \(id)
        ORDER BY version DESC LIMIT 500
        """
    }

    static let columns: [JSONColumn] = [
        .integer("version"), .string("nameZh"), .string("licence"), .string("licenceKind"), .string("licenceEnds"),
        .boolean("designatedToxic"), .string("designationNumber"), .string("withdrawnOn"), .timestamp("endedAt"),
        .string("endedBy"), .string("reason"),
    ]

    /// How many suppliers in use have a licence that ends by a day, one that has ended, and one whose end nobody has recorded.
    static func ending(by day: LocalDate, today: LocalDate, site: RecordID) -> SQL {
        """
        SELECT count(*) FILTER (WHERE licence_ends BETWEEN \(today) AND \(day)),
            count(*) FILTER (WHERE licence_ends < \(today)), count(*) FILTER (WHERE licence_ends IS NULL)
        FROM decoction.supplier WHERE site_id = \(site) AND withdrawn_on IS NULL
        """
    }

    /// The supplier as a receipt is judged by it; nobody changes it until the receipt is in.
    static func judged(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT version, licence_ends, designated_toxic, withdrawn_on FROM decoction.supplier
        WHERE site_id = \(site) AND supplier_id = \(id) FOR SHARE
        """
    }
}
