internal import XinglinKit

/// The SQL of officers and their terms.
enum OfficeStore {
    /// Whoever elects or appoints in an organisation waits for whoever does.
    static func lock(_ organization: RecordID, site: RecordID) -> SQL {
        """
        SELECT organization_id FROM membership.organization
        WHERE organization_id = \(organization) AND kept_at = \(site) FOR UPDATE
        """
    }

    /// A tree on a day, the root first, with the members that each organisation has itself in the readable sites.
    static func tree(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        WITH counted AS MATERIALIZED (
            SELECT standing.organization_id, count(*) FILTER (WHERE standing.status = 'full') AS full_members,
                count(*) FILTER (WHERE standing.status = 'probationary') AS probationary
            FROM membership.standings_on(\(day)) AS standing GROUP BY standing.organization_id
        )
        SELECT tree.organization_id, tree.kept_at, tree.kind, tree.name_zh, tree.parent_id,
            coalesce(counted.full_members, 0), coalesce(counted.probationary, 0)
        FROM membership.tree_on(\(root), \(day)) AS tree
        LEFT JOIN counted ON counted.organization_id = tree.organization_id
        ORDER BY tree.depth, tree.name_zh, tree.organization_id
        """
    }

    /// The last election of each organisation up to a day that elected anybody and was not corrected, with the day to which the next one
    /// was put off by then.
    static func terms(_ organizations: [RecordID], on day: LocalDate) -> SQL {
        """
        SELECT DISTINCT ON (one.organization_id) one.organization_id, one.term_id, one.election_id, one.on_date, one.seats,
            one.elected, one.term_ends_on,
            (SELECT max(delay.until_on) FROM membership.election_delay AS delay
             WHERE delay.site_id = one.site_id AND delay.term_id = one.term_id AND delay.on_date <= \(day))
        FROM membership.election AS one
        WHERE one.organization_id = ANY (\(organizations)) AND one.elected > 0 AND one.on_date <= \(day) AND NOT EXISTS (
            SELECT FROM membership.election AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.election_id)
        ORDER BY one.organization_id, one.on_date DESC, one.election_id DESC
        """
    }

    /// Who holds which post on a day by what is recorded of the posts, with where the member belongs on that day; NULL where the member is
    /// none any more. The term tells whether the post still stands.
    static func officers(_ organizations: [RecordID], on day: LocalDate) -> SQL {
        """
        SELECT office.office_id, office.organization_id, office.term_id, office.election_id, office.member_id, office.post,
            office.from_date, standing.organization_id
        FROM membership.office
        LEFT JOIN membership.ending ON ending.site_id = office.site_id AND ending.record_id = office.office_id
        LEFT JOIN (
            SELECT of_member.member_id, of_member.organization_id FROM membership.standings_on(\(day)) AS of_member
            WHERE of_member.status <> 'ended'
        ) AS standing ON standing.member_id = office.member_id
        WHERE office.organization_id = ANY (\(organizations)) AND office.from_date <= \(day)
            AND (ending.on_date IS NULL OR ending.on_date > \(day)) AND NOT EXISTS (
                SELECT FROM membership.election AS other
                WHERE other.site_id = office.site_id AND other.corrects = office.election_id)
        ORDER BY array_position(
                ARRAY['secretary', 'deputySecretary', 'organization', 'publicity', 'discipline', 'youth', 'member'], office.post),
            office.from_date, office.member_id, office.office_id
        """
    }

    /// The posts of one term of an organisation, or before there was one, with how they ended: id, member, post, from, end, election, reason.
    static func spans(of organization: RecordID, term: RecordID?, site: RecordID) -> SQL {
        """
        SELECT office.office_id, office.member_id, office.post, office.from_date, ending.on_date, office.election_id,
            coalesce(ending.reason, '')
        FROM membership.office
        LEFT JOIN membership.ending ON ending.site_id = office.site_id AND ending.record_id = office.office_id
        WHERE office.site_id = \(site) AND office.organization_id = \(organization)
            AND office.term_id IS NOT DISTINCT FROM \(term)::uuid AND NOT EXISTS (
                SELECT FROM membership.election AS other
                WHERE other.site_id = office.site_id AND other.corrects = office.election_id)
        ORDER BY office.from_date, office.office_id
        """
    }

    /// From when the standing of some members as full ones counts (DV-23), as of a day.
    static func standingFrom(_ members: [RecordID], on day: LocalDate) -> SQL {
        """
        SELECT one.member_id, min(coalesce(one.full_since, one.on_date)) FROM membership.standing AS one
        WHERE one.member_id = ANY (\(members)) AND one.status = 'full' AND one.on_date <= \(day) AND NOT one.is_void
            AND one.site_id = membership.record_site(one.member_id, \(day))
            AND NOT EXISTS (
                SELECT FROM membership.standing AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        GROUP BY one.member_id
        """
    }

    /// Whose persons some members are.
    static func persons(_ members: [RecordID]) -> SQL {
        """
        SELECT DISTINCT member.member_id, member.person_id FROM membership.member
        WHERE member.member_id = ANY (\(members))
        """
    }

    /// A post that is given.
    struct NewOffice {
        let id: RecordID
        let member: RecordID
        let post: OfficePost
    }

    /// Where and why posts are given.
    struct Giving {
        let organization: RecordID
        let term: RecordID?
        let election: RecordID?
        let on: LocalDate
        var paper = PaperReference()
    }

    static func give(_ offices: [NewOffice], _ giving: Giving, _ act: Act) -> SQL {
        """
        INSERT INTO membership.office (
            site_id, office_id, organization_id, term_id, election_id, member_id, post, from_date, paper_title, paper_file,
            paper_sm3, recorded_at, recorded_by)
        SELECT \(act.site), given.office_id, \(giving.organization), \(giving.term)::uuid, \(giving.election)::uuid,
            given.member_id, given.post, \(giving.on)::date, \(giving.paper.title ?? ""), \(giving.paper.fileId)::uuid,
            \(giving.paper.sm3 ?? ""), \(act.now)::timestamptz, \(act.account)::uuid
        FROM unnest(\(offices.map(\.id))::uuid[], \(offices.map(\.member))::uuid[], \(offices.map(\.post))::text[])
            AS given (office_id, member_id, post)
        """
    }

    /// Something ends from a day on.
    static func end(_ records: [RecordID], _ kind: EndingKind, on day: LocalDate, reason: String, _ act: Act) -> SQL {
        """
        INSERT INTO membership.ending (site_id, record_id, kind, on_date, reason, recorded_at, recorded_by)
        SELECT \(act.site), given.record_id, \(kind), \(day)::date, \(reason), \(act.now)::timestamptz, \(act.account)::uuid
        FROM unnest(\(records)::uuid[]) AS given (record_id)
        """
    }

    /// Elections of a tree in some days by their timing; how many were invalid or elected nobody; how many members were given a post
    /// between elections, and how many left one.
    static func figures(_ root: RecordID, from first: LocalDate, to last: LocalDate) -> SQL {
        """
        WITH tree AS MATERIALIZED (SELECT * FROM membership.tree_on(\(root), \(last))), held AS (
            SELECT one.timing, one.elected FROM membership.election AS one
            WHERE one.organization_id IN (SELECT tree.organization_id FROM tree)
                AND one.on_date BETWEEN \(first) AND \(last) AND NOT EXISTS (
                    SELECT FROM membership.election AS other
                    WHERE other.site_id = one.site_id AND other.corrects = one.election_id)
        ), post AS (
            -- Without those of a corrected election, and those taken back as of the day on which they were given.
            SELECT office.organization_id, office.member_id, office.election_id, office.from_date, ending.on_date AS until_date
            FROM membership.office
            LEFT JOIN membership.ending ON ending.site_id = office.site_id AND ending.record_id = office.office_id
            WHERE office.organization_id IN (SELECT tree.organization_id FROM tree)
                AND (ending.on_date IS NULL OR ending.on_date > office.from_date) AND NOT EXISTS (
                    SELECT FROM membership.election AS other
                    WHERE other.site_id = office.site_id AND other.corrects = office.election_id)
        )
        SELECT count(*) FILTER (WHERE held.elected > 0), count(*) FILTER (WHERE held.elected = 0),
            count(*) FILTER (WHERE held.elected > 0 AND held.timing = 'first'),
            count(*) FILTER (WHERE held.elected > 0 AND held.timing = 'onTime'),
            count(*) FILTER (WHERE held.elected > 0 AND held.timing = 'putOff'),
            count(*) FILTER (WHERE held.elected > 0 AND held.timing = 'late'),
            count(*) FILTER (WHERE held.elected > 0 AND held.timing = 'early'),
            (SELECT count(DISTINCT (post.organization_id, post.member_id)) FROM post
             WHERE post.election_id IS NULL AND post.from_date BETWEEN \(first) AND \(last)),
            (SELECT count(DISTINCT (post.organization_id, post.member_id)) FROM post
             WHERE post.until_date BETWEEN \(first) AND \(last))
        FROM held
        """
    }
}
