internal import XinglinKit

/// The SQL of what a member's dues are reckoned from: bases, exemptions and good reasons.
enum DuesFactStore {
    /// The member's row, kept from whoever books money or facts of the same member. Not FOR UPDATE: an assessment refers to the row while
    /// it holds a month that a payment may wait for.
    static func lock(_ member: RecordID, site: RecordID) -> SQL {
        """
        SELECT person_id, joined_on FROM membership.member
        WHERE site_id = \(site) AND member_id = \(member) FOR NO KEY UPDATE
        """
    }

    struct Base {
        let member: RecordID
        let from: CalendarMonth
        let category: DuesCategory
        let baseFen: Int64?
        let fixedFen: Int64?
        let reason: String
    }

    /// The next version; the member is locked before.
    static func add(_ base: Base, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_base (
            site_id, member_id, version, from_month, category, base_fen, fixed_fen, reason, recorded_at, recorded_by)
        SELECT \(act.site)::uuid, \(base.member)::uuid, coalesce(max(former.version), 0) + 1, \(base.from)::date,
            \(base.category)::text, \(base.baseFen)::bigint, \(base.fixedFen)::bigint, \(base.reason)::text,
            \(act.now)::timestamptz, \(act.account)::uuid
        FROM membership.dues_base AS former
        WHERE former.site_id = \(act.site)::uuid AND former.member_id = \(base.member)::uuid
        RETURNING version
        """
    }

    /// The base of each of some members that holds for a month.
    static func bases(of members: [RecordID], for month: CalendarMonth, site: RecordID) -> SQL {
        """
        SELECT DISTINCT ON (base.member_id) base.member_id, base.version, base.category, base.base_fen, base.fixed_fen
        FROM membership.dues_base AS base
        WHERE base.site_id = \(site) AND base.member_id = ANY (\(members)::uuid[]) AND base.from_month <= \(month)
        ORDER BY base.member_id, base.from_month DESC, base.version DESC
        """
    }

    static func bases(of member: RecordID) -> SQL {
        """
        SELECT version, to_char(from_month, 'YYYY-MM'), category, base_fen, fixed_fen, nullif(reason, ''), recorded_at
        FROM membership.dues_base WHERE member_id = \(member) ORDER BY from_month, version
        """
    }

    struct Exemption {
        let id: RecordID
        let member: RecordID
        let from: CalendarMonth
        let until: CalendarMonth
        let reducedFen: Int64?
        let requestedOn: LocalDate
        let branchOn: LocalDate
        let approvedOn: LocalDate
        let approvedBy: RecordID
        let paper: PaperReference
    }

    static func add(_ one: Exemption, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_exemption (
            site_id, exemption_id, member_id, kind, from_month, until_month, reduced_fen, requested_on, branch_on, approved_on,
            approved_by, document_title, document_file, document_sm3, recorded_at, recorded_by)
        VALUES (\(act.site), \(one.id), \(one.member), \(one.reducedFen == nil ? "waiver" : "reduction"), \(one.from),
            \(one.until), \(one.reducedFen), \(one.requestedOn), \(one.branchOn), \(one.approvedOn), \(one.approvedBy),
            \(one.paper.title ?? ""), \(one.paper.fileId), \(one.paper.sm3 ?? ""), \(act.now), \(act.account))
        """
    }

    /// The exemptions of some members that hold for a month.
    static func exemptions(of members: [RecordID], for month: CalendarMonth, site: RecordID) -> SQL {
        """
        SELECT one.member_id, one.exemption_id, one.reduced_fen FROM membership.dues_exemption AS one
        LEFT JOIN membership.dues_exemption_end AS ended
            ON ended.site_id = one.site_id AND ended.exemption_id = one.exemption_id
        WHERE one.site_id = \(site) AND one.member_id = ANY (\(members)::uuid[])
            AND one.from_month <= \(month) AND one.until_month >= \(month)
            AND (ended.from_month IS NULL OR ended.from_month > \(month))
        """
    }

