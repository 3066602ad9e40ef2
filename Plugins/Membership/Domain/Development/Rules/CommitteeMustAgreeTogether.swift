internal import XinglinKit

/// DV-13: the branch's committee examines collectively and agrees; the higher one normally pre-examines within a month.
enum CommitteeMustAgreeTogether: StepRule {
    static let rules = ["DV-13"]

    static func concerns(_ step: Int) -> Bool { step == 12 || step == 13 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        if proposal.step == 12 {
            guard let facts = proposal.facts, facts.flag("agreed") != true || facts.flag("collective") != true else {
                return []
            }
            return [
                Finding(
                    "DV-13", zh: "须由支部委员会集体讨论同意（agreed、collective）",
                    en: "The branch's committee examines collectively and agrees (agreed, collective)",
                    who: .branchCommittee)
            ]
        }
        let months = judge.values.preexaminationMonths
        guard let asked = progress.day(of: 12), proposal.on > asked.adding(months: months) else { return [] }
        return [
            Finding(
                "DV-13", zh: "预审一般在 \(months) 个月内完成，应不晚于 \(asked.adding(months: months))",
                en: "Pre-examination normally takes \(months) months, until \(asked.adding(months: months))",
                who: .higherCommittee, isWarning: true)
        ]
    }
}
