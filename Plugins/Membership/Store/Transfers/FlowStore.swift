internal import XinglinKit

/// The SQL of members who are away while their membership stays (流动党员).
enum FlowStore {
    struct New {
        let id: RecordID
        let member: RecordID
        let from: LocalDate
        let until: LocalDate?
        let place: SQLBytes?
        let organization: RecordID?
        let isFixed: Bool
        let reason: SQLBytes
    }

    static func start(_ new: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.flow (
            site_id, flow_id, member_id, from_on, expected_until, to_place, to_organization_id, is_fixed, reason, recorded_at,
            recorded_by)
        VALUES (\(act.site), \(new.id), \(new.member), \(new.from), \(new.until), \(new.place), \(new.organization),
            \(new.isFixed), \(new.reason), \(act.now), \(act.account))
        """
    }

    /// The flows of a member at a site, the latest first: id, from when, until when they were ended.
    static func ofMember(_ member: RecordID, site: RecordID) -> SQL {
        """
        SELECT flow.flow_id, flow.from_on, flow_end.on_date FROM membership.flow
        LEFT JOIN membership.flow_end ON flow_end.site_id = flow.site_id AND flow_end.flow_id = flow.flow_id
        WHERE flow.site_id = \(site) AND flow.member_id = \(member) ORDER BY flow.from_on DESC, flow.flow_id DESC
        """
    }

    static func one(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT member_id, from_on FROM membership.flow WHERE site_id = \(site) AND flow_id = \(id)"
    }

    static func end(_ id: RecordID, on day: LocalDate, _ act: Act) -> SQL {
        """
        INSERT INTO membership.flow_end (site_id, flow_id, on_date, recorded_at, recorded_by)
        VALUES (\(act.site), \(id), \(day), \(act.now), \(act.account))
        """
    }

    /// Who was away on a day, of a tree or of the readable sites, by id.
    static func list(_ root: RecordID?, on day: LocalDate, after: RecordID, limit: Int) -> SQL {
        """
        SELECT flow.flow_id, flow.member_id, member.person_id, standing.organization_id, flow.from_on, flow.expected_until,
            flow_end.on_date, flow.to_place, flow.to_organization_id, flow.is_fixed, flow.reason
        FROM membership.flow
        JOIN membership.member ON member.site_id = flow.site_id AND member.member_id = flow.member_id
        JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = flow.site_id AND standing.member_id = flow.member_id AND standing.status <> 'ended'
        LEFT JOIN membership.flow_end ON flow_end.site_id = flow.site_id AND flow_end.flow_id = flow.flow_id
        WHERE flow.flow_id > \(after) AND flow.from_on <= \(day)
            AND (flow_end.on_date IS NULL OR flow_end.on_date > \(day))
            AND (\(root)::uuid IS NULL OR standing.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree))
        ORDER BY flow.flow_id LIMIT \(limit)
        """
    }
}
