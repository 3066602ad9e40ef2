internal import XinglinKit

/// A term of a committee or a secretary as of a day (BR-04).
struct Term: Sendable {
    let id: RecordID
    let election: RecordID
    let electedOn: LocalDate
    let seats: Int
    let elected: Int
    let endsOn: LocalDate
    /// Until when its end was put off with approval; nil where it was not.
    let putOffUntil: LocalDate?

    /// The last day on which the next election is in time.
    var dueOn: LocalDate { max(self.endsOn, self.putOffUntil ?? self.endsOn) }

    /// From when on the higher organisation calls the election to mind.
    func remindFrom(_ rules: OfficeRules) -> LocalDate { self.dueOn.adding(months: -rules.remindMonths) }

    /// Where it stands on a day.
    func state(on day: LocalDate, _ rules: OfficeRules) -> TermState {
        if day > self.dueOn { return .expired }
        return day >= self.remindFrom(rules) ? .electionDue : .inOffice
    }

    /// What an election on a day would be. Within the months of the reminder it is in time: it has to be prepared then. Before them it
    /// is early, and needs the leave of the higher organisation.
    func timing(on day: LocalDate, _ rules: OfficeRules) -> ElectionTiming {
        if day > self.dueOn { return .late }
        if day > self.endsOn { return .putOff }
        return day < self.endsOn.adding(months: -rules.remindMonths) ? .early : .onTime
    }
}

/// Whether there is a term, and whether its end is near.
enum TermState: String, CaseIterable, Codable, Sendable {
    case none
    case inOffice
    /// Within the months of the reminder.
    case electionDue
    case expired

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .none: "未选举"
        case .inOffice: "任期内"
        case .electionDue: "临近届满"
        case .expired: "任期已满"
        }
    }
}
