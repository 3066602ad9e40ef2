internal import XinglinKit

/// DV-09: the group, the mentors, members and the public are heard before somebody becomes a candidate.
enum OpinionsMustBeHeard: StepRule {
    static let rules = ["DV-09"]
    private static let labels = [("group", "党小组"), ("mentors", "培养联系人"), ("members", "党员"), ("public", "群众")]

    static func concerns(_ step: Int) -> Bool { step == 7 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let heard = proposal.facts?.texts("opinionsHeard") else { return [] }
        let missing = Self.labels.filter { code, _ in
            !heard.contains(code) && (code != "group" || proposal.around.branchHasGroups)
        }
        guard !missing.isEmpty else { return [] }
        return [
            Finding(
                "DV-09", zh: "尚未听取意见：" + missing.map(\.1).joined(separator: "、"),
                en: "Opinions not heard: " + missing.map(\.0).joined(separator: ", "), who: .branch)
        ]
    }
}
