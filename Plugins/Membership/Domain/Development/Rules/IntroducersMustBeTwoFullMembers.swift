internal import XinglinKit

/// DV-10: exactly two introducers, full members, none of them under 留党察看 with rights not restored.
enum IntroducersMustBeTwoFullMembers: StepRule {
    static let rules = ["DV-10"]

    static func concerns(_ step: Int) -> Bool { step == 9 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let introducers = proposal.facts?.ids("introducers") else { return [] }
        let count = judge.values.introducers
        guard introducers.count == count, Set(introducers).count == count else {
            return [
                Finding(
                    "DV-10", zh: "入党介绍人须为 \(count) 名不同的正式党员",
                    en: "Exactly \(count) different full members as introducers",
                    who: .branch)
            ]
        }
        return introducers.filter { !Introducers.mayIntroduce(proposal.around.standings[$0]) }.map { member in
            Finding(
                "DV-10", zh: "介绍人 \(member) 当日不是有表决权的正式党员",
                en: "Introducer \(member) was no full member in good standing on that day",
                who: .branch)
        }
    }
}

/// Who may introduce.
enum Introducers {
    /// Whether a member who stood so may introduce. Discipline is to be asked here: whoever is under 留党察看 with rights not restored may
    /// not; `Circumstances.standings` leaves such a member out then.
    static func mayIntroduce(_ status: MemberStatus?) -> Bool { status == .full }
}
