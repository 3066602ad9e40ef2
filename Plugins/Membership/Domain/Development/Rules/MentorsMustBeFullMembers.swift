internal import XinglinKit

/// DV-06: one or two mentors, who are full members on the day.
enum MentorsMustBeFullMembers: StepRule {
    static let rules = ["DV-06"]

    static func concerns(_ step: Int) -> Bool { step == 5 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let mentors = proposal.facts?.ids("mentors") else { return [] }
        let range = judge.values.mentors
        guard range.contains(mentors.count), Set(mentors).count == mentors.count else {
            return [
                Finding(
                    "DV-06", zh: "培养联系人须为 \(range.lowerBound) 至 \(range.upperBound) 名不同的正式党员",
                    en: "\(range.lowerBound) to \(range.upperBound) different full members as mentors", who: .branch)
            ]
        }
        return mentors.filter { proposal.around.standings[$0] != .full }.map { mentor in
            Finding(
                "DV-06", zh: "培养联系人 \(mentor) 当日不是正式党员", en: "Mentor \(mentor) was no full member on that day",
                who: .branch)
        }
    }
}
