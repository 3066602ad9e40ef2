internal import XinglinKit

/// DV-03, DV-09: a branch with a committee decides by it, one without by its meeting. Where a committee is said to have decided and none is
/// recorded, its election may not be recorded yet: that is only called to mind.
enum DeciderMustFitBranch: StepRule {
    static let rules = ["DV-03", "DV-09"]

    static func concerns(_ step: Int) -> Bool { step == 3 || step == 7 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let decider = proposal.facts?.text("decidedBy"), let branch = proposal.around.branch else { return [] }
        let rule = StepOrder.rule(of: proposal.step)
        if branch.hasCommittee {
            guard decider != "committee" else { return [] }
            return [
                Finding(
                    rule, zh: "当日该支部设有支部委员会，须由支部委员会讨论决定（decidedBy 填 committee）",
                    en: "On that day the branch had a committee, which decides (decidedBy: committee)",
                    who: .branchCommittee)
            ]
        }
        guard decider != "meeting" else { return [] }
        return [
            Finding(
                rule,
                zh:
                    "当日该支部没有登记支部委员会（正式党员 \(branch.full) 人），应由支部大会决定（decidedBy 填 meeting）；已选举产生的请补登记（membership.committee.elect）",
                en:
                    "No committee of the branch (\(branch.full) full members) is recorded for that day: its meeting decides (decidedBy: meeting); where it has a committee, record its election (membership.committee.elect)",
                who: .branchMeeting, isWarning: true)
        ]
    }
}
