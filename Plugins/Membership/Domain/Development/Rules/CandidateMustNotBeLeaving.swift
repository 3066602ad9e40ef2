internal import XinglinKit

/// DV-14: who will leave the unit within the next three months is normally not taken in.
enum CandidateMustNotBeLeaving: StepRule {
    static let rules = ["DV-14"]

    static func concerns(_ step: Int) -> Bool { step == 14 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let facts = proposal.facts else { return [] }
        let last = proposal.on.adding(months: judge.values.leavingMonths)
        let leaves = facts.flag("leavesWithin3Months") == true || facts.date("leavingOn").map { $0 <= last } ?? false
        guard leaves else { return [] }
        return [
            Finding(
                "DV-14", zh: "\(judge.values.leavingMonths) 个月内（至 \(last)）将离开本单位的，一般不办理接收；确需办理的填写 overrideReason",
                en: "Who leaves the unit by \(last) is normally not taken in; overrideReason says why all the same",
                who: .branchCommittee, isWarning: facts.reason("overrideReason") != nil)
        ]
    }
}
