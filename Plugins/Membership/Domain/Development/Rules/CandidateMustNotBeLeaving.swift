internal import XinglinKit

/// DV-14: who will leave the unit within the next three months is normally not taken in. Whether somebody will has to be stated.
enum CandidateMustNotBeLeaving: StepRule {
    static let rules = ["DV-14"]

    static func concerns(_ step: Int) -> Bool { step == 14 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let facts = proposal.facts else { return [] }
        let months = judge.values.leavingMonths
        let last = proposal.on.adding(months: months)
        guard facts.flag("leavesWithin3Months") != nil || facts.date("leavingOn") != nil else {
            return [
                Finding(
                    "DV-14", zh: "须说明 \(months) 个月内（至 \(last)）是否将离开本单位：填写 leavesWithin3Months 或 leavingOn",
                    en: "State whether the person leaves the unit by \(last): leavesWithin3Months or leavingOn",
                    who: .branch)
            ]
        }
        let leaves = facts.flag("leavesWithin3Months") == true || facts.date("leavingOn").map { $0 <= last } ?? false
        guard leaves else { return [] }
        return [
            Finding(
                "DV-14", zh: "\(months) 个月内（至 \(last)）将离开本单位的，一般不办理接收；确需办理的填写 overrideReason",
                en: "Who leaves the unit by \(last) is normally not taken in; overrideReason says why all the same",
                who: .branchCommittee, isWarning: facts.reason("overrideReason") != nil)
        ]
    }
}
