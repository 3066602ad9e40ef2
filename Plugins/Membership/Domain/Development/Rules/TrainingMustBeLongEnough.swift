internal import XinglinKit

/// DV-12: three days or twenty-four hours of training, passed; only a documented exception does without.
enum TrainingMustBeLongEnough: StepRule {
    static let rules = ["DV-12"]

    static func concerns(_ step: Int) -> Bool { step == 11 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let facts = proposal.facts, facts.reason("exception") == nil else { return [] }
        let (days, hours) = (judge.values.trainingDays, judge.values.trainingHours)
        var found: [Finding] = []
        if (facts.number("days") ?? 0) < days && (facts.number("hours") ?? 0) < hours {
            found.append(
                Finding(
                    "DV-12", zh: "短期集中培训须不少于 \(days) 天或 \(hours) 学时；个别特殊情况填写 exception",
                    en: "At least \(days) days or \(hours) study hours of training; exception documents a special case",
                    who: .higherCommittee))
        }
        if facts.flag("passed") != true {
            found.append(Finding("DV-12", zh: "培训须结业合格", en: "The training is to be passed", who: .applicant))
        }
        return found
    }
}
