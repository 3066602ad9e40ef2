internal import XinglinKit

/// The SQL of `people.person`, its document and its temporary number.
enum PersonStore {
    /// A person as stored.
    struct Row {
        let id: RecordID
        let details: PersonDetails
        let phone: SQLBytes?
        let address: SQLBytes?
    }

    /// Who acts, where and when.
    struct Act {
        let site: RecordID
        let account: RecordID
        let now: Timestamp

        init(site: RecordID, account: RecordID, now: Timestamp) {
            self.site = site
            self.account = account
            self.now = now
        }

        init(_ call: Call) throws {
            self.init(site: try call.site.id, account: try call.caller.accountID, now: call.now)
        }
    }

    static func insert(_ row: Row, _ act: Act) -> SQL {
        """
        INSERT INTO people.person (
            person_id, name_zh, pinyin, initials, sex, birth_date, phone, address, version, current_id, created_at,
            created_by, updated_at)
        VALUES (
            \(row.id), \(row.details.nameZh), \(row.details.pinyin.full), \(row.details.pinyin.initials),
            \(row.details.sex), \(row.details.birthDate), \(row.phone), \(row.address), 1, \(row.id), \(act.now),
            \(act.account), \(act.now))
        """
    }

    /// Gives a person a document, or changes nothing where another has it: two that race for one number wait for each other here.
    static func insert(_ document: SealedDocument, of person: RecordID) -> SQL {
        """
        INSERT INTO people.document (person_id, kind, number, number_index)
        VALUES (\(person), \(document.kind), \(document.number), \(document.index))
        ON CONFLICT ON CONSTRAINT document_exists DO NOTHING
        """
    }

    static func deleteDocument(of person: RecordID) -> SQL {
        "DELETE FROM people.document WHERE person_id = \(person)"
    }

    /// Who has a document today, and whether the readable sites know the person.
    static func holder(of document: SealedDocument) -> SQL {
        """
        SELECT p.person_id, \(literal: isVisible)
        FROM people.document AS d JOIN people.person AS owner ON owner.person_id = d.person_id
        JOIN people.person AS p ON p.person_id = owner.current_id
        WHERE d.number_index = \(document.index) AND d.kind = \(document.kind)
        """
    }

    /// The next running numbers.
    static func nextTemporary(_ count: Int) -> SQL {
        "SELECT nextval('people.temporary_sequence') FROM generate_series(1, \(count)::integer)"
    }

    static func insertTemporary(_ numbers: [String], of persons: [RecordID]) -> SQL {
        """
        INSERT INTO people.temporary_number (number, person_id)
        SELECT * FROM unnest(\(numbers)::text[], \(persons)::uuid[])
        """
    }

    /// Changes a person that is still as it was read.
    static func update(_ row: Row, from version: Int64, _ act: Act) -> SQL {
        """
        UPDATE people.person
        SET name_zh = \(row.details.nameZh), pinyin = \(row.details.pinyin.full),
            initials = \(row.details.pinyin.initials), sex = \(row.details.sex), birth_date = \(row.details.birthDate),
            phone = \(row.phone), address = \(row.address), version = version + 1, updated_at = \(act.now)
        WHERE person_id = \(row.id) AND version = \(version) AND merged_into IS NULL
        """
    }

    /// Whether the readable sites know `p`, under whatever id of it.
    static let isVisible: StaticString = """
        EXISTS (SELECT FROM people.person AS m JOIN people.registration AS r ON r.person_id = m.person_id \
        WHERE m.current_id = p.person_id AND r.site_id = ANY (host.readable_sites()))
        """

    /// The columns of a card: `p` is the person, `d` its document, or where it has none that of a record merged into it.
    static let card: StaticString = """
        p.person_id, p.name_zh, p.sex, p.birth_date, p.phone, p.address, p.version, d.person_id, d.kind, d.number, \
        (SELECT string_agg(t.number, ' ' ORDER BY t.number) FROM people.person AS m \
        JOIN people.temporary_number AS t ON t.person_id = m.person_id WHERE m.current_id = p.person_id)
        """

    static let cardDocument: StaticString = """
        LEFT JOIN LATERAL (SELECT o.person_id, o.kind, o.number FROM people.person AS m \
        JOIN people.document AS o ON o.person_id = m.person_id WHERE m.current_id = p.person_id \
        ORDER BY m.person_id <> p.person_id, m.person_id LIMIT 1) AS d ON true
        """

    /// The persons of these ids that the readable sites know, each as it is today.
    static func cards(asked ids: [RecordID]) -> SQL {
        """
        SELECT asked.person_id, \(literal: card)
        FROM people.person AS asked JOIN people.person AS p ON p.person_id = asked.current_id
        \(literal: cardDocument)
        WHERE asked.person_id = ANY (\(ids)::uuid[]) AND \(literal: isVisible)
        """
    }

    /// The records that were merged into a person, each with its own document.
    static func absorbed(by person: RecordID) -> SQL {
        """
        SELECT p.person_id, p.person_id, p.name_zh, p.sex, p.birth_date, p.phone, p.address, p.version, d.person_id,
            d.kind, d.number,
            (SELECT t.number FROM people.temporary_number AS t WHERE t.person_id = p.person_id)
        FROM people.person AS p LEFT JOIN people.document AS d ON d.person_id = p.person_id
        WHERE p.current_id = \(person) AND p.person_id <> \(person)
        ORDER BY p.person_id
        """
    }

    /// What an id stands for today, where the readable sites know it.
    static func current(of id: RecordID) -> SQL {
        """
        SELECT p.person_id FROM people.person AS asked JOIN people.person AS p ON p.person_id = asked.current_id
        WHERE asked.person_id = \(id) AND \(literal: isVisible)
        """
    }
}
