internal import XinglinKit

/// The SQL of months and their lines.
enum DuesLineStore {
    static func open(_ month: CalendarMonth, of branch: RecordID, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_month (site_id, organization_id, month, opened_at, opened_by)
        VALUES (\(act.site), \(branch), \(month), \(act.now), \(act.account))
        """
    }

    /// The first and last month that a branch has opened, and the first that it has not closed.
    static func range(of branch: RecordID, site: RecordID) -> SQL {
        """
        SELECT min(one.month), max(one.month), min(one.month) FILTER (WHERE closing.month IS NULL)
        FROM membership.dues_month AS one
        LEFT JOIN membership.dues_closing AS closing ON closing.site_id = one.site_id
            AND closing.organization_id = one.organization_id AND closing.month = one.month
        WHERE one.site_id = \(site) AND one.organization_id = \(branch)
        """
    }

    /// Keeps whoever assesses, closes or pays in the month waiting.
    static func lock(_ month: CalendarMonth, of branch: RecordID, site: RecordID) -> SQL {
        """
        SELECT opened_at FROM membership.dues_month
        WHERE site_id = \(site) AND organization_id = \(branch) AND month = \(month) FOR UPDATE
        """
    }

    /// Whether a month is closed: to be asked behind `lock`.
    static func closing(_ month: CalendarMonth, of branch: RecordID, site: RecordID) -> SQL {
        """
        SELECT closed_at FROM membership.dues_closing
        WHERE site_id = \(site) AND organization_id = \(branch) AND month = \(month)
        """
    }

    /// Who owes a branch dues for a month.
    static func owing(_ branch: RecordID, _ month: CalendarMonth, site: RecordID) -> SQL {
        "SELECT owing.member_id FROM membership.dues_owing(\(site), \(branch), \(month)) AS owing"
    }

    /// The lines of a month that a branch has, and those of some members elsewhere; the last version of each, void ones too.
    static func latest(_ month: CalendarMonth, of branch: RecordID, and members: [RecordID], site: RecordID) -> SQL {
        """
        SELECT line.member_id, line.version, line.organization_id, line.is_void,
            line.is_supplement OR EXISTS (
                SELECT FROM membership.dues_closed_line AS closed
                WHERE closed.site_id = line.site_id AND closed.month = line.month AND closed.member_id = line.member_id),
            line.category, line.base_fen, line.base_version, line.rate_basis_points, line.unrounded_fen, line.due_fen,
            line.waived_fen, line.exemption_id, line.rule_version, paid.fen
        FROM membership.dues_line AS line \(literal: Self.paid)
        WHERE line.site_id = \(site) AND line.month = \(month)
            AND (line.organization_id = \(branch) OR line.member_id = ANY (\(members)::uuid[]))
            AND \(literal: Self.isLast)
        """
    }

    /// Of a line: it is the last version.
    static let isLast: StaticString = """
        NOT EXISTS (
            SELECT FROM membership.dues_line AS newer
            WHERE newer.site_id = line.site_id AND newer.month = line.month AND newer.member_id = line.member_id
                AND newer.version > line.version)
        """

    /// What was paid of a line, and how much of that when the month was closed.
    static let paid: StaticString = """
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(part.amount_fen), 0)::bigint AS fen,
                coalesce(sum(part.amount_fen) FILTER (WHERE part.is_back), 0)::bigint AS later_fen
            FROM membership.dues_part AS part
            WHERE part.site_id = line.site_id AND part.month = line.month AND part.member_id = line.member_id
                AND NOT EXISTS (
                    SELECT FROM membership.dues_reversal AS reversal
                    WHERE reversal.site_id = part.site_id AND reversal.record_id = part.payment_id)
        ) AS paid
        """

    /// A new version of a member's line.
    struct New {
        let member: RecordID
        let version: Int
        let line: Assessment
    }

    static func add(_ lines: [New], _ month: CalendarMonth, isSupplement: Bool, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_line (
            site_id, month, member_id, version, organization_id, is_void, is_supplement, category, base_fen, base_version,
            rate_basis_points, unrounded_fen, due_fen, waived_fen, exemption_id, rule_version, recorded_at, recorded_by)
        SELECT \(act.site)::uuid, \(month)::date, one.member_id, one.version, one.organization_id, one.is_void,
            \(isSupplement)::boolean, one.category, one.base_fen, one.base_version, one.rate, one.unrounded_fen, one.due_fen,
            one.waived_fen, one.exemption_id, one.rule_version, \(act.now)::timestamptz, \(act.account)::uuid
        FROM unnest(
            \(lines.map(\.member))::uuid[], \(lines.map(\.version))::integer[], \(lines.map(\.line.organization))::uuid[],
            \(lines.map(\.line.isVoid))::boolean[], \(lines.map(\.line.category))::text[],
            \(lines.map(\.line.baseFen))::bigint[], \(lines.map(\.line.baseVersion))::integer[],
            \(lines.map(\.line.rateBasisPoints))::integer[], \(lines.map(\.line.unroundedFen))::bigint[],
            \(lines.map(\.line.dueFen))::bigint[], \(lines.map(\.line.waivedFen))::bigint[],
            \(lines.map(\.line.exemption))::uuid[], \(lines.map(\.line.ruleVersion))::text[]
        ) AS one (
            member_id, version, organization_id, is_void, category, base_fen, base_version, rate, unrounded_fen, due_fen,
            waived_fen, exemption_id, rule_version)
        ORDER BY one.member_id
        """
    }

    /// Closes a month with its sums; the month is locked before.
    static func close(_ month: CalendarMonth, of branch: RecordID, _ sums: DuesSums, unassessed: Int, _ act: Act) -> SQL
    {
        """
        INSERT INTO membership.dues_closing (
            site_id, organization_id, month, lines, unassessed, due_fen, paid_fen, waived_fen, arrears_fen, closed_at, closed_by)
        VALUES (\(act.site), \(branch), \(month), \(sums.lines), \(unassessed), \(sums.dueFen), \(sums.paidFen),
            \(sums.waivedFen), \(sums.arrearsFen), \(act.now), \(act.account))
        """
    }

    /// Keeps the lines of a month as they stand at its closing.
    static func keep(_ month: CalendarMonth, of branch: RecordID, site: RecordID) -> SQL {
        """
        INSERT INTO membership.dues_closed_line (
            site_id, organization_id, month, member_id, version, due_fen, paid_fen, waived_fen, arrears_fen)
        SELECT line.site_id, line.organization_id, line.month, line.member_id, line.version, line.due_fen, paid.fen,
            line.waived_fen, line.due_fen - line.waived_fen - paid.fen
        FROM membership.dues_line AS line \(literal: Self.paid)
        WHERE line.site_id = \(site) AND line.month = \(month) AND line.organization_id = \(branch) AND NOT line.is_void
            AND \(literal: Self.isLast)
        """
    }

    /// Keeps who had no line when a month was closed.
    static func keep(
        _ missing: [Assessing.Missing], _ month: CalendarMonth, of branch: RecordID, site: RecordID
    ) -> SQL {
        """
        INSERT INTO membership.dues_unassessed (site_id, organization_id, month, member_id, reason)
        SELECT \(site)::uuid, \(branch)::uuid, \(month)::date, one.member_id, one.reason
        FROM unnest(\(missing.map(\.memberId))::uuid[], \(missing.map(\.reason.rawValue))::text[]) AS one (member_id, reason)
        """
    }

    /// The months of a branch, the latest first.
    static func months(of branch: RecordID, before: CalendarMonth, limit: Int) -> SQL {
        """
        SELECT to_char(one.month, 'YYYY-MM'), CASE WHEN closing.month IS NULL THEN 'open' ELSE 'closed' END, one.opened_at,
            closing.closed_at, closing.lines, closing.unassessed, closing.due_fen, closing.paid_fen, closing.waived_fen,
            closing.arrears_fen
        FROM membership.dues_month AS one
        LEFT JOIN membership.dues_closing AS closing ON closing.site_id = one.site_id
            AND closing.organization_id = one.organization_id AND closing.month = one.month
        WHERE one.organization_id = \(branch) AND one.month < \(before) ORDER BY one.month DESC LIMIT \(limit)
        """
    }

    static let monthColumns: [JSONColumn] = [
        .string("month"), .string("state"), .timestamp("openedAt"), .timestamp("closedAt"), .integer("lines"),
        .integer("unassessed"), .integer("dueFen"), .integer("paidFen"), .integer("waivedFen"), .integer("arrearsFen"),
    ]
}
