internal import XinglinKit

/// DV-17: the committee approves within three months of the branch meeting, in special cases within six; after that the branch votes again
/// (`Progress.asOf`).
enum ApprovalMustComeInTime: StepRule {
    static let rules = ["DV-17"]

    static func concerns(_ step: Int) -> Bool { step == DevelopmentStep.admission }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        let values = judge.values
        guard let meeting = progress.day(of: DevelopmentStep.admissionVote) else { return [] }
        let last = meeting.adding(months: values.approvalMonths)
        guard proposal.on > last else { return [] }
        let isStated = proposal.facts.map { $0.reason("specialReason") != nil } ?? true
        let end = meeting.adding(months: values.specialMonths)
        return [
            Finding(
                "DV-17", zh: "应在 \(last) 前审批；特殊情况填写 specialReason，最迟 \(end)，此后决议失效，须重新表决",
                en: "Approval was due by \(last); specialReason allows it until \(end), then the branch votes again",
                who: .higherCommittee, isWarning: isStated)
        ]
    }
}
