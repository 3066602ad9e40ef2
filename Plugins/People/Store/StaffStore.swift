internal import XinglinKit

/// The SQL of departments, staff and their rights.
enum StaffStore {
    static func createDepartment(
        _ id: RecordID, code: String, nameZh: String, kind: DepartmentKind, _ act: PersonStore.Act
    ) -> SQL {
        """
        INSERT INTO people.department (site_id, department_id, code, name_zh, kind, created_at, created_by)
        VALUES (\(act.site), \(id), \(code), \(nameZh), \(kind), \(act.now), \(act.account))
        ON CONFLICT ON CONSTRAINT department_exists DO NOTHING
        """
    }

    /// The departments with these codes.
    static func departments(coded codes: [String], site: RecordID) -> SQL {
        "SELECT department_id, code FROM people.department WHERE site_id = \(site) AND code = ANY (\(codes)::text[])"
    }

    static func listDepartments(site: RecordID, after code: String, limit: Int) -> SQL {
        """
        SELECT code, department_id, name_zh, kind, (\(DepartmentKind.allCases.map(\.labelZh))::text[])[
            array_position(\(DepartmentKind.codes)::text[], kind)]
        FROM people.department WHERE site_id = \(site) AND code > \(code)
        ORDER BY code LIMIT \(limit)
        """
    }

    static let departmentColumns: [JSONColumn] = [
        .string("code"), .string("departmentId"), .string("nameZh"), .string("kind"), .string("kindZh"),
    ]

    struct Employment {
        let staffID: RecordID
        let person: RecordID
        let department: RecordID
        let title: StaffTitle
        let employedOn: LocalDate
    }

    /// Employs a person that the readable sites know, in a department of the acting site. No row where either is unknown or
    /// the person works there already, under whichever of the records that were merged into one.
    static func employ(_ employment: Employment, _ act: PersonStore.Act) -> SQL {
        """
        INSERT INTO people.staff (
            site_id, staff_id, person_id, department_id, title, employed_on, version, created_at, created_by)
        SELECT department.site_id, \(employment.staffID)::uuid, p.person_id, department.department_id,
            \(employment.title)::text, \(employment.employedOn)::date, 1, \(act.now)::timestamptz, \(act.account)::uuid
        FROM people.person AS asked JOIN people.person AS p ON p.person_id = asked.current_id, people.department
        WHERE asked.person_id = \(employment.person) AND \(literal: PersonStore.isVisible)
            AND department.site_id = \(act.site) AND department.department_id = \(employment.department)
            AND NOT EXISTS (
                SELECT FROM people.staff AS s JOIN people.person AS m ON m.person_id = s.person_id
                WHERE s.site_id = \(act.site) AND m.current_id = p.person_id AND s.left_on IS NULL
                    AND s.department_id = department.department_id)
        ON CONFLICT ON CONSTRAINT staff_exists DO NOTHING
        """
    }

    /// The employment that stands in the way of another one.
    static func employed(_ person: RecordID, in department: RecordID, site: RecordID) -> SQL {
        """
        SELECT s.staff_id FROM people.staff AS s JOIN people.person AS asked ON asked.person_id = \(person)
        JOIN people.person AS m ON m.current_id = asked.current_id
        WHERE s.site_id = \(site) AND s.person_id = m.person_id AND s.department_id = \(department)
            AND s.left_on IS NULL
        """
    }

    /// Gives rights from a day on; one that was taken away on that very day holds again.
    static func grant(_ rights: [StaffRight], to staff: [RecordID], on days: [LocalDate], site: RecordID) -> SQL {
        """
        INSERT INTO people.staff_right (site_id, staff_id, right_code, granted_on)
        SELECT \(site)::uuid, g.staff_id, g.right_code, g.granted_on
        FROM unnest(\(staff)::uuid[], \(rights)::text[], \(days)::date[]) AS g (staff_id, right_code, granted_on)
        ON CONFLICT ON CONSTRAINT staff_right_key DO UPDATE SET revoked_on = NULL
        """
    }

    /// Takes away what is not among the rights.
    static func revoke(from staff: RecordID, allBut rights: [StaffRight], on day: LocalDate, site: RecordID) -> SQL {
        """
        UPDATE people.staff_right SET revoked_on = greatest(granted_on, \(day)::date)
        WHERE site_id = \(site) AND staff_id = \(staff) AND revoked_on IS NULL
            AND right_code <> ALL (\(rights)::text[])
        """
    }

    /// Changes an employment that is still as it was read and has not ended.
    static func update(_ change: Change, site: RecordID) -> SQL {
        """
        UPDATE people.staff SET title = coalesce(\(change.title)::text, title),
            department_id = coalesce(\(change.department)::uuid, department_id),
            left_on = \(change.leftOn)::date, version = version + 1
        WHERE site_id = \(site) AND staff_id = \(change.staffID) AND version = \(change.version) AND left_on IS NULL
            AND (\(change.department)::uuid IS NULL OR NOT EXISTS (
                SELECT FROM people.staff AS other JOIN people.person AS theirs ON theirs.person_id = other.person_id
                JOIN people.person AS mine ON mine.current_id = theirs.current_id
                WHERE other.site_id = \(site) AND other.staff_id <> \(change.staffID) AND other.left_on IS NULL
                    AND other.department_id = \(change.department)::uuid AND mine.person_id = staff.person_id))
        """
    }

    struct Change {
        let staffID: RecordID
        let version: Int64
        var title: StaffTitle?
        var department: RecordID?
        var leftOn: LocalDate?
    }

    private static let selection: StaticString = """
        s.staff_id, s.person_id, p.person_id, p.name_zh, s.department_id, d.code, d.name_zh, s.title, s.employed_on, \
        s.left_on, s.version, (SELECT string_agg(r.right_code, ' ' ORDER BY r.right_code) FROM people.staff_right AS r \
        WHERE r.site_id = s.site_id AND r.staff_id = s.staff_id AND r.revoked_on IS NULL)
        """

    private static let source: StaticString = """
        people.staff AS s JOIN people.department AS d ON d.site_id = s.site_id AND d.department_id = s.department_id \
        JOIN people.person AS asked ON asked.person_id = s.person_id \
        JOIN people.person AS p ON p.person_id = asked.current_id
        """

    static func list(
        site: RecordID, department: RecordID?, formerToo: Bool, after last: RecordID, limit: Int
    ) -> SQL {
        """
        SELECT \(literal: selection) FROM \(literal: source)
        WHERE s.site_id = \(site) AND s.staff_id > \(last) AND (\(formerToo)::boolean OR s.left_on IS NULL)
            AND (\(department)::uuid IS NULL OR s.department_id = \(department)::uuid)
        ORDER BY s.staff_id LIMIT \(limit)
        """
    }

    /// The staff of these ids at the readable sites.
    static func many(_ ids: [RecordID]) -> SQL {
        """
        SELECT \(literal: selection) FROM \(literal: source)
        WHERE s.site_id = ANY (host.readable_sites()) AND s.staff_id = ANY (\(ids)::uuid[])
        """
    }

    /// Whether the member of staff is of the site itself, not only of one that it may read.
    static func isOf(_ site: RecordID, _ id: RecordID) -> SQL {
        "SELECT count(*) FROM people.staff WHERE site_id = \(site) AND staff_id = \(id)"
    }
}
