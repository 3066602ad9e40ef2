internal import XinglinKit

/// DV-02: the branch talks with the applicant within a calendar month of the application; later, it says why.
enum TalkMustComeInTime: StepRule {
    static let rules = ["DV-02"]

    static func concerns(_ step: Int) -> Bool { step == 2 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let applied = progress.day(of: 1) else { return [] }
        let last = applied.adding(months: judge.values.talkMonths)
        guard proposal.on > last else { return [] }
        let isStated = proposal.facts.map { $0.reason("lateReason") != nil } ?? true
        return [
            Finding(
                "DV-02", zh: "应在 \(last) 前派人谈话；已逾期，须填写 lateReason 说明原因",
                en: "The talk was due by \(last); it is late, and lateReason says why", who: .branch,
                isWarning: isStated)
        ]
    }
}
