internal import XinglinKit

/// The SQL of positions, honours, marks and discipline of members.
enum MemberFactStore {
    /// A row that is added.
    struct New {
        let id: RecordID
        let member: RecordID
        let fact: MemberFact
        var corrects: RecordID?
        var isVoid = false
        var reason = ""
    }

    static func add(_ new: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.member_fact (
            site_id, fact_id, member_id, kind, title, level, granted_by, mark, from_date, until_date, corrects, is_void, reason,
            recorded_at, recorded_by)
        VALUES (\(act.site), \(new.id), \(new.member), \(new.fact.kind), \(new.fact.title), \(new.fact.level),
            \(new.fact.grantedBy), \(new.fact.mark), \(new.fact.from), \(new.fact.until), \(new.corrects), \(new.isVoid),
            \(new.reason), \(act.now), \(act.account))
        """
    }

    /// Every fact of a member, corrected ones too, with its end where that was recorded later, and which site recorded it where it came
    /// along with a transfer; of the readable sites the one that has the member, or had them last.
    static func facts(of member: RecordID) -> SQL {
        """
        SELECT one.fact_id, one.site_id, one.kind, one.title, one.level, one.granted_by, one.mark, one.from_date,
            coalesce(ending.on_date, one.until_date), one.corrects, one.is_void,
            (SELECT other.fact_id FROM membership.member_fact AS other
             WHERE other.site_id = one.site_id AND other.corrects = one.fact_id), nullif(one.reason, ''), one.recorded_at,
            one.from_site_id
        FROM membership.member_fact AS one
        LEFT JOIN membership.ending ON ending.site_id = one.site_id AND ending.record_id = one.fact_id
        WHERE one.member_id = \(member) AND one.site_id = membership.record_site(\(member), 'infinity')
        ORDER BY one.from_date, one.fact_id
        """
    }

    /// What holds of a member on a day: kind, title, mark. Honours hold from their day on.
    static func holding(_ member: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT one.kind, one.title, one.mark FROM membership.member_fact AS one
        LEFT JOIN membership.ending ON ending.site_id = one.site_id AND ending.record_id = one.fact_id
        WHERE one.member_id = \(member) AND one.site_id = membership.record_site(\(member), 'infinity') AND NOT one.is_void
            AND one.from_date <= \(day)
            AND coalesce(ending.on_date, one.until_date, 'infinity') > \(day) AND NOT EXISTS (
                SELECT FROM membership.member_fact AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.fact_id)
        ORDER BY one.from_date, one.fact_id
        """
    }

    /// Which members have a mark on a day.
    static func marked(_ mark: String, _ members: [RecordID], on day: LocalDate) -> SQL {
        """
        SELECT DISTINCT one.member_id FROM membership.member_fact AS one
        LEFT JOIN membership.ending ON ending.site_id = one.site_id AND ending.record_id = one.fact_id
        WHERE one.member_id = ANY (\(members)) AND one.mark = \(mark) AND NOT one.is_void AND one.from_date <= \(day)
            AND one.site_id = membership.record_site(one.member_id, 'infinity')
            AND coalesce(ending.on_date, one.until_date, 'infinity') > \(day) AND NOT EXISTS (
                SELECT FROM membership.member_fact AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.fact_id)
        """
    }

    /// The member of a fact or a discipline of the acting site; whether it is a discipline.
    static func subject(_ fact: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.member_id, false FROM membership.member_fact AS one WHERE one.site_id = \(site) AND one.fact_id = \(fact)
        UNION ALL
        SELECT one.member_id, true FROM membership.discipline AS one WHERE one.site_id = \(site) AND one.fact_id = \(fact)
        """
    }

    static func addDiscipline(
        _ id: RecordID, of member: RecordID, _ content: SQLBytes, corrects: RecordID?, isVoid: Bool, _ act: Act
    ) -> SQL {
        """
        INSERT INTO membership.discipline (site_id, fact_id, member_id, content, corrects, is_void, recorded_at, recorded_by)
        VALUES (\(act.site), \(id), \(member), \(content), \(corrects), \(isVoid), \(act.now), \(act.account))
        """
    }

    /// The discipline of some members, corrected rows too, with the day on which it ended where that was recorded, and which site recorded
    /// it where it came along with a transfer; of the readable sites the one that has the member, or had them last.
    static func discipline(of members: [RecordID]) -> SQL {
        """
        SELECT one.fact_id, one.member_id, one.content, ending.on_date, one.corrects, one.is_void,
            (SELECT other.fact_id FROM membership.discipline AS other
             WHERE other.site_id = one.site_id AND other.corrects = one.fact_id), one.recorded_at, one.from_site_id
        FROM membership.discipline AS one
        LEFT JOIN membership.ending ON ending.site_id = one.site_id AND ending.record_id = one.fact_id
        WHERE one.member_id = ANY (\(members)) AND one.site_id = membership.record_site(one.member_id, 'infinity')
        ORDER BY one.fact_id
        """
    }
}

/// The encrypted columns of what is restricted or about households.
enum OfficeColumns {
    static let discipline = SealedColumn("discipline", "content", key: "fact_id")
    static let contactNote = SealedColumn("contact", "note", key: "contact_id")

    static let all = [discipline, contactNote]
}
