internal import XinglinKit

/// The SQL of `people.change`.
enum ChangeStore {
    static func insert(
        _ id: RecordID, of person: RecordID, version: Int64, fields: [String], before: SQLBytes, _ act: PersonStore.Act
    ) -> SQL {
        """
        INSERT INTO people.change (
            change_id, person_id, version, fields, before, changed_at, changed_by, changed_at_site)
        VALUES (
            \(id), \(person), \(version), \(fields.joined(separator: " ")), \(before), \(act.now), \(act.account),
            \(act.site))
        """
    }

    /// The changes of a person and of the records merged into it, newest first.
    static func list(of person: RecordID, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT c.change_id, c.person_id, c.version, c.fields, c.before, c.changed_at, c.changed_by, c.changed_at_site
        FROM people.person AS m JOIN people.change AS c ON c.person_id = m.person_id
        WHERE m.current_id = \(person) AND c.change_id < \(last)
        ORDER BY c.change_id DESC LIMIT \(limit)
        """
    }
}
