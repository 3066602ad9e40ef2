internal import XinglinKit

/// The dates of a letter and of a receipt, by domain rules 2.1 and 1.4.
enum TransferDates {
    /// The last day of a letter: the day of issue does not count.
    static func lastDay(of issued: LocalDate, validDays: Int) -> LocalDate { issued.adding(days: validDays) }

    /// From which day nobody having received the person calls for a reminder and a talk.
    static func talkDue(_ firstLetter: LocalDate, months: Int) -> LocalDate { firstLetter.adding(months: months) }

    /// From which day a member who is away must transfer.
    static func transferDue(_ from: LocalDate, months: Int) -> LocalDate { from.adding(months: months) }

    /// Whether who is away from one day to another must transfer.
    static func mustTransfer(from: LocalDate, until: LocalDate, months: Int) -> Bool {
        until >= Self.transferDue(from, months: months)
    }
}

/// How near a deadline is (domain rules 1.4).
enum DueStage: String, CaseIterable, Codable, Sendable {
    /// T−30.
    case first
    /// T−7.
    case second
    case overdue

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// nil where it is too early to say anything.
    /// - Parameter isMissedOnTheDay: whether the deadline is a day from which something must be done, not the last day for it.
    init?(
        _ due: LocalDate, on day: LocalDate, first: Int, second: Int, isMissedOnTheDay: Bool = false
    ) {
        let left = due.daysSince1970 - day.daysSince1970
        if left < 0 || (isMissedOnTheDay && left == 0) {
            self = .overdue
        } else if left <= second {
            self = .second
        } else if left <= first {
            self = .first
        } else {
            return nil
        }
    }
}
