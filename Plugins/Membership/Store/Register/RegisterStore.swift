internal import XinglinKit

/// The SQL of imports, exports and pages of the register: one statement for all lines of a chunk.
enum RegisterStore {
    /// Every organisation of the county as it was last changed.
    static let organizations: SQL = """
        SELECT organization_id, kept_at, kind, name_zh, parent_id, founded_on, is_ended
        FROM membership.organizations_on('9999-12-31') AS one
        """

    /// The same as it was on a day.
    static func organizations(on day: LocalDate) -> SQL {
        """
        SELECT organization_id, kept_at, kind, name_zh, parent_id, founded_on, is_ended
        FROM membership.organizations_on(\(day)) AS one
        """
    }

    /// Where persons are claimed.
    static func claims(_ persons: [RecordID]) -> SQL {
        """
        SELECT person_id, kind, record_id, kept_at FROM membership.claim WHERE person_id = ANY (\(persons)::uuid[])
        """
    }

    /// Since when the standing of a full member counts (DV-23), by the fact that made them one as of the day of `standing`: what it says, or
    /// its own day where it is the conversion. NULL where somebody was taken over as a full member without that day.
    private static let fullFrom: StaticString = """
        (SELECT CASE WHEN one.full_since IS NOT NULL THEN one.full_since WHEN one.change = 'converted' THEN one.on_date END
         FROM membership.standing AS one
         WHERE one.site_id = standing.site_id AND one.member_id = standing.member_id AND one.status = 'full'
             AND one.change <> 'received' AND standing.status = 'full' AND one.on_date = standing.status_since
             AND NOT one.is_void AND NOT EXISTS (
                 SELECT FROM membership.standing AS other
                 WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
         ORDER BY one.recorded_order DESC LIMIT 1)
        """

