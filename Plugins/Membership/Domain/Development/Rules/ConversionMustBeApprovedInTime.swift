internal import XinglinKit

/// DV-23: the committee approves a conversion within three months of the branch meeting; later, it says why.
enum ConversionMustBeApprovedInTime: StepRule {
    static let rules = ["DV-23"]

    static func concerns(_ step: Int) -> Bool { step == DevelopmentStep.conversion }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let meeting = progress.day(of: DevelopmentStep.conversionVote) else { return [] }
        let last = meeting.adding(months: judge.values.conversionMonths)
        guard proposal.on > last else { return [] }
        let isStated = proposal.facts.map { $0.reason("specialReason") != nil } ?? true
        return [
            Finding(
                "DV-23", zh: "应在 \(last) 前审批转正；已逾期，须填写 specialReason 说明原因",
                en: "Approval of the conversion was due by \(last); it is late, and specialReason says why",
                who: .higherCommittee, isWarning: isStated)
        ]
    }
}
