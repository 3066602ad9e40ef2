internal import XinglinKit

/// What the register of members says by a development: who was taken over stands in it from the founding of the branch at the earliest.
struct RegisterEntry: Equatable {
    struct First: Equatable {
        let on: LocalDate
        let status: MemberStatus
        let fullSince: LocalDate?
    }

    let joinedOn: LocalDate
    let first: First
    /// The day of a conversion that is a fact of its own.
    let convertedOn: LocalDate?

    /// Nil where nobody was admitted.
    init?(_ progress: Progress, _ values: DevelopmentValues, founded: LocalDate?) {
        guard let approval = progress.taken[DevelopmentStep.admission],
            let meeting = progress.day(of: DevelopmentStep.admissionVote)
        else { return nil }
        let conversion = progress.taken[DevelopmentStep.conversion]
        let end = conversion == nil ? nil : progress.probation(values)?.to
        self.joinedOn = meeting
        guard approval.isImported else {
            self.first = First(on: meeting, status: .probationary, fullSince: nil)
            self.convertedOn = end
            return
        }
        let since = max(meeting, founded ?? meeting)
        let isFull = conversion?.isImported == true && (end.map { $0 <= since } ?? false)
        self.first = First(on: since, status: isFull ? .full : .probationary, fullSince: isFull ? end : nil)
        self.convertedOn = isFull ? nil : end
    }
}
