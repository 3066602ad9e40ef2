/// What the statistics count a candidate as, by the states of development_steps.csv.
enum CandidateStage: String, CaseIterable, Codable, Sendable {
    /// Steps 1 to 3: a development begins to be one of an activist when the filing is approved (step 4).
    case applicant
    /// Steps 4 to 7.
    case activist
    /// Steps 8 to 16, until the approval.
    case developmentTarget

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .applicant: "入党申请人"
        case .activist: "入党积极分子"
        case .developmentTarget: "发展对象"
        }
    }

    /// The states of the stage. A test goes through the file: every state of steps 1 to 16 is of one stage.
    var states: [String] {
        switch self {
        case .applicant: ["applicant", "applicant_talked", "activist_pending_filing"]
        case .activist: ["activist", "activist_mentored", "activist_cultivating", "candidate_pending_filing"]
        case .developmentTarget:
            [
                "candidate", "candidate_introduced", "candidate_vetted", "candidate_trained", "candidate_committee_ok",
                "candidate_preexamined", "candidate_form_filled", "probationary_pending_approval",
                "probationary_talked",
            ]
        }
    }
}
