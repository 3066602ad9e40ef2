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
}
