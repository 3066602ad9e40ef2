internal import XinglinKit

/// The SQL of members and their standing.
enum MemberStore {
    /// Claims a person for the register of the acting site: one place in the county.
    static func claim(_ person: RecordID, as kind: ClaimKind, _ record: RecordID, _ act: Act) -> SQL {
        """
        INSERT INTO membership.claim (person_id, kind, record_id, kept_at, claimed_at)
        VALUES (\(person), \(kind), \(record), \(act.site), \(act.now))
        """
    }

    /// The same person is a member from now on, no candidate any more.
    static func claimAsMember(_ person: RecordID, _ member: RecordID, _ act: Act) -> SQL {
        """
        UPDATE membership.claim SET kind = 'member', record_id = \(member), claimed_at = \(act.now)
        WHERE person_id = \(person) AND kept_at = \(act.site)
        """
    }

    static func release(_ person: RecordID, _ record: RecordID, _ act: Act) -> SQL {
        """
        DELETE FROM membership.claim
        WHERE person_id = \(person) AND record_id = \(record) AND kept_at = \(act.site)
        """
    }

    /// Where a person is claimed.
    static func claim(of person: RecordID) -> SQL {
        "SELECT kind, record_id, kept_at FROM membership.claim WHERE person_id = \(person)"
    }

    /// Where some persons are claimed: person, kind, record and site.
    static func claims(of persons: [RecordID]) -> SQL {
        "SELECT person_id, kind, record_id, kept_at FROM membership.claim WHERE person_id = ANY (\(persons))"
    }

    /// Where persons are claimed that are one: kind, record and site.
    static func claim(ofAny persons: [RecordID]) -> SQL {
        "SELECT kind, record_id, kept_at FROM membership.claim WHERE person_id = ANY (\(persons)) LIMIT 1"
    }

    /// The day of the last fact that the site has of persons that are one.
    static func lastFact(ofAny persons: [RecordID], site: RecordID) -> SQL {
        """
        SELECT max(one.on_date) FROM membership.standing AS one
        JOIN membership.member ON member.site_id = one.site_id AND member.member_id = one.member_id
        WHERE one.site_id = \(site) AND member.person_id = ANY (\(persons)) AND NOT one.is_void AND NOT EXISTS (
            SELECT FROM membership.standing AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        """
    }

    /// A new row of the register.
    struct NewMember {
        let id: RecordID
        let person: RecordID
        let joinedOn: LocalDate
        let isImported: Bool
        let candidate: RecordID?
    }

    static func add(_ member: NewMember, _ act: Act) -> SQL {
        """
        INSERT INTO membership.member (
            site_id, member_id, person_id, joined_on, is_imported, candidate_id, recorded_at, recorded_by)
        VALUES (\(act.site), \(member.id), \(member.person), \(member.joinedOn), \(member.isImported), \(member.candidate),
            \(act.now), \(act.account))
        """
    }

    /// The day of the branch meeting that a corrected development says; the facts keep what it was.
    static func moveJoining(of id: RecordID, to day: LocalDate, _ act: Act) -> SQL {
        """
        UPDATE membership.member SET joined_on = \(day) WHERE site_id = \(act.site) AND member_id = \(id)
        """
    }

    /// A dated fact.
    struct Fact {
        let id: RecordID
        let member: RecordID
        let on: LocalDate
        let change: StandingChange
        var status: MemberStatus?
        var organization: RecordID?
        var how: EndOfMembership?
        /// Since when the standing counts, where that was before the fact.
        var fullSince: LocalDate?
        var reason = ""
        var corrects: RecordID?
        var isVoid = false
    }

    /// Records a fact; one that corrects another takes its place among the facts of its day, and keeps since when the standing counts
    /// unless it tells that.
    static func record(_ fact: Fact, _ act: Act) -> SQL {
        guard let corrected = fact.corrects else {
            return """
                INSERT INTO membership.standing (
                    site_id, standing_id, member_id, on_date, change, status, organization_id, full_since, ended_how, reason,
                    is_void, recorded_at, recorded_by)
                VALUES (\(act.site), \(fact.id), \(fact.member), \(fact.on), \(fact.change), \(fact.status),
                    \(fact.organization), \(fact.fullSince), \(fact.how), \(fact.reason), \(fact.isVoid), \(act.now),
                    \(act.account))
                """
        }
        return """
            INSERT INTO membership.standing (
                site_id, standing_id, member_id, on_date, change, status, organization_id, full_since, ended_how, reason,
                corrects, is_void, recorded_order, recorded_at, recorded_by)
            SELECT \(act.site)::uuid, \(fact.id)::uuid, \(fact.member)::uuid, \(fact.on)::date, \(fact.change)::text,
                \(fact.status)::text, \(fact.organization)::uuid,
                CASE \(fact.status)::text WHEN 'full' THEN coalesce(\(fact.fullSince)::date, old.full_since) END, \(fact.how)::text, \(fact.reason)::text,
                old.standing_id, \(fact.isVoid)::boolean, old.recorded_order, \(act.now)::timestamptz,
                \(act.account)::uuid
            FROM membership.standing AS old WHERE old.site_id = \(act.site) AND old.standing_id = \(corrected)
            """
    }

