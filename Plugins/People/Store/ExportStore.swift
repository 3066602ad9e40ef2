internal import XinglinKit

/// The SQL of exports.
enum ExportStore {
    /// The persons registered at a site, each once: of several registrations of records that were merged the first.
    static func residents(site: RecordID, after last: RecordID, limit: Int) -> SQL {
        """
        SELECT r.person_id, \(literal: PersonStore.card)
        FROM people.registration AS r JOIN people.person AS asked ON asked.person_id = r.person_id
        JOIN people.person AS p ON p.person_id = asked.current_id
        \(literal: PersonStore.cardDocument)
        WHERE r.site_id = \(site) AND r.person_id > \(last) AND NOT EXISTS (
            SELECT FROM people.person AS m JOIN people.registration AS other ON other.person_id = m.person_id
            WHERE m.current_id = asked.current_id AND other.site_id = r.site_id AND other.person_id < r.person_id)
        ORDER BY r.person_id LIMIT \(limit)
        """
    }

    /// The staff of a site whose employment has not ended: the employment's columns, then those of the person's card.
    static func staff(site: RecordID, after last: RecordID, limit: Int) -> SQL {
        """
        SELECT s.staff_id, d2.code, s.title, s.employed_on,
            (SELECT string_agg(x.right_code, ' ' ORDER BY x.right_code) FROM people.staff_right AS x
            WHERE x.site_id = s.site_id AND x.staff_id = s.staff_id AND x.revoked_on IS NULL),
            asked.person_id, \(literal: PersonStore.card)
        FROM people.staff AS s
        JOIN people.department AS d2 ON d2.site_id = s.site_id AND d2.department_id = s.department_id
        JOIN people.person AS asked ON asked.person_id = s.person_id
        JOIN people.person AS p ON p.person_id = asked.current_id
        \(literal: PersonStore.cardDocument)
        WHERE s.site_id = \(site) AND s.staff_id > \(last) AND s.left_on IS NULL
        ORDER BY s.staff_id LIMIT \(limit)
        """
    }
}
