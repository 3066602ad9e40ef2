internal import XinglinKit

/// DV-03, DV-09: a branch with a committee decides by it, one without by its meeting. Where a branch is large enough for a committee
/// (BR-03) and none is recorded, its election may not be recorded yet: that is only called to mind.
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
        let least = judge.values.committeeFrom
        if branch.full >= least {
            return [
                Finding(
                    rule, zh: "正式党员 \(branch.full) 人的支部应设支部委员会（BR-03），当日没有登记；已选举产生的请补登记（membership.committee.elect）",
                    en:
                        "A branch of \(branch.full) full members has a committee (BR-03), and none is recorded for that day; record its election (membership.committee.elect)",
                    who: .branch, isWarning: true)
            ]
        }
        guard decider != "meeting" else { return [] }
        return [
            Finding(
                rule,
                zh:
                    "当日该支部没有登记支部委员会（正式党员 \(branch.full) 人），须由支部大会决定（decidedBy 填 meeting）；设有委员会的请先登记选举（membership.committee.elect）",
                en:
                    "No committee of the branch (\(branch.full) full members) is recorded for that day: its meeting decides (decidedBy: meeting); where it has a committee, record its election first (membership.committee.elect)",
                who: .branchMeeting)
        ]
    }
}