    /// The member's row of the acting site, locked: whoever records a fact of a member waits for whoever does.
    static func lock(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT person_id, joined_on, candidate_id FROM membership.member
        WHERE site_id = \(site) AND member_id = \(id) FOR UPDATE
        """
    }

    /// A member in the readable sites with where they stand on a day: a member of two sites is at the one that they have not left, or
    /// left last.
    static func standing(_ id: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT member.site_id, member.person_id, member.joined_on, member.is_imported, member.candidate_id, standing.status,
            standing.status_since, standing.organization_id
        FROM membership.member
        LEFT JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = member.site_id AND standing.member_id = member.member_id
        WHERE member.member_id = \(id)
        ORDER BY standing.status IS NULL, member.site_id IS DISTINCT FROM membership.record_site(\(id), \(day)) LIMIT 1
        """
    }

    /// Where some members stand on a day, in the readable sites: id, site, person, status, since, branch or group.
    static func standings(_ ids: [RecordID], on day: LocalDate) -> SQL {
        """
        SELECT member.member_id, member.site_id, member.person_id, standing.status, standing.status_since,
            standing.organization_id
        FROM membership.member
        JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = member.site_id AND standing.member_id = member.member_id
        WHERE member.member_id = ANY (\(ids))
        """
    }

    /// Every fact of a member at a site, corrected ones too, the oldest first.
    static func facts(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.standing_id, one.on_date, one.change, one.status, one.organization_id, one.ended_how,
            nullif(one.reason, ''), one.corrects, one.is_void, one.recorded_at,
            (SELECT other.standing_id FROM membership.standing AS other
             WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        FROM membership.standing AS one
        WHERE one.site_id = \(site) AND one.member_id = \(id) ORDER BY one.on_date, one.recorded_order
        """
    }

    /// Whether a member has left a site with a transfer and not come back.
    static func hasLeft(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT membership.has_left(\(site), \(id))"
    }

    /// The facts that came along with a transfer: another site recorded them.
    static func copied(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT standing_id FROM membership.standing
        WHERE site_id = \(site) AND member_id = \(id) AND from_site_id IS NOT NULL
        """
    }

    /// The days of the first and the last fact that holds of a member.
    static func range(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT min(one.on_date), max(one.on_date) FROM membership.standing AS one
        WHERE one.site_id = \(site) AND one.member_id = \(id) AND NOT one.is_void AND NOT EXISTS (
            SELECT FROM membership.standing AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        """
    }

    /// Which members a list shows.
    struct Filter {
        var root: RecordID?
        var status: MemberStatus?
    }

    /// Members of a tree, or of the readable sites, on a day; ended ones only where asked for, and of who has left with a transfer what the
    /// site has that received them, where it can be read.
    static func list(_ filter: Filter, on day: LocalDate, after: RecordID, limit: Int) -> SQL {
        """
        SELECT member.member_id, member.person_id, standing.status, standing.organization_id, member.joined_on,
            standing.status_since
        FROM membership.member
        JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = member.site_id AND standing.member_id = member.member_id
        WHERE member.member_id > \(after) AND (\(filter.root)::uuid IS NULL OR standing.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(filter.root)::uuid, \(day)) AS tree))
            AND CASE WHEN \(filter.status)::text IS NULL THEN standing.status <> 'ended'
                ELSE standing.status = \(filter.status)::text END
            AND (standing.status <> 'ended' OR member.site_id = membership.record_site(member.member_id, \(day)))
        ORDER BY member.member_id LIMIT \(limit)
        """
    }

    /// How many members a tree has on a day: status, and how many.
    static func counts(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT count(*) FILTER (WHERE standing.status = 'full'), count(*) FILTER (WHERE standing.status = 'probationary')
        FROM membership.standings_on(\(day)) AS standing
        WHERE standing.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree)
        """
    }

    /// Where a person belongs as a member of a site on a day.
    static func place(of person: RecordID, site: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT standing.organization_id FROM membership.member
        JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = member.site_id AND standing.member_id = member.member_id
        WHERE member.site_id = \(site) AND member.person_id = \(person) AND standing.status <> 'ended'
        ORDER BY member.recorded_at DESC LIMIT 1
        """
    }

    /// How many branches and groups a tree has on a day, its root included.
    static func organizations(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT count(*) FILTER (WHERE tree.kind = 'branch'), count(*) FILTER (WHERE tree.kind = 'group')
        FROM membership.tree_on(\(root), \(day)) AS tree
        """
    }
}

/// What a person is in the register that has them.
enum ClaimKind: String, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case candidate, member
}
