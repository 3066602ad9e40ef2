internal import XinglinKit

/// The SQL of supplements: lines that came when a month was closed, those that are still wanting, and those taken back.
enum DuesSupplementStore {
    /// A member's last line of a month: version, branch, whether it is void and a supplement, what is due and what was paid.
    static func last(of member: RecordID, in month: CalendarMonth, site: RecordID) -> SQL {
        """
        SELECT line.version, line.organization_id, line.is_void, line.is_supplement, line.due_fen, paid.fen
        FROM membership.dues_line AS line \(literal: DuesLineStore.paid)
        WHERE line.site_id = \(site) AND line.month = \(month) AND line.member_id = \(member)
            AND \(literal: DuesLineStore.isLast)
        """
    }

    /// The counter-entry of a supplement: another version, which owes nothing and names the one that it takes back.
    static func reverse(
        _ version: Int, of member: RecordID, in month: CalendarMonth, reason: String, _ act: Act
    ) -> SQL {
        """
        INSERT INTO membership.dues_line (
            site_id, month, member_id, version, organization_id, is_void, is_supplement, category, base_fen, base_version,
            rate_basis_points, unrounded_fen, due_fen, waived_fen, exemption_id, rule_version, recorded_at, recorded_by, voids,
            reason)
        SELECT line.site_id, line.month, line.member_id, line.version + 1, line.organization_id, true, true, line.category,
            line.base_fen, line.base_version, NULL, 0, 0, 0, NULL, line.rule_version, \(act.now)::timestamptz,
            \(act.account)::uuid, line.version, \(reason)::text
        FROM membership.dues_line AS line
        WHERE line.site_id = \(act.site) AND line.month = \(month) AND line.member_id = \(member)
            AND line.version = \(version)
        """
    }

    /// Who owes for a closed month of a tree's branches and has no line of it, with the person, the branch, the month, and whether a base is
    /// recorded for it.
    ///
    /// It is asked only of those who may be wanting: who had no line at the closing, and whose facts were recorded later, as an approval
    /// that comes when the month of the branch meeting is closed (DV-17, DV-20). Last lines are looked up one by one: joined, they took
    /// seconds of tables that were not analysed yet.
    static func wanting(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        WITH closed AS MATERIALIZED (
            SELECT closing.site_id, closing.organization_id, closing.month, closing.closed_at
            FROM membership.dues_closing AS closing
            WHERE closing.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree WHERE tree.kind = 'branch')
        ), suspect AS (
            SELECT closed.site_id, closed.organization_id, closed.month, one.member_id
            FROM closed JOIN membership.dues_unassessed AS one ON one.site_id = closed.site_id
                AND one.organization_id = closed.organization_id AND one.month = closed.month
            UNION
            SELECT closed.site_id, closed.organization_id, closed.month, one.member_id
            FROM closed JOIN membership.standing AS one ON one.site_id = closed.site_id AND one.from_site_id IS NULL
                AND one.recorded_at >= closed.closed_at AND one.on_date < closed.month + interval '1 month'
        ), lacking AS MATERIALIZED (
            SELECT suspect.site_id, suspect.organization_id, suspect.month, array_agg(suspect.member_id) AS members
            FROM suspect
            WHERE coalesce((
                SELECT line.is_void FROM membership.dues_line AS line
                WHERE line.site_id = suspect.site_id AND line.month = suspect.month
                    AND line.member_id = suspect.member_id
                ORDER BY line.version DESC LIMIT 1), true)
            GROUP BY suspect.site_id, suspect.organization_id, suspect.month
        )
        SELECT member.member_id, member.person_id, lacking.organization_id, lacking.month, EXISTS (
            SELECT FROM membership.dues_base AS base
            WHERE base.site_id = lacking.site_id AND base.member_id = member.member_id
                AND base.from_month <= lacking.month)
        FROM lacking
        CROSS JOIN LATERAL membership.dues_owing(
            lacking.site_id, lacking.organization_id, lacking.month, lacking.members) AS owing
        JOIN membership.member ON member.site_id = lacking.site_id AND member.member_id = owing.member_id
        ORDER BY member.member_id, lacking.month
        """
    }
}
