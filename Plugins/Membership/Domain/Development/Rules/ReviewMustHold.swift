internal import XinglinKit

/// DV-11: the political review was qualified, and is not too old, when the branch examines (step 12) and when it votes (step 15).
enum ReviewMustHold: StepRule {
    static let rules = ["DV-11"]

    static func concerns(_ step: Int) -> Bool { step == 12 || step == DevelopmentStep.admissionVote }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let last = Self.lastDay(progress, judge.values), proposal.on > last else { return [] }
        return [
            Finding(
                "DV-11", zh: "政治审查结论有效至 \(last)，已过期；须重新审查（第10步）",
                en: "The political review held until \(last); it is to be made again (step 10)", who: .branch)
        ]
    }

    /// The last day on which the review holds; nil where there is none.
    static func lastDay(_ progress: Progress, _ values: DevelopmentValues) -> LocalDate? {
        progress.day(of: 10).map { $0.adding(months: values.reviewMonths) }
    }
}
