internal import XinglinKit

/// DV-15, DV-20 (domain rules 1.3): E is what the register has of full members with a vote in the branch on the day, neither on probation
/// nor under 留党察看 with rights not restored. Who is legally counted out, or not in the register yet, is stated with number and reason.
/// Where `due` differs without one, that is said and recorded, and blocks nothing: the caller's `due` is E (contract), and a register may
/// lack who was taken over elsewhere.
enum MeetingShouldCountAllEntitled: StepRule {
    static let rules = ["DV-15", "DV-20"]

    static func concerns(_ step: Int) -> Bool { DevelopmentStep.votes.contains(step) }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let facts = proposal.facts, let due = facts.number("due"), let registered = proposal.around.entitled
        else {
            return []
        }
        let out = facts.json["countedOut"]?["number"]?.integerValue ?? 0
        let more = facts.json["unregistered"]?["number"]?.integerValue ?? 0
        guard due != Int64(registered) - out + more || out > Int64(registered) + more else { return [] }
        return [
            Finding(
                "DV-15",
                zh:
                    "应到会 \(due) 人与登记不符（规则1.3）：当日本支部登记的有表决权的正式党员为 \(registered) 人（预备党员、留党察看未恢复权利者不计）。依规不计入的填写 countedOut（人数、理由），尚未登记在册的填写 unregistered（人数、理由）或先补登记",
                en:
                    "\(due) due does not fit the register (1.3): on that day the branch has \(registered) full members with a vote. State who is counted out (countedOut: number, reason), or not in the register yet (unregistered: number, reason)",
                who: .branch, isWarning: true)
        ]
    }
}
