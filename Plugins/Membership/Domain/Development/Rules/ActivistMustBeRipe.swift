internal import XinglinKit

/// DV-05: an activist has applied some months ago where the county asks for that. DV-04: who is young normally comes from the League.
enum ActivistMustBeRipe: StepRule {
    static let rules = ["DV-03", "DV-04", "DV-05"]

    static func concerns(_ step: Int) -> Bool { step == 3 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        var found: [Finding] = []
        if let earliest = StepOrder.bound(of: 3, progress, judge.values), proposal.on < earliest {
            found.append(
                Finding(
                    "DV-05", zh: "递交申请满 \(judge.values.activistMonths) 个月后确定，最早 \(earliest)",
                    en: "\(judge.values.activistMonths) months after the application, from \(earliest) on", who: .time,
                    earliestOn: earliest))
        }
        if let facts = proposal.facts, facts.flag("isLeagueMember") != true, let born = proposal.around.birthDate,
            born.years(on: proposal.on) < judge.values.leagueAgeBelow
        {
            found.append(
                Finding(
                    "DV-04", zh: "不满 \(judge.values.leagueAgeBelow) 周岁的，一般从共青团员中推荐",
                    en: "Below \(judge.values.leagueAgeBelow) years activists normally come from the League",
                    who: .branch,
                    isWarning: true))
        }
        return found
    }
}
