internal import XinglinKit

/// DV-08: cultivation counts on from another unit, once the branch has examined the papers that came.
enum ReceivedPapersMustBeExamined: StepRule {
    static let rules = ["DV-08"]

    static func concerns(_ step: Int) -> Bool { step == 7 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard progress.wasReceived, let facts = proposal.facts, facts.flag("papersExamined") != true else { return [] }
        return [
            Finding(
                "DV-08", zh: "由其他单位转入：接收支部须审查培养教育材料（papersExamined）",
                en: "From another unit: the receiving branch examines the papers that came (papersExamined)",
                who: .branch)
        ]
    }
}
