internal import XinglinKit

/// The SQL of mentor pairs.
enum MentorStore {
    struct New {
        let id: RecordID
        let mentor: RecordID
        let mentee: RecordID?
        let candidate: RecordID?
        let from: LocalDate
    }

    static func add(_ new: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.mentor_pair (
            site_id, pair_id, mentor_id, mentee_id, candidate_id, from_date, recorded_at, recorded_by)
        VALUES (\(act.site), \(new.id), \(new.mentor), \(new.mentee), \(new.candidate), \(new.from), \(act.now),
            \(act.account))
        """
    }

    /// The candidate's row of the acting site, locked: whoever pairs waits for whoever does.
    static func lockCandidate(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT candidate_id FROM membership.candidate WHERE site_id = \(site) AND candidate_id = \(id) FOR UPDATE
        """
    }

    /// The pairs of a mentee or a candidate that stand on a day or begin later: pair, mentor.
    static func standing(_ new: New, site: RecordID) -> SQL {
        """
        SELECT pair.pair_id, pair.mentor_id FROM membership.mentor_pair AS pair
        LEFT JOIN membership.ending ON ending.site_id = pair.site_id AND ending.record_id = pair.pair_id
        WHERE pair.site_id = \(site) AND pair.mentee_id IS NOT DISTINCT FROM \(new.mentee)::uuid
            AND pair.candidate_id IS NOT DISTINCT FROM \(new.candidate)::uuid
            AND (ending.on_date IS NULL OR ending.on_date > greatest(pair.from_date, \(new.from)::date))
        """
    }

    /// The pairs of a candidate that nobody has ended: pair, mentor, from.
    static func open(of candidate: RecordID, site: RecordID) -> SQL {
        """
        SELECT pair.pair_id, pair.mentor_id, pair.from_date FROM membership.mentor_pair AS pair
        LEFT JOIN membership.ending ON ending.site_id = pair.site_id AND ending.record_id = pair.pair_id
        WHERE pair.site_id = \(site) AND pair.candidate_id = \(candidate) AND ending.on_date IS NULL
        """
    }

    /// A pair of the acting site: mentor, from, end.
    static func one(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT pair.mentor_id, pair.from_date, ending.on_date FROM membership.mentor_pair AS pair
        LEFT JOIN membership.ending ON ending.site_id = pair.site_id AND ending.record_id = pair.pair_id
        WHERE pair.site_id = \(site) AND pair.pair_id = \(id)
        """
    }

    /// The pairs on a day whose mentor belongs to a tree, by pair: the person of a candidate stands beside. A pair stands no longer than the
    /// candidate's development does.
    static func list(_ root: RecordID, on day: LocalDate, after: RecordID, limit: Int) -> SQL {
        """
        SELECT pair.pair_id, pair.mentor_id, pair.mentee_id, pair.candidate_id, candidate.person_id, pair.from_date,
            ending.on_date, standing.organization_id
        FROM membership.mentor_pair AS pair
        JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = pair.site_id AND standing.member_id = pair.mentor_id
        LEFT JOIN membership.candidate ON candidate.site_id = pair.site_id AND candidate.candidate_id = pair.candidate_id
        LEFT JOIN membership.developments_on(\(day)) AS development
            ON development.site_id = pair.site_id AND development.candidate_id = pair.candidate_id
        LEFT JOIN membership.ending ON ending.site_id = pair.site_id AND ending.record_id = pair.pair_id
        WHERE (development.status IS NULL OR development.status <> ALL (\(CandidateStore.ended))) AND pair.pair_id > \(after) AND pair.from_date <= \(day) AND standing.status <> 'ended'
            AND (ending.on_date IS NULL OR ending.on_date > \(day)) AND standing.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree)
        ORDER BY pair.pair_id LIMIT \(limit)
        """
    }
}
