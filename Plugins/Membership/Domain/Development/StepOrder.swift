internal import XinglinKit

/// What each step needs to have been taken before it, and from which day on it may be.
enum StepOrder {
    /// The steps that one follows directly. 9 to 11 come in any order, and so do 18 to 21; the vote needs a review that holds.
    static func before(_ step: Int) -> [Int] {
        switch step {
        case 1: []
        case 9, 10, 11: [8]
        case 12: [9, 10, 11]
        case 15: [14, 10]
        case 18, 19, 20, 21, 22: [DevelopmentStep.admission]
        case DevelopmentStep.conversionVote: [18, 19, 20, 21, 22]
        default: [step - 1]
        }
    }

    /// Those that a process which was taken over may lack although later ones are there.
    static let free: Set<Int> = [18, 19, 20, 21]

    /// The rule that asks for a step.
    static func rule(of step: Int) -> String {
        switch step {
        case 1: "DV-01"
        case 2: "DV-02"
        case 3, 4: "DV-03"
        case 5: "DV-06"
        case 6: "DV-07"
        case 7, 8: "DV-09"
        case 9: "DV-10"
        case 10: "DV-11"
        case 11: "DV-12"
        case 12, 13, 14: "DV-13"
        case 15: "DV-15"
        case 16: "DV-16"
        case 17, 18: "DV-17"
        case 19, 21: "DV-19"
        case 20: "DV-24"
        case 22, 23: "DV-21"
        case 24: "DV-23"
        default: "DV-25"
        }
    }

    /// Who takes a step.
    static func supplier(of step: Int) -> Supplier {
        switch step {
        case 1, 14, 22: .applicant
        case 4, 8, 11, 13, 16, 17, 18, 24, 25: .higherCommittee
        case 3, 7, 12: .branchCommittee
        case 15, 23: .branchMeeting
        default: .branch
        }
    }

    /// The first day that the rules allow for a step, by what was recorded: for what was not, the first day that it could have been.
    /// Nil where nothing is known of it.
    static func earliest(_ step: Int, _ progress: Progress, _ values: DevelopmentValues) -> LocalDate? {
        if let day = progress.day(of: step) { return day }
        let days = Self.before(step).map { Self.earliest($0, progress, values) }
        guard !days.contains(nil) else { return nil }
        let own = [Self.bound(of: step, progress, values), progress.again[step], progress.receivedOn]
        return (days + own).compactMap { $0 }.max()
    }

    /// What a rule of the calendar says of a step itself.
    static func bound(of step: Int, _ progress: Progress, _ values: DevelopmentValues) -> LocalDate? {
        switch step {
        case 3: progress.day(of: 1).map { $0.adding(months: values.activistMonths) }
        case 7:
            Self.earliest(values.countsFromFiling ? 4 : 3, progress, values).map {
                $0.adding(years: values.cultivationYears)
            }
        case 8, 13: NoticeMustBePublished.bound(of: step, progress, values)
        case 22: Self.probationEnd(progress, values).map { $0.adding(days: -values.applicationDays) }
        case DevelopmentStep.conversionVote: Self.probationEnd(progress, values)
        default: nil
        }
    }

    /// The day on which probation ends, or could end at the earliest.
    static func probationEnd(_ progress: Progress, _ values: DevelopmentValues) -> LocalDate? {
        Self.earliest(DevelopmentStep.admissionVote, progress, values).map {
            values.probationEnd(from: $0, extendedBy: progress.extendedMonths)
        }
    }
}
