internal import XinglinKit

/// The SQL of the monthly spot-check (8.4).
enum SpotCheckStore {
    /// A spot-check on its way in.
    struct New {
        let id: RecordID
        let document: RecordID
        let hasPassed: Bool
        let reweighedMg: Int64?
        let note: SQLBytes?
        let ruleVersion: String
    }

    static func add(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.spot_check (
            site_id, spot_check_id, document_id, has_passed, reweighed_mg, note, rule_version, account_id, at)
        VALUES (\(act.site), \(new.id), \(new.document), \(new.hasPassed), \(new.reweighedMg)::bigint, \(new.note)::bytea,
            \(new.ruleVersion), \(act.account), \(act.now))
        """
    }

    /// How much was dispensed in a month and not taken back, how much of it was spot-checked, and how much failed.
    static func counts(_ month: LocalDate, site: RecordID) -> SQL {
        """
        SELECT count(*), count(spot_check.document_id), count(*) FILTER (WHERE NOT spot_check.has_passed)
        FROM decoction.dispensing LEFT JOIN decoction.spot_check USING (site_id, document_id)
        WHERE dispensing.site_id = \(site) AND dispensing.at >= \(month)::date::timestamp AT TIME ZONE 'Asia/Shanghai'
            AND dispensing.at < (\(month)::date::timestamp + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
            AND NOT EXISTS (
                SELECT FROM decoction.returned
                WHERE returned.site_id = dispensing.site_id AND returned.dispensing_id = dispensing.document_id)
        """
    }
}
