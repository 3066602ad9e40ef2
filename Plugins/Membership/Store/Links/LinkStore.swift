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

    /// Which of some links rest on nothing any more on a day: the member has left the organisation in whose grid it stands, or no post of a
    /// leader or committee member is recorded of them. A leader is whoever has a post above a branch, leads one, or holds an office outside
    /// of committees (a position). Links of a group have no member.
    static func lapsed(_ links: [RecordID], on day: LocalDate) -> SQL {
        """
        WITH one AS MATERIALIZED (
            SELECT link.link_id, link.site_id, link.organization_id, link.kind, link.from_member FROM membership.link
            WHERE link.link_id = ANY (\(links)::uuid[]) AND link.from_member IS NOT NULL
        ), here AS MATERIALIZED (
            SELECT standing.member_id, standing.organization_id FROM membership.standings_on(\(day)) AS standing
            WHERE standing.status <> 'ended' AND standing.member_id IN (SELECT one.from_member FROM one)
        ), officer AS MATERIALIZED (
            SELECT office.member_id,
                bool_or(office.post IN ('secretary', 'deputySecretary') OR organization.kind <> 'branch') AS leads
            FROM membership.office
            JOIN here ON here.member_id = office.member_id
            JOIN membership.organizations_on(\(day)) AS organization
                ON organization.organization_id = office.organization_id AND NOT organization.is_ended
            LEFT JOIN membership.ending ON ending.site_id = office.site_id AND ending.record_id = office.office_id
            WHERE office.from_date <= \(day) AND (ending.on_date IS NULL OR ending.on_date > \(day)) AND NOT EXISTS (
                    SELECT FROM membership.election AS other
                    WHERE other.site_id = office.site_id AND other.corrects = office.election_id)
                AND office.term_id IS NOT DISTINCT FROM (
                    SELECT held.term_id FROM membership.election AS held
                    WHERE held.site_id = office.site_id AND held.organization_id = office.organization_id
                        AND held.elected > 0 AND held.on_date <= \(day) AND NOT EXISTS (
                            SELECT FROM membership.election AS other
                            WHERE other.site_id = held.site_id AND other.corrects = held.election_id)
                    ORDER BY held.on_date DESC, held.election_id DESC LIMIT 1)
                AND here.organization_id IN (
                    SELECT tree.organization_id FROM membership.tree_on(office.organization_id, \(day)) AS tree)
            GROUP BY office.member_id
        ), placed AS (
            SELECT fact.member_id FROM membership.member_fact AS fact
            LEFT JOIN membership.ending ON ending.site_id = fact.site_id AND ending.record_id = fact.fact_id
            WHERE fact.kind = 'position' AND NOT fact.is_void AND fact.from_date <= \(day)
                AND coalesce(ending.on_date, fact.until_date, 'infinity') > \(day) AND NOT EXISTS (
                    SELECT FROM membership.member_fact AS other
                    WHERE other.site_id = fact.site_id AND other.corrects = fact.fact_id)
        )
        SELECT judged.link_id, judged.lapse FROM (
            SELECT one.link_id, CASE
                WHEN NOT EXISTS (
                    SELECT FROM here WHERE here.member_id = one.from_member AND here.organization_id IN (
                        SELECT tree.organization_id FROM membership.tree_on(one.organization_id, \(day)) AS tree))
                    THEN 'memberLeft'
                WHEN one.kind = 'committeeMemberToDepartment'
                    AND one.from_member NOT IN (SELECT officer.member_id FROM officer) THEN 'noPost'
                WHEN one.kind = 'leaderToBranch'
                    AND one.from_member NOT IN (SELECT officer.member_id FROM officer WHERE officer.leads)
                    AND one.from_member NOT IN (SELECT placed.member_id FROM placed) THEN 'noPost'
                END AS lapse
            FROM one
        ) AS judged WHERE judged.lapse IS NOT NULL
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

/// Why a link rests on nothing any more, though nobody has ended it.
enum LinkLapse: String, CaseIterable, Codable, Sendable, SQLTextDecodable {
    /// The member belongs to the organisation in whose grid it stands no more.
    case memberLeft
    /// No post is recorded of the leader or committee member.
    case noPost

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var textZh: String {
        switch self {
        case .memberLeft: "该党员已不在此组织，请终止联系或另行安排"
        case .noPost: "当日未登记该党员的相应职务，请登记任职或终止联系"
        }
    }

    var textEn: String {
        switch self {
        case .memberLeft: "The member belongs to the organisation no more: end the link, or link somebody else"
        case .noPost: "No such post of the member is recorded on the day: record it, or end the link"
        }
    }

    /// Those of some links.
    static func of(_ links: [RecordID], on day: LocalDate, _ call: Call) throws -> [RecordID: LinkLapse] {
        guard !links.isEmpty else { return [:] }
        return try call.db.query(LinkStore.lapsed(links, on: day), as: (RecordID, LinkLapse).self).reduce(into: [:]) {
            $0[$1.0] = $1.1
        }
    }

    /// For replies: absent where the link rests on what it should.
    static let fields: [Schema.Field] = [
        .optional(
            "lapse", .enumeration(Self.codes),
            "Why it rests on nothing any more: the member has left, or has no such post. It stands until it is ended."),
        .optional("lapseZh", .text(1...100), "The same in Chinese."),
        .optional("lapseEn", .text(1...200), "The same in English."),
    ]
}

/// How a household was met.
enum ContactKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case visit, call

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
