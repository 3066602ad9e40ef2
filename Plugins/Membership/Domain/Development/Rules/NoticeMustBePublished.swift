internal import XinglinKit

/// DV-26: a publicity notice of some working days (Monday to Friday; public holidays are not known here) is over before the day of the
/// step. It is the step's own: of a candidate and of an admission it begins once the step before was taken, of a conversion on probation;
/// and it is not so old that nobody remembers it. That a conversion has none is only called to mind.
enum NoticeMustBePublished: StepRule {
    static let rules = ["DV-26"]
    /// The steps with a notice, each with the step from whose day on it is published.
    private static let origins = [8: 7, 13: 12, DevelopmentStep.conversion: DevelopmentStep.admission]

    static func concerns(_ step: Int) -> Bool { Self.origins[step] != nil }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        let days = judge.values.publicityDays
        guard days > 0, proposal.facts?.text("result") != "returned" else { return [] }
        guard let facts = proposal.facts else { return Self.asked(proposal, progress, judge.values) }
        guard let notice = facts.publicity else {
            return [
                Finding(
                    "DV-26", zh: "须公示不少于 \(days) 个工作日（publicity）",
                    en: "A publicity notice of at least \(days) working days (publicity)",
                    who: .higherCommittee, isWarning: proposal.step == DevelopmentStep.conversion)
            ]
        }
        return Self.ofDays(notice, proposal.on, days)
            + Self.ofPlace(notice, proposal, progress, judge) + Self.ofAge(notice, proposal.on, judge.values)
    }

    /// Without facts: whether a notice can be over at all.
    private static func asked(_ proposal: Proposal, _ progress: Progress, _ values: DevelopmentValues) -> [Finding] {
        guard proposal.step != DevelopmentStep.conversion,
            let first = Self.origins[proposal.step].flatMap({ progress.day(of: $0) })
                .map({ Self.firstDay(after: $0, values) }), proposal.on < first
        else { return [] }
        return [
            Finding(
                "DV-26", zh: "公示不少于 \(values.publicityDays) 个工作日，结束后才能办理，最早 \(first)",
                en: "The notice of \(values.publicityDays) working days has to be over: from \(first) on", who: .time,
                earliestOn: first)
        ]
    }

    private static func ofDays(_ notice: (from: LocalDate, to: LocalDate), _ day: LocalDate, _ days: Int) -> [Finding] {
        let least = Self.lastDay(from: notice.from, days: days)
        var found: [Finding] = []
        if notice.to < least {
            found.append(
                Finding(
                    "DV-26", zh: "公示自 \(notice.from) 起不少于 \(days) 个工作日，至少到 \(least)",
                    en: "A notice from \(notice.from) of \(days) working days lasts until \(least) at least",
                    who: .higherCommittee, earliestOn: least.adding(days: 1)))
        }
        if day <= notice.to {
            found.append(
                Finding(
                    "DV-26", zh: "公示至 \(notice.to) 结束，次日起才能办理",
                    en: "The notice ends on \(notice.to); the step comes after that day",
                    who: .time, earliestOn: max(notice.to, least).adding(days: 1)))
        }
        return found
    }

    private static func ofPlace(
        _ notice: (from: LocalDate, to: LocalDate), _ proposal: Proposal, _ progress: Progress, _ judge: StepJudge
    ) -> [Finding] {
        guard let origin = Self.origins[proposal.step], let start = progress.day(of: origin), notice.from < start else {
            return []
        }
        return [
            Finding(
                "DV-26", zh: "须是本步骤的公示：自第\(origin)步（\(start)）起公示，此前的公示不能代替",
                en: "The notice has to be this step's own: published from step \(origin) (\(start)) on, not before it",
                who: .higherCommittee, earliestOn: Self.firstDay(after: start, judge.values))
        ]
    }

    private static func ofAge(
        _ notice: (from: LocalDate, to: LocalDate), _ day: LocalDate, _ values: DevelopmentValues
    ) -> [Finding] {
        let last = notice.to.adding(months: values.noticeMonths)
        guard day > last else { return [] }
        return [
            Finding(
                "DV-26", zh: "公示已于 \(notice.to) 结束，超过 \(values.noticeMonths) 个月（至 \(last)），须重新公示",
                en: "The notice ended on \(notice.to), more than \(values.noticeMonths) months ago: publish it again",
                who: .higherCommittee)
        ]
    }

    /// The last day of a notice of so many working days; the first one counts where it is one.
    static func lastDay(from day: LocalDate, days: Int) -> LocalDate { day.adding(days: -1).adding(workingDays: days) }

    /// The first day of a step whose notice begins on a day at the earliest.
    private static func firstDay(after day: LocalDate, _ values: DevelopmentValues) -> LocalDate {
        Self.lastDay(from: day, days: values.publicityDays).adding(days: 1)
    }

    /// The first day that the notice of a candidate or an admission leaves open; nil where nothing is known of the step before.
    static func bound(of step: Int, _ progress: Progress, _ values: DevelopmentValues) -> LocalDate? {
        guard values.publicityDays > 0, step != DevelopmentStep.conversion else { return nil }
        return Self.origins[step].flatMap { StepOrder.earliest($0, progress, values) }
            .map { Self.firstDay(after: $0, values) }
    }
}
