internal import XinglinKit

/// DV-26: a publicity notice of some working days is over before a candidate is filed and an admission pre-examined. Public holidays are
/// not known here: they lengthen nothing. Of a conversion it is only called to mind.
enum NoticeMustBePublished: StepRule {
    static let rules = ["DV-26"]

    static func concerns(_ step: Int) -> Bool { [8, 13, DevelopmentStep.conversion].contains(step) }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        let days = judge.values.publicityDays
        guard days > 0, let facts = proposal.facts, facts.text("result") != "returned" else { return [] }
        guard let notice = facts.publicity else {
            return [
                Finding(
                    "DV-26", zh: "须公示不少于 \(days) 个工作日（publicity）",
                    en: "A publicity notice of at least \(days) working days (publicity)",
                    who: .higherCommittee, isWarning: proposal.step == DevelopmentStep.conversion)
            ]
        }
        let earliest = Self.lastDay(from: notice.from, days: days)
        var found: [Finding] = []
        if notice.to < earliest {
            found.append(
                Finding(
                    "DV-26", zh: "公示自 \(notice.from) 起不少于 \(days) 个工作日，至少到 \(earliest)",
                    en: "A notice from \(notice.from) of \(days) working days lasts until \(earliest) at least",
                    who: .higherCommittee,
                    earliestOn: earliest))
        }
        if proposal.on < notice.to {
            found.append(
                Finding(
                    "DV-26", zh: "公示至 \(notice.to) 结束，此后才能办理",
                    en: "The notice ends on \(notice.to); the step comes then",
                    who: .time, earliestOn: max(notice.to, earliest)))
        }
        return found
    }

    /// The last day of a notice of so many working days; the first one counts where it is one.
    static func lastDay(from day: LocalDate, days: Int) -> LocalDate { day.adding(days: -1).adding(workingDays: days) }
}
