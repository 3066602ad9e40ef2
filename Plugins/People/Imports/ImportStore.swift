internal import XinglinKit

/// The SQL of bulk imports: one statement for all lines of a chunk.
enum ImportStore {
    /// Who has these documents today: index, kind, person, name, and whether the acting site knows the person.
    static func holders(of indexes: [String], site: RecordID) -> SQL {
        """
        SELECT d.number_index, d.kind, p.person_id, p.name_zh, EXISTS (
            SELECT FROM people.person AS m JOIN people.registration AS r ON r.person_id = m.person_id
            WHERE m.current_id = p.person_id AND r.site_id = \(site))
        FROM people.document AS d JOIN people.person AS owner ON owner.person_id = d.person_id
        JOIN people.person AS p ON p.person_id = owner.current_id
        WHERE d.number_index = ANY (\(indexes)::bytea[])
        """
    }

    /// Adds the persons whose document nobody has, with document and registration; gives their ids. Documents are claimed in
    /// the order of their index, so that imports that race do not wait for each other in a ring.
    static func add(_ persons: [PreparedPerson], basis: Purpose, _ act: PersonStore.Act) -> SQL {
        """
        WITH line AS MATERIALIZED (
            SELECT * FROM unnest(
                \(persons.map(\.id))::uuid[], \(persons.map(\.nameZh))::text[], \(persons.map(\.pinyin))::text[],
                \(persons.map(\.initials))::text[], \(persons.map(\.sex))::text[], \(persons.map(\.birthDate))::date[],
                \(persons.map(\.phone))::bytea[], \(persons.map(\.address))::bytea[], \(persons.map(\.kind))::text[],
                \(persons.map(\.number))::bytea[], \(persons.map(\.index))::bytea[]
            ) AS l (person_id, name_zh, pinyin, initials, sex, birth_date, phone, address, kind, number, number_index)
        ), claimed AS (
            INSERT INTO people.document (person_id, kind, number, number_index)
            SELECT person_id, kind, number, number_index FROM line WHERE kind IS NOT NULL ORDER BY number_index
            ON CONFLICT ON CONSTRAINT document_exists DO NOTHING
            RETURNING person_id
        ), fresh AS MATERIALIZED (
            SELECT * FROM line WHERE kind IS NULL OR person_id IN (SELECT person_id FROM claimed)
        ), made AS (
            INSERT INTO people.person (
                person_id, name_zh, pinyin, initials, sex, birth_date, phone, address, version, current_id, created_at,
                created_by, updated_at)
            SELECT person_id, name_zh, pinyin, initials, sex, birth_date, phone, address, 1, person_id,
                \(act.now)::timestamptz, \(act.account)::uuid, \(act.now)::timestamptz
            FROM fresh
        )
        INSERT INTO people.registration (
            site_id, person_id, name_zh, pinyin, initials, birth_date, basis, registered_at, registered_by)
        SELECT \(act.site)::uuid, person_id, name_zh, pinyin, initials, birth_date, \(basis)::text,
            \(act.now)::timestamptz, \(act.account)::uuid
        FROM fresh
        RETURNING person_id
        """
    }

    /// Registers the persons who had their document already, under the line's name; gives for each of these lines the person
    /// and whether that was new here.
    static func enrol(_ persons: [PreparedPerson], basis: Purpose, _ act: PersonStore.Act) -> SQL {
        """
        WITH known AS MATERIALIZED (
            SELECT line.person_id AS line_id, p.person_id, p.name_zh, p.pinyin, p.initials, p.birth_date
            FROM unnest(
                \(persons.map(\.id))::uuid[], \(persons.map(\.kind))::text[], \(persons.map(\.index))::bytea[],
                \(persons.map(\.nameZh))::text[]
            ) AS line (person_id, kind, number_index, name_zh)
            JOIN people.document AS d ON d.number_index = line.number_index AND d.kind = line.kind
            JOIN people.person AS owner ON owner.person_id = d.person_id
            JOIN people.person AS p ON p.person_id = owner.current_id AND p.name_zh = line.name_zh
            WHERE d.person_id <> line.person_id
        ), added AS (
            INSERT INTO people.registration (
                site_id, person_id, name_zh, pinyin, initials, birth_date, basis, registered_at, registered_by)
            SELECT DISTINCT ON (person_id) \(act.site)::uuid, person_id, name_zh, pinyin, initials, birth_date,
                \(basis)::text, \(act.now)::timestamptz, \(act.account)::uuid
            FROM known ORDER BY person_id
            ON CONFLICT ON CONSTRAINT registration_key DO NOTHING
            RETURNING person_id
        )
        SELECT line_id, person_id, person_id IN (SELECT person_id FROM added) FROM known
        """
    }

    /// A member of staff of a line.
    struct Employment {
        let staffID: RecordID
        let person: PreparedPerson
        let departmentCode: String
        let title: String
        let employedOn: String
        let rights: [StaffRight]
    }

    /// Which of the lines' persons work in their department already: document index and department code.
    static func employed(_ indexes: [String], site: RecordID) -> SQL {
        """
        SELECT d.number_index, d.kind, dep.code
        FROM people.document AS d JOIN people.person AS owner ON owner.person_id = d.person_id
        JOIN people.person AS m ON m.current_id = owner.current_id
        JOIN people.staff AS s ON s.person_id = m.person_id
        JOIN people.department AS dep ON dep.site_id = s.site_id AND dep.department_id = s.department_id
        WHERE d.number_index = ANY (\(indexes)::bytea[]) AND s.site_id = \(site) AND s.left_on IS NULL
        """
    }

    /// Employs the persons of these documents and names in the departments of these codes; gives the staff that was made.
    static func employ(_ lines: [Employment], _ act: PersonStore.Act) -> SQL {
        """
        INSERT INTO people.staff (
            site_id, staff_id, person_id, department_id, title, employed_on, version, created_at, created_by)
        SELECT dep.site_id, line.staff_id, owner.current_id, dep.department_id, line.title, line.employed_on, 1,
            \(act.now)::timestamptz, \(act.account)::uuid
        FROM unnest(
            \(lines.map(\.staffID))::uuid[], \(lines.map(\.person.kind))::text[], \(lines.map(\.person.index))::bytea[],
            \(lines.map(\.departmentCode))::text[], \(lines.map(\.title))::text[], \(lines.map(\.employedOn))::date[],
            \(lines.map(\.person.nameZh))::text[]
        ) AS line (staff_id, kind, number_index, code, title, employed_on, name_zh)
        JOIN people.document AS d ON d.number_index = line.number_index AND d.kind = line.kind
        JOIN people.person AS owner ON owner.person_id = d.person_id
        JOIN people.person AS p ON p.person_id = owner.current_id AND p.name_zh = line.name_zh
        JOIN people.department AS dep ON dep.site_id = \(act.site) AND dep.code = line.code
        WHERE NOT EXISTS (
            SELECT FROM people.staff AS s JOIN people.person AS m ON m.person_id = s.person_id
            WHERE s.site_id = \(act.site) AND m.current_id = owner.current_id AND s.left_on IS NULL
                AND s.department_id = dep.department_id)
        ON CONFLICT ON CONSTRAINT staff_exists DO NOTHING
        RETURNING staff_id
        """
    }
}
