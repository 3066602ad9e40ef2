internal import XinglinKit

/// DV-07: a candidate has been cultivated for a year at least, and was appraised every half-year.
enum CultivationMustLastAYear: StepRule {
    static let rules = ["DV-07"]

    static func concerns(_ step: Int) -> Bool { step == 7 }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        let values = judge.values
        guard let start = progress.day(of: values.countsFromFiling ? 4 : 3) else { return [] }
        var found: [Finding] = []
        let earliest = start.adding(years: values.cultivationYears)
        if proposal.on < earliest {
            found.append(
                Finding(
                    "DV-07", zh: "培养教育考察自 \(start) 起须满 \(values.cultivationYears) 年，最早 \(earliest)",
                    en: "\(values.cultivationYears) years of cultivation since \(start), from \(earliest) on",
                    who: .time,
                    earliestOn: earliest))
        }
        let due = Self.appraisalsDue(from: start, to: proposal.on, every: values.appraisalMonths)
        let done = progress.appraisals.count { $0 >= start && $0 <= proposal.on }
        if done < due {
            found.append(
                Finding(
                    "DV-07", zh: "培养期内支部每 \(values.appraisalMonths) 个月考察一次，应有 \(due) 次，已登记 \(done) 次",
                    en:
                        "The branch appraises every \(values.appraisalMonths) months: \(due) were due, \(done) are recorded",
                    who: .branch, isWarning: true))
        }
        return found
    }

    /// How many whole intervals have passed.
    static func appraisalsDue(from start: LocalDate, to day: LocalDate, every months: Int) -> Int {
        var count = 0
        while start.adding(months: (count + 1) * months) <= day { count += 1 }
        return count
    }
}
