internal import XinglinKit

/// The SQL of the visits and prescriptions of a month that a person has recorded.
enum OutpatientCountStore {
    /// A record on its way in.
    struct New {
        let month: LocalDate
        let version: Int
        let outpatientVisits: Int64?
        let tcmVisits: Int64?
        let outpatientPrescriptions: Int64?
        let source: String
        let reason: String
    }

    /// Adds a version behind the one that it corrects; no row where that is not the latest, and a conflict of
    /// `outpatient_count_version_taken` where another was faster.
    static func record(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.outpatient_count (
            site_id, month, version, outpatient_visits, tcm_visits, outpatient_prescriptions, source, reason, recorded_at,
            recorded_by)
        SELECT \(act.site)::uuid, \(new.month)::date, \(new.version)::integer, \(new.outpatientVisits)::bigint,
            \(new.tcmVisits)::bigint, \(new.outpatientPrescriptions)::bigint, \(new.source)::text, \(new.reason)::text,
            \(act.now)::timestamptz, \(act.account)::uuid
        WHERE \(new.version)::integer - 1 = (
            SELECT coalesce(max(version), 0) FROM decoction.outpatient_count
            WHERE site_id = \(act.site) AND month = \(new.month))
        """
    }

    /// The latest version of a month.
    static func latest(_ month: LocalDate, site: RecordID) -> SQL {
        "SELECT coalesce(max(version), 0) FROM decoction.outpatient_count WHERE site_id = \(site) AND month = \(month)"
    }

    /// Every version, the latest month and its latest version first.
    static func list(site: RecordID, before month: LocalDate, _ version: Int, limit: Int) -> SQL {
        """
        SELECT month, version, outpatient_visits, tcm_visits, outpatient_prescriptions, source, nullif(reason, ''),
            recorded_at, recorded_by, NOT EXISTS (
                SELECT FROM decoction.outpatient_count AS later
                WHERE later.site_id = counted.site_id AND later.month = counted.month AND later.version > counted.version)
        FROM decoction.outpatient_count AS counted
        WHERE site_id = \(site) AND (month, version) < (\(month), \(version))
        ORDER BY month DESC, version DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("month"), .integer("version"), .integer("outpatientVisits"), .integer("tcmVisits"),
        .integer("outpatientPrescriptions"), .string("source"), .string("reason"), .timestamp("recordedAt"),
        .string("accountId"), .boolean("holds"),
    ]
}