    /// The exemption of a member that holds for one of the months, if there is one.
    static func overlapping(_ member: RecordID, from: CalendarMonth, until: CalendarMonth, site: RecordID) -> SQL {
        """
        SELECT one.exemption_id, one.from_month, one.until_month FROM membership.dues_exemption AS one
        LEFT JOIN membership.dues_exemption_end AS ended
            ON ended.site_id = one.site_id AND ended.exemption_id = one.exemption_id
        WHERE one.site_id = \(site) AND one.member_id = \(member) AND one.from_month <= \(until)
            AND one.until_month >= \(from)
            AND (ended.from_month IS NULL OR (ended.from_month > \(from) AND ended.from_month > one.from_month))
        ORDER BY one.from_month LIMIT 1
        """
    }

    static func exemption(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT member_id, from_month, until_month FROM membership.dues_exemption
        WHERE site_id = \(site) AND exemption_id = \(id)
        """
    }

    static func end(_ id: RecordID, from month: CalendarMonth, reason: String, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_exemption_end (site_id, exemption_id, from_month, reason, recorded_at, recorded_by)
        VALUES (\(act.site), \(id), \(month), \(reason), \(act.now), \(act.account))
        """
    }

    static func exemptions(of member: RecordID) -> SQL {
        """
        SELECT one.exemption_id, one.kind, to_char(one.from_month, 'YYYY-MM'), to_char(one.until_month, 'YYYY-MM'),
            one.reduced_fen, one.requested_on, one.branch_on, one.approved_on, one.approved_by,
            nullif(one.document_title, ''), one.document_file, to_char(ended.from_month, 'YYYY-MM'), ended.reason,
            one.recorded_at
        FROM membership.dues_exemption AS one
        LEFT JOIN membership.dues_exemption_end AS ended
            ON ended.site_id = one.site_id AND ended.exemption_id = one.exemption_id
        WHERE one.member_id = \(member) ORDER BY one.from_month, one.exemption_id
        """
    }

    struct Excuse {
        let id: RecordID
        let member: RecordID
        let from: CalendarMonth
        let until: CalendarMonth
        let reason: String
        let paper: PaperReference
    }

    static func add(_ one: Excuse, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_excuse (
            site_id, excuse_id, member_id, from_month, until_month, reason, document_title, document_file, document_sm3,
            recorded_at, recorded_by)
        VALUES (\(act.site), \(one.id), \(one.member), \(one.from), \(one.until), \(one.reason), \(one.paper.title ?? ""),
            \(one.paper.fileId), \(one.paper.sm3 ?? ""), \(act.now), \(act.account))
        """
    }

    static func excuses(of member: RecordID) -> SQL {
        """
        SELECT excuse_id, to_char(from_month, 'YYYY-MM'), to_char(until_month, 'YYYY-MM'), reason,
            nullif(document_title, ''), document_file, recorded_at
        FROM membership.dues_excuse WHERE member_id = \(member) ORDER BY from_month, excuse_id
        """
    }

    /// The months of a member from one to another that are closed: their lines stay as they are.
    static func closed(_ member: RecordID, from: CalendarMonth, until: CalendarMonth?, site: RecordID) -> SQL {
        """
        SELECT DISTINCT line.month FROM membership.dues_line AS line
        JOIN membership.dues_closing AS closing ON closing.site_id = line.site_id
            AND closing.organization_id = line.organization_id AND closing.month = line.month
        WHERE line.site_id = \(site) AND line.member_id = \(member) AND NOT line.is_void AND line.month >= \(from)
            AND line.month <= coalesce(\(until)::date, 'infinity') AND NOT EXISTS (
                SELECT FROM membership.dues_line AS newer
                WHERE newer.site_id = line.site_id AND newer.month = line.month AND newer.member_id = line.member_id
                    AND newer.version > line.version)
        ORDER BY line.month
        """
    }
}
