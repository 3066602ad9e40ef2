internal import XinglinKit

/// DV-19, DV-21: probation is a year from the branch meeting, with what it was extended by; who is on probation applies in writing shortly
/// before it ends, and the branch votes once it has ended.
enum ConversionMustAwaitProbation: StepRule {
    static let rules = ["DV-19", "DV-21", "DV-22"]

    static func concerns(_ step: Int) -> Bool { step == 22 || step == DevelopmentStep.conversionVote }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        var found: [Finding] = []
        if let end = progress.probation(judge.values)?.to {
            let isVote = proposal.step == DevelopmentStep.conversionVote
            let earliest = isVote ? end : end.adding(days: -judge.values.applicationDays)
            if proposal.on < earliest {
                let isExtended = !progress.extensions.isEmpty
                found.append(
                    Finding(
                        isVote ? (isExtended ? "DV-22" : "DV-19") : "DV-21",
                        zh: "预备期\(isExtended ? "（已延长）" : "")至 \(end) 期满，最早 \(earliest)",
                        en: "Probation\(isExtended ? ", extended," : "") ends on \(end); from \(earliest) on",
                        who: .time,
                        earliestOn: earliest))
            }
        }
        if proposal.step == 22, let facts = proposal.facts, facts.flag("written") != true {
            found.append(Finding("DV-21", zh: "须本人提出书面转正申请", en: "The person applies in writing", who: .applicant))
        }
        return found
    }
}
