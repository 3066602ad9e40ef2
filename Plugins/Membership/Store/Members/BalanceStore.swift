internal import XinglinKit

/// The SQL of how many members came and went.
enum BalanceStore {
    /// What came and went in a tree within some days, by the facts that hold: admitted here, taken over, come with a transfer, converted,
    /// and those who left, by how they did. A fact counts for the organisation that the member was in by it, where that stood below the
    /// root on its day. Who goes from one organisation of the tree to another has neither left nor come.
    static func changes(_ root: RecordID, from first: LocalDate, to last: LocalDate) -> SQL {
        """
        WITH edge AS (
            SELECT \(first)::date AS day
            UNION SELECT version.valid_from FROM membership.organization_version AS version
            WHERE version.valid_from > \(first) AND version.valid_from <= \(last)
        ), span AS (
            SELECT edge.day, coalesce(lead(edge.day) OVER (ORDER BY edge.day) - 1, \(last)) AS last_day FROM edge
        ), tree AS MATERIALIZED (
            SELECT span.day, span.last_day, one.organization_id FROM span, membership.tree_on(\(root), span.day) AS one
        ), held AS (
            SELECT one.*, count(one.organization_id) OVER (
                PARTITION BY one.site_id, one.member_id ORDER BY one.on_date, one.recorded_order) AS stay
            FROM membership.standing AS one
            WHERE one.on_date <= \(last) AND NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.standing AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        ), placed AS (
            SELECT held.*, first_value(held.organization_id) OVER (
                PARTITION BY held.site_id, held.member_id, held.stay ORDER BY held.on_date, held.recorded_order) AS place
            FROM held
        ), own AS (
            SELECT placed.*, tree.organization_id IS NOT NULL AS is_inside FROM placed
            LEFT JOIN tree ON tree.organization_id = placed.place AND placed.on_date BETWEEN tree.day AND tree.last_day
            WHERE placed.on_date >= \(first) AND placed.from_site_id IS NULL
        ), told AS (
            SELECT own.*, member.joined_on,
                coalesce(lag(own.ended_how = 'transferredOut' AND own.is_inside) OVER one_member, false) AS came_from_inside,
                coalesce(lead(own.change = 'received' AND own.is_inside) OVER one_member, false) AS goes_inside
            FROM own JOIN membership.member ON member.site_id = own.site_id AND member.member_id = own.member_id
            WINDOW one_member AS (PARTITION BY own.member_id ORDER BY own.on_date, own.recorded_order)
        )
        SELECT count(*) FILTER (WHERE told.change = 'admitted' OR told.change = 'enrolled' AND told.on_date = told.joined_on),
            count(*) FILTER (WHERE told.change = 'enrolled' AND told.on_date <> told.joined_on),
            count(*) FILTER (WHERE told.change = 'received' AND NOT told.came_from_inside),
            count(*) FILTER (WHERE told.change = 'converted'),
            count(*) FILTER (WHERE told.ended_how = 'transferredOut' AND NOT told.goes_inside),
            count(*) FILTER (WHERE told.ended_how = 'died'), count(*) FILTER (WHERE told.ended_how = 'withdrew'),
            count(*) FILTER (WHERE told.ended_how = 'lapsed'), count(*) FILTER (WHERE told.ended_how = 'removed'),
            count(*) FILTER (WHERE told.ended_how = 'expelled'),
            count(*) FILTER (WHERE told.ended_how = 'probationCancelled')
        FROM told WHERE told.is_inside
        """
    }
}