    /// How members of the site stand on a day.
    static func standings(_ members: [RecordID], site: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT standing.member_id, (
            SELECT member.joined_on FROM membership.member
            WHERE member.site_id = standing.site_id AND member.member_id = standing.member_id),
            standing.status, standing.status_since, standing.organization_id, standing.organization_since, standing.first_on,
            \(literal: Self.fullFrom)
        FROM membership.standings_on(\(day)) AS standing
        WHERE standing.site_id = \(site) AND standing.member_id = ANY (\(members)::uuid[])
        """
    }

    /// A member of a line, with the ids that the rows get.
    struct Enrolment {
        let member: PreparedMember
        let person: RecordID
        let fact: RecordID
        let conversion: RecordID
    }

    /// Enrols members whose person nobody has claimed, each with the facts of the line; gives those. Persons are claimed in the order of
    /// their ids, so that imports that race do not wait for each other in a ring.
    static func enrol(_ lines: [Enrolment], _ act: Act) -> SQL {
        """
        WITH line AS MATERIALIZED (
            SELECT * FROM unnest(
                \(lines.map(\.member.id))::uuid[], \(lines.map(\.person))::uuid[], \(lines.map(\.fact))::uuid[],
                \(lines.map(\.conversion))::uuid[], \(lines.map(\.member.organization))::uuid[],
                \(lines.map(\.member.joinedOn))::date[], \(lines.map(\.member.since))::date[],
                \(lines.map(\.member.status))::text[], \(lines.map(\.member.convertedOn))::date[],
                \(lines.map(\.member.fullSince))::date[]
            ) AS l (
                member_id, person_id, fact_id, conversion_id, organization_id, joined_on, since, status, converted_on,
                full_since)
        ), claimed AS (
            INSERT INTO membership.claim (person_id, kind, record_id, kept_at, claimed_at)
            SELECT person_id, 'member', member_id, \(act.site)::uuid, \(act.now)::timestamptz FROM line ORDER BY person_id
            ON CONFLICT ON CONSTRAINT claim_person_claimed DO NOTHING
            RETURNING record_id
        ), fresh AS MATERIALIZED (
            SELECT * FROM line WHERE member_id IN (SELECT record_id FROM claimed)
        ), made AS (
            INSERT INTO membership.member (
                site_id, member_id, person_id, joined_on, is_imported, candidate_id, recorded_at, recorded_by)
            SELECT \(act.site)::uuid, member_id, person_id, joined_on, true, NULL, \(act.now)::timestamptz,
                \(act.account)::uuid
            FROM fresh
        ), facts AS (
            INSERT INTO membership.standing (
                site_id, standing_id, member_id, on_date, change, status, organization_id, full_since, recorded_at,
                recorded_by)
            SELECT \(act.site)::uuid, fact_id, member_id, since, 'enrolled', status, organization_id, full_since,
                \(act.now)::timestamptz, \(act.account)::uuid
            FROM fresh
            UNION ALL
            SELECT \(act.site)::uuid, conversion_id, member_id, converted_on, 'converted', 'full', NULL, NULL,
                \(act.now)::timestamptz, \(act.account)::uuid
            FROM fresh WHERE converted_on IS NOT NULL
        )
        SELECT member_id FROM fresh
        """
    }

    /// A new organisation of a line.
    struct Founding {
        let id: RecordID
        let kind: OrganizationKind
        let nameZh: String
        let parent: RecordID?
        let foundedOn: LocalDate
    }

    /// Founds organisations that the acting site keeps (two statements, of as many rows as there are lines).
    static func found(_ lines: [Founding], _ act: Act) -> [SQL] {
        [
            """
            INSERT INTO membership.organization (organization_id, kept_at, founded_on, recorded_at, recorded_by)
            SELECT organization_id, \(act.site)::uuid, founded_on, \(act.now)::timestamptz, \(act.account)::uuid
            FROM unnest(\(lines.map(\.id))::uuid[], \(lines.map(\.foundedOn))::date[]) AS l (organization_id, founded_on)
            """,
            """
            INSERT INTO membership.organization_version (
                organization_id, version, valid_from, change, kind, name_zh, parent_id, approves, is_temporary, is_ended,
                recorded_at, recorded_by)
            SELECT organization_id, 1, founded_on, 'founded', kind, name_zh, parent_id, kind = 'committee', false, false,
                \(act.now)::timestamptz, \(act.account)::uuid
            FROM unnest(
                \(lines.map(\.id))::uuid[], \(lines.map(\.foundedOn))::date[], \(lines.map(\.kind))::text[],
                \(lines.map(\.nameZh))::text[], \(lines.map(\.parent))::uuid[]
            ) AS l (organization_id, founded_on, kind, name_zh, parent_id)
            """,
        ]
    }

    /// Members of a tree, or of the readable sites, on a day: who, as what, where, since when, and from when a full one.
    static func members(of root: RecordID?, on day: LocalDate, after: RecordID, limit: Int) -> SQL {
        """
        SELECT member.member_id, member.person_id, member.joined_on, standing.status, standing.status_since,
            standing.organization_id, standing.organization_since, \(literal: Self.fullFrom)
        FROM membership.member
        JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = member.site_id AND standing.member_id = member.member_id
        WHERE member.member_id > \(after) AND standing.status <> 'ended'
            AND (\(root)::uuid IS NULL OR standing.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree))
        ORDER BY member.member_id LIMIT \(limit)
        """
    }

    /// Candidates of a tree, or of the readable sites, on a day, with which of the steps 9 to 11 they have taken.
    static func candidates(of root: RecordID?, on day: LocalDate, after: RecordID, limit: Int) -> SQL {
        """
        SELECT one.candidate_id, candidate.person_id, one.status, one.status_since, one.organization_id, coalesce((
            SELECT string_agg(DISTINCT entry.step::text, ' ') FROM membership.development_entry AS entry
            WHERE entry.site_id = one.site_id AND entry.candidate_id = one.candidate_id AND entry.step BETWEEN 9 AND 11
                AND entry.on_date <= \(day) AND NOT entry.is_void AND NOT EXISTS (
                    SELECT FROM membership.development_entry AS other
                    WHERE other.site_id = entry.site_id AND other.corrects = entry.entry_id)
                -- A review that was not passed, or not passed again, leaves the step open (DV-11).
                AND entry.status IS NOT NULL AND NOT EXISTS (
                    SELECT FROM membership.development_entry AS later
                    WHERE later.site_id = entry.site_id AND later.candidate_id = entry.candidate_id
                        AND later.step = entry.step AND later.status IS NULL AND later.on_date <= \(day)
                        AND (later.on_date, later.recorded_order) > (entry.on_date, entry.recorded_order)
                        AND NOT later.is_void AND NOT EXISTS (
                            SELECT FROM membership.development_entry AS other
                            WHERE other.site_id = later.site_id AND other.corrects = later.entry_id))), '')
        FROM membership.candidates_on(\(day)) AS one
        JOIN membership.candidate AS candidate
            ON candidate.site_id = one.site_id AND candidate.candidate_id = one.candidate_id
        WHERE one.candidate_id > \(after) AND one.status = ANY (\(CandidateStage.allCases.flatMap(\.states))::text[])
            AND (\(root)::uuid IS NULL OR one.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree))
        ORDER BY one.candidate_id LIMIT \(limit)
        """
    }

    /// The organisations of a tree on a day, each with what it has itself: full, probationary, applicants, activists, targets.
    static func tree(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        WITH member_count AS MATERIALIZED (
            SELECT standing.organization_id, count(*) FILTER (WHERE standing.status = 'full') AS full_members,
                count(*) FILTER (WHERE standing.status = 'probationary') AS probationary
            FROM membership.standings_on(\(day)) AS standing GROUP BY standing.organization_id
        ), candidate_count AS MATERIALIZED (
            SELECT one.organization_id,
                count(*) FILTER (WHERE one.status = ANY (\(CandidateStage.applicant.states)::text[])) AS applicants,
                count(*) FILTER (WHERE one.status = ANY (\(CandidateStage.activist.states)::text[])) AS activists,
                count(*) FILTER (WHERE one.status = ANY (\(CandidateStage.developmentTarget.states)::text[])) AS targets
            FROM membership.candidates_on(\(day)) AS one GROUP BY one.organization_id
        )
        SELECT tree.organization_id, tree.parent_id, tree.kind, tree.name_zh, coalesce(member_count.full_members, 0),
            coalesce(member_count.probationary, 0), coalesce(candidate_count.activists, 0),
            coalesce(candidate_count.targets, 0), coalesce(candidate_count.applicants, 0)
        FROM membership.tree_on(\(root), \(day)) AS tree
        LEFT JOIN member_count ON member_count.organization_id = tree.organization_id
        LEFT JOIN candidate_count ON candidate_count.organization_id = tree.organization_id
        ORDER BY tree.depth, tree.name_zh, tree.organization_id
        """
    }

    /// For the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let day = act.now.localDate
        return [
            Self.organizations, Self.organizations(on: day), Self.claims([id]),
            Self.standings([id], site: id, on: day), Self.enrol([], act),
            Self.members(of: id, on: day, after: id, limit: 1), Self.candidates(of: id, on: day, after: id, limit: 1),
            Self.tree(id, on: day),
        ] + Self.found([], act)
    }
}
