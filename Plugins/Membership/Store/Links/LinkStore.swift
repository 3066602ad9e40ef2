internal import XinglinKit

/// The SQL of the grid of links, of contacts and of mentor pairs.
enum LinkStore {
    /// Where a link leads: one of these.
    struct Target: Codable, Sendable {
        var organizationId: RecordID?
        var departmentId: RecordID?
        var staffId: RecordID?
        var personId: RecordID?
        var householdCode: String?
        var unitZh: String?
    }

    struct New {
        let id: RecordID
        /// Whose grid it stands in.
        let organization: RecordID
        let kind: LinkKind
        let fromMember: RecordID?
        let fromOrganization: RecordID?
        let to: Target
        let from: LocalDate
    }

    static func add(_ new: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.link (
            site_id, link_id, organization_id, kind, from_member, from_organization, to_organization, to_department, to_staff,
            to_person, household_code, unit_zh, from_date, recorded_at, recorded_by)
        VALUES (\(act.site), \(new.id), \(new.organization), \(new.kind), \(new.fromMember), \(new.fromOrganization),
            \(new.to.organizationId), \(new.to.departmentId), \(new.to.staffId), \(new.to.personId), \(new.to.householdCode),
            \(new.to.unitZh), \(new.from), \(act.now), \(act.account))
        """
    }

    /// The same link that stands, or will have ended only later.
    static func standing(_ new: New, site: RecordID) -> SQL {
        """
        SELECT link.link_id FROM membership.link
        LEFT JOIN membership.ending ON ending.site_id = link.site_id AND ending.record_id = link.link_id
        WHERE link.site_id = \(site) AND link.kind = \(new.kind) AND link.organization_id = \(new.organization)
            AND link.from_member IS NOT DISTINCT FROM \(new.fromMember)::uuid
            AND link.from_organization IS NOT DISTINCT FROM \(new.fromOrganization)::uuid
            AND link.to_organization IS NOT DISTINCT FROM \(new.to.organizationId)::uuid
            AND link.to_department IS NOT DISTINCT FROM \(new.to.departmentId)::uuid
            AND link.to_staff IS NOT DISTINCT FROM \(new.to.staffId)::uuid
            AND link.to_person IS NOT DISTINCT FROM \(new.to.personId)::uuid
            AND link.household_code IS NOT DISTINCT FROM \(new.to.householdCode)::text
            AND link.unit_zh IS NOT DISTINCT FROM \(new.to.unitZh)::text
            AND (ending.on_date IS NULL OR ending.on_date > \(new.from))
        LIMIT 1
        """
    }

    /// A link of the acting site, locked by its organisation beforehand: kind, member, from, end.
    static func one(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT link.kind, link.from_member, link.from_date, ending.on_date FROM membership.link
        LEFT JOIN membership.ending ON ending.site_id = link.site_id AND ending.record_id = link.link_id
        WHERE link.site_id = \(site) AND link.link_id = \(id)
        """
    }

    /// The links of a tree that stand on a day.
    static func list(
        _ root: RecordID, _ kind: LinkKind?, on day: LocalDate, after: RecordID, limit: Int
    ) -> SQL {
        """
        SELECT link.link_id, link.organization_id, link.kind, link.from_member, link.from_organization, link.to_organization,
            link.to_department, link.to_staff, link.to_person, link.household_code, link.unit_zh, link.from_date, ending.on_date
        FROM membership.link
        LEFT JOIN membership.ending ON ending.site_id = link.site_id AND ending.record_id = link.link_id
        WHERE link.link_id > \(after) AND (\(kind)::text IS NULL OR link.kind = \(kind)::text) AND link.from_date <= \(day)
            AND (ending.on_date IS NULL OR ending.on_date > \(day)) AND link.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree)
        ORDER BY link.link_id LIMIT \(limit)
        """
    }

    /// A visit or a call.
    struct NewContact {
        let id: RecordID
        let link: RecordID
        let on: LocalDate
        let kind: ContactKind
        let minutes: Int?
        let note: SQLBytes?
    }

    static func record(_ contact: NewContact, _ act: Act) -> SQL {
        """
        INSERT INTO membership.contact (site_id, contact_id, link_id, on_date, kind, minutes, note, recorded_at, recorded_by)
        VALUES (\(act.site), \(contact.id), \(contact.link), \(contact.on), \(contact.kind), \(contact.minutes),
            \(contact.note), \(act.now), \(act.account))
        """
    }

    /// The contacts of a link in the readable sites, the newest first.
    static func contacts(_ link: RecordID, before: (day: LocalDate, id: RecordID), limit: Int) -> SQL {
        """
        SELECT contact.contact_id, contact.on_date, contact.kind, contact.minutes, contact.note, contact.recorded_at
        FROM membership.contact
        WHERE contact.link_id = \(link) AND (contact.on_date, contact.contact_id) < (\(before.day)::date, \(before.id)::uuid)
        ORDER BY contact.on_date DESC, contact.contact_id DESC LIMIT \(limit)
        """
    }

    /// Links with a household of a tree that stood on the last day of some days, with the contacts of these days: the evidence.
    static func households(_ root: RecordID, from first: LocalDate, to last: LocalDate) -> SQL {
        """
        SELECT link.link_id, link.organization_id, link.from_member, link.from_date,
            coalesce((SELECT array_to_string(array_agg(contact.contact_id ORDER BY contact.on_date, contact.contact_id), ' ')
             FROM membership.contact
             WHERE contact.site_id = link.site_id AND contact.link_id = link.link_id
                 AND contact.on_date BETWEEN \(first) AND \(last)), '')
        FROM membership.link
        LEFT JOIN membership.ending ON ending.site_id = link.site_id AND ending.record_id = link.link_id
        WHERE link.kind = 'memberToHousehold' AND link.from_date <= \(last)
            AND (ending.on_date IS NULL OR ending.on_date > \(last)) AND link.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root), \(last)) AS tree)
            AND EXISTS (
                SELECT FROM membership.standings_on(\(last)) AS standing
                WHERE standing.site_id = link.site_id AND standing.member_id = link.from_member
                    AND standing.status <> 'ended')
        ORDER BY link.link_id
        """
    }
}

/// Who is linked to whom.
enum LinkKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case leaderToBranch
    case committeeMemberToDepartment
    case memberToStaff
    case memberToHousehold
    case groupToUnit

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .leaderToBranch: "领导联系支部"
        case .committeeMemberToDepartment: "委员联系科室"
        case .memberToStaff: "党员联系职工"
        case .memberToHousehold: "党员联系户"
        case .groupToUnit: "党小组联系共建单位"
        }
    }
}

/// How a household was met.
enum ContactKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case visit, call

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
