internal import XinglinKit

/// The SQL of candidates: who is on the way to membership.
enum CandidateStore {
    /// How many a tree has on a day: applicants, activists, development targets.
    static func counts(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT count(*) FILTER (WHERE one.status = ANY (\(CandidateStage.applicant.states))),
            count(*) FILTER (WHERE one.status = ANY (\(CandidateStage.activist.states))),
            count(*) FILTER (WHERE one.status = ANY (\(CandidateStage.developmentTarget.states)))
        FROM membership.candidates_on(\(day)) AS one
        WHERE one.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree)
        """
    }

    /// Which developments a list shows.
    struct Filter {
        var root: RecordID?
        /// None shows those that are open.
        var states: [String]?
        /// Without those who are members by then: from the branch meeting on, once it is approved (DV-19).
        var isStage = false
    }

    /// The open candidates of an organisation itself on a day, each with the day of the last entry: who is a member by then is none.
    static func open(in organization: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT one.candidate_id, (SELECT max(entry.on_date) FROM membership.development_entry AS entry
            WHERE entry.site_id = one.site_id AND entry.candidate_id = one.candidate_id)
        FROM membership.candidates_on(\(day)) AS one
        WHERE one.organization_id = \(organization) AND one.status <> ALL (\(Self.ended)) ORDER BY one.candidate_id
        """
    }

    /// States in which nothing more is to be done.
    static let ended = [
        SideState.withdrawn, .rejected, .probationCancelled, .transferredOut, .memberEnded,
    ].map(\.rawValue)

    /// Where a development of a site stands on a day.
    static func state(of candidate: RecordID, site: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT one.status FROM membership.developments_on(\(day)) AS one
        WHERE one.site_id = \(site) AND one.candidate_id = \(candidate)
        """
    }

    /// Developments of a tree, or of the readable sites, on a day; ended and archived ones only where asked for.
    static func list(_ filter: Filter, on day: LocalDate, after: RecordID, limit: Int) -> SQL {
        """
        SELECT candidate.candidate_id, candidate.person_id, one.status, one.status_since, one.organization_id,
            candidate.is_imported
        FROM membership.candidate
        JOIN membership.developments_on(\(day)) AS one
            ON one.site_id = candidate.site_id AND one.candidate_id = candidate.candidate_id
        WHERE candidate.candidate_id > \(after) AND (\(filter.root)::uuid IS NULL OR one.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(filter.root)::uuid, \(day)) AS tree))
            AND CASE WHEN \(filter.states)::text[] IS NULL
                THEN one.status <> ALL (\(Self.ended)) AND one.status <> (
                    SELECT step.state_after FROM membership.development_step AS step ORDER BY step.step DESC LIMIT 1)
                ELSE one.status = ANY (\(filter.states)::text[]) END
            AND (NOT \(filter.isStage)::boolean OR EXISTS (
                SELECT FROM membership.candidates_on(\(day)) AS waiting
                WHERE waiting.site_id = candidate.site_id AND waiting.candidate_id = candidate.candidate_id))
        ORDER BY candidate.candidate_id LIMIT \(limit)
        """
    }
}
