internal import XinglinKit

/// The SQL of `people.registration`: which site knows whom, and the search for names.
enum RegistrationStore {
    /// Registers a person that was just made, at the acting site.
    static func insert(_ row: PersonStore.Row, basis: Purpose, _ act: PersonStore.Act) -> SQL {
        """
        INSERT INTO people.registration (
            site_id, person_id, name_zh, pinyin, initials, birth_date, basis, registered_at, registered_by)
        VALUES (
            \(act.site), \(row.id), \(row.details.nameZh), \(row.details.pinyin.full), \(row.details.pinyin.initials),
            \(row.details.birthDate), \(basis), \(act.now), \(act.account))
        """
    }

    /// Registers what an id stands for today; changes nothing where the site has it.
    static func enrol(_ person: RecordID, basis: Purpose, _ act: PersonStore.Act) -> SQL {
        """
        INSERT INTO people.registration (
            site_id, person_id, name_zh, pinyin, initials, birth_date, basis, registered_at, registered_by)
        SELECT \(act.site)::uuid, p.person_id, p.name_zh, p.pinyin, p.initials, p.birth_date, \(basis)::text,
            \(act.now)::timestamptz, \(act.account)::uuid
        FROM people.person AS asked JOIN people.person AS p ON p.person_id = asked.current_id
        WHERE asked.person_id = \(person)
        ON CONFLICT ON CONSTRAINT registration_key DO NOTHING
        """
    }

    /// What an id stands for today, whoever knows it.
    static func current(of id: RecordID) -> SQL {
        "SELECT current_id FROM people.person WHERE person_id = \(id)"
    }

    /// Where a page starts: behind the registration with these fields.
    struct Cursor {
        var pinyin = ""
        var person = RecordID(high: 0, low: 0)
    }

    /// Behind every text that begins so: no character of a name is greater than the last of Unicode.
    private static func end(of prefix: String) -> String { prefix + "\u{10FFFF}" }

    /// The persons of the readable sites whose name begins so.
    static func named(_ prefix: String, bornOn birth: LocalDate?, after last: Cursor, limit: Int) -> SQL {
        """
        WITH hit AS (
            SELECT DISTINCT pinyin, person_id FROM people.registration
            WHERE site_id = ANY (host.readable_sites()) AND name_zh >= \(prefix) AND name_zh < \(Self.end(of: prefix))
                AND (\(birth)::date IS NULL OR birth_date = \(birth)::date)
                AND (pinyin, person_id) > (\(last.pinyin), \(last.person))
            ORDER BY pinyin, person_id LIMIT \(limit)
        )
        SELECT hit.pinyin, hit.person_id, \(literal: PersonStore.card)
        FROM hit JOIN people.person AS asked USING (person_id)
        JOIN people.person AS p ON p.person_id = asked.current_id
        \(literal: PersonStore.cardDocument)
        ORDER BY hit.pinyin, hit.person_id
        """
    }

    /// The persons of the readable sites whose pinyin or initials begin so.
    static func spelled(_ prefix: String, bornOn birth: LocalDate?, after last: Cursor, limit: Int) -> SQL {
        """
        WITH hit AS (
            SELECT pinyin, person_id FROM people.registration
            WHERE site_id = ANY (host.readable_sites()) AND pinyin >= \(prefix) AND pinyin < \(Self.end(of: prefix))
                AND (\(birth)::date IS NULL OR birth_date = \(birth)::date)
                AND (pinyin, person_id) > (\(last.pinyin), \(last.person))
            UNION
            SELECT pinyin, person_id FROM people.registration
            WHERE site_id = ANY (host.readable_sites()) AND initials >= \(prefix) AND initials < \(Self.end(of: prefix))
                AND (\(birth)::date IS NULL OR birth_date = \(birth)::date)
                AND (pinyin, person_id) > (\(last.pinyin), \(last.person))
            ORDER BY pinyin, person_id LIMIT \(limit)
        )
        SELECT hit.pinyin, hit.person_id, \(literal: PersonStore.card)
        FROM hit JOIN people.person AS asked USING (person_id)
        JOIN people.person AS p ON p.person_id = asked.current_id
        \(literal: PersonStore.cardDocument)
        ORDER BY hit.pinyin, hit.person_id
        """
    }

    /// The persons whose document has one of these numbers, in the whole county, and whether the readable sites know them.
    static func documented(_ indexes: [SQLBytes], bornOn birth: LocalDate?) -> SQL {
        """
        SELECT \(literal: PersonStore.isVisible), p.person_id, \(literal: PersonStore.card)
        FROM people.document AS d JOIN people.person AS owner ON owner.person_id = d.person_id
        JOIN people.person AS p ON p.person_id = owner.current_id
        WHERE d.number_index = ANY (\(indexes)::bytea[]) AND (\(birth)::date IS NULL OR p.birth_date = \(birth)::date)
        ORDER BY p.person_id
        """
    }

    /// The person of the readable sites with that temporary number.
    static func numbered(_ number: String) -> SQL {
        """
        SELECT p.person_id, \(literal: PersonStore.card)
        FROM people.temporary_number AS n JOIN people.person AS owner ON owner.person_id = n.person_id
        JOIN people.person AS p ON p.person_id = owner.current_id
        \(literal: PersonStore.cardDocument)
        WHERE n.number = \(number) AND \(literal: PersonStore.isVisible)
        """
    }

    /// The site's persons, by pinyin.
    static func list(site: RecordID, after last: Cursor, limit: Int) -> SQL {
        """
        WITH hit AS (
            SELECT pinyin, person_id, basis, registered_at FROM people.registration
            WHERE site_id = \(site) AND (pinyin, person_id) > (\(last.pinyin), \(last.person))
            ORDER BY pinyin, person_id LIMIT \(limit)
        )
        SELECT hit.pinyin, hit.person_id, hit.basis, hit.registered_at, p.person_id, p.name_zh, p.sex, p.birth_date
        FROM hit JOIN people.person AS asked USING (person_id)
        JOIN people.person AS p ON p.person_id = asked.current_id
        ORDER BY hit.pinyin, hit.person_id
        """
    }
}
